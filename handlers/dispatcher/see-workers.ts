import { freshMemory, type LaunchMemory } from './launch-memory';
import type { DispatcherDeps } from './ports';
import type { TaskWorkers } from './settings';

export interface SeenWorkers {
  /** ARNs of the tasks. */
  readonly running: ReadonlySet<string>;
  /** Without those that have stopped. */
  readonly memory: LaunchMemory;
  /** How many were started and came to nothing. */
  readonly neverRan: number;
}

/** The workers that there are: those that ECS lists, and those just started that it does not list yet. */
export async function seeWorkers(
  known: LaunchMemory,
  { cluster, family }: TaskWorkers,
  { ports, log, now }: Pick<DispatcherDeps, 'ports' | 'log' | 'now'>,
): Promise<SeenWorkers> {
  const memory = freshMemory(known, now().getTime());
  const listed = new Set(await ports.listTasks(cluster, family));
  const unlisted = memory.started.map(({ taskArn }) => taskArn).filter((taskArn) => !listed.has(taskArn));
  const states = unlisted.length === 0 ? [] : [...(await ports.describeTasks(cluster, unlisted))];
  const stopped = new Set<string>();
  let neverRan = 0;
  for (const [taskArn, state] of states) {
    if (state.kind === 'stopped') {
      stopped.add(taskArn);
      if (state.neverRan !== undefined) {
        neverRan += 1;
        log.error('worker-never-ran', { taskArn, reason: state.neverRan });
      }
    }
  }
  return {
    running: new Set([...listed, ...unlisted.filter((taskArn) => !stopped.has(taskArn))]),
    memory: { ...memory, started: memory.started.filter(({ taskArn }) => !stopped.has(taskArn)) },
    neverRan,
  };
}
