import { freshMemory, type LaunchMemory, withFailing } from './launch-memory';
import type { DispatcherDeps, WorkerState } from './ports';
import type { TaskWorkers } from './settings';

export interface SeenWorkers {
  /** ARNs of the tasks. */
  readonly running: ReadonlySet<string>;
  /** Without those that have stopped. */
  readonly memory: LaunchMemory;
  /** How many were started and came to nothing. */
  readonly neverRan: number;
  /** How many were started lately, ran, and have ended. */
  readonly ended: number;
  /** One that was started lately may still show that workers can run. */
  readonly isProbing: boolean;
}

type Deps = Pick<DispatcherDeps, 'ports' | 'log' | 'now'>;

type States = ReadonlyMap<string, WorkerState>;

const neverRanOf = (state: WorkerState | undefined) => (state?.kind === 'stopped' ? state.neverRan : undefined);

/** It runs, or it did. */
function hasRun(state: WorkerState): boolean {
  return state.kind === 'live' ? state.hasRun : state.kind === 'stopped' && state.neverRan === undefined;
}

/** Asks for what ECS does not list; for all that were started where it has to be known whether any of them run. */
async function statesOf(
  memory: LaunchMemory,
  listed: ReadonlySet<string>,
  cluster: string,
  { ports }: Deps,
): Promise<States> {
  const started = memory.started.map(({ taskArn }) => taskArn);
  const ask = async (taskArns: readonly string[]): Promise<States> =>
    taskArns.length === 0 ? new Map() : ports.describeTasks(cluster, taskArns);
  const unlisted = await ask(started.filter((taskArn) => !listed.has(taskArn)));
  const isInDoubt =
    memory.failingAt !== undefined || [...unlisted.values()].some((state) => neverRanOf(state) !== undefined);
  const others = isInDoubt ? await ask(started.filter((taskArn) => listed.has(taskArn))) : new Map();
  return new Map([...unlisted, ...others]);
}

/** The workers that there are: those that ECS lists, and those just started that it does not list yet. */
export async function seeWorkers(known: LaunchMemory, workers: TaskWorkers, deps: Deps): Promise<SeenWorkers> {
  const { ports, log } = deps;
  const now = deps.now().getTime();
  const memory = freshMemory(known, now);
  const listed = new Set(await ports.listTasks(workers.cluster, workers.family));
  const states = await statesOf(memory, listed, workers.cluster, deps);
  const started = memory.started.filter(({ taskArn }) => states.get(taskArn)?.kind !== 'stopped');
  const failed = [...states].flatMap(([taskArn, state]) => {
    const reason = neverRanOf(state);
    return reason === undefined ? [] : [{ taskArn, reason }];
  });
  for (const one of failed) {
    log.error('worker-never-ran', one);
  }
  const failingAt = failed.length > 0 ? now : memory.failingAt;
  return {
    running: new Set([...listed, ...started.map(({ taskArn }) => taskArn)]),
    memory: withFailing({ ...memory, started }, [...states.values()].some(hasRun) ? undefined : failingAt),
    neverRan: failed.length,
    ended: memory.started.length - started.length - failed.length,
    isProbing: started.length > 0,
  };
}
