import { Listr } from 'listr2';

/** What a step shows of itself while it works. */
export interface StepDisplay {
  /** The latest thing that happened, under the step's title. */
  readonly say: (line: string) => void;
  /** Replaces the title: what the step found out. */
  readonly title: (text: string) => void;
}

/**
 * One step with its progress: a spinner with the latest line on a terminal, plain lines elsewhere.
 *
 * @throws whatever `work` throws, after the step is shown as failed
 */
export async function step<Result>(title: string, work: (display: StepDisplay) => Promise<Result>): Promise<Result> {
  const results: Result[] = [];
  const list = new Listr(
    [
      {
        title,
        task: async (_, task) => {
          results.push(
            await work({
              say: (line) => {
                task.output = line;
              },
              title: (text) => {
                task.title = text;
              },
            }),
          );
        },
      },
    ],
    // The caller handles signals: it has an emulator to take down.
    { registerSignalListeners: false, fallbackRenderer: 'simple', rendererOptions: { showErrorMessage: false } },
  );
  await list.run();
  return results[0] as Result;
}
