import { remedyOf } from '../starter/task-outcome';
import { type Launch, type LaunchMemory, withAnswer } from './launch-memory';
import type { DispatcherDeps } from './ports';
import { workerPlaces, workerTasks } from './run-task';
import type { TaskWorkers } from './settings';

/** What the calls of one look have come to. */
export interface LaunchProgress {
  readonly memory: LaunchMemory;
  readonly running: ReadonlySet<string>;
  /** Of the next call: which place it tries. */
  readonly variant: number;
  /** How often the same call was made without an answer. */
  readonly repeats: number;
  /** In a row. */
  readonly failures: number;
  /** Why no more calls are made. */
  readonly end: string | undefined;
}

/** As often the same call is made for one answer; the next sweep has more. */
const CALLS_FOR_ONE_ANSWER = 5;

function elsewhere(before: LaunchProgress, variant: number, reason: string, workers: TaskWorkers): LaunchProgress {
  const end = variant >= workerPlaces(workers) ? reason : undefined;
  return { ...before, variant, repeats: 0, failures: before.failures + 1, end };
}

/** Makes one call of RunTask, and says how to go on. The call stays noted where there may be tasks of it. */
export async function callRunTask(
  launch: Launch,
  before: LaunchProgress,
  workers: TaskWorkers,
  { ports, log, now }: Pick<DispatcherDeps, 'ports' | 'log' | 'now'>,
): Promise<LaunchProgress> {
  const outcome = await ports.runTask(workerTasks(workers, launch));
  const taskArns = outcome.kind === 'accepted' ? outcome.taskArns : [];
  const answered = {
    ...before,
    memory: withAnswer(before.memory, taskArns, now().getTime()),
    running: new Set([...before.running, ...taskArns]),
  };
  if (outcome.kind === 'accepted') {
    const [reason] = outcome.failures;
    log.info('workers-started', { tasks: taskArns.length, asked: launch.count });
    // Not all had room there.
    return reason === undefined
      ? { ...answered, variant: launch.variant, repeats: 0, failures: 0 }
      : elsewhere(answered, launch.variant + 1, reason, workers);
  }
  const { kind, reason } = outcome;
  log.warn('workers-not-started', { kind, reason, tasks: launch.count, variant: launch.variant });
  switch (remedyOf(kind)) {
    case 'elsewhere':
      return elsewhere(answered, launch.variant + 1, reason, workers);
    case 'never':
      return { ...answered, end: reason };
    case 'again': {
      const repeats = before.repeats + 1;
      const end = repeats >= CALLS_FOR_ONE_ANSWER ? reason : undefined;
      return { ...before, repeats, failures: before.failures + 1, end };
    }
  }
}
