import { fullJitter } from '../starter/backoff';
import { busyWorkers, nextBlocked, worthStarting } from './blocked-groups';
import { nextHandedOver, stillHandedOver } from './handed-over';
import type { Look } from './hold-lock';
import { callRunTask, type LaunchProgress } from './launch-call';
import { type Launch, type LaunchMemory, withBlocked, withHandedOver, withLaunch } from './launch-memory';
import type { DispatcherDeps, QueueDepth } from './ports';
import { TASKS_PER_CALL } from './run-task';
import { type SeenWorkers, seeWorkers } from './see-workers';
import type { TaskWorkers } from './settings';
import { wantedWorkers } from './wanted-workers';
import type { WorkersReport } from './workers-report';

/** The first wait is one that a throttled ECS has refilled its bucket in; the longest leaves time for more tries. */
const BACKOFF = { firstMilliseconds: 500, mostMilliseconds: 4_000 } as const;

/** Without so much time no call is begun. */
const CALL_MILLISECONDS = 5_000;

const NO_TIME = 'the time of this invocation is over';
const NOT_MINE = 'another dispatcher has taken over';
const NEVER_RAN = 'those that were started never ran, so one at a time is tried';

/** Waits for the next call's turn. False where there is no time for it. */
async function waitForCall({ failures }: LaunchProgress, deps: DispatcherDeps): Promise<boolean> {
  const wait = failures === 0 ? 0 : fullJitter(failures, deps.random(), BACKOFF);
  if (deps.remainingMilliseconds() < wait + CALL_MILLISECONDS) {
    return false;
  }
  if (wait > 0) {
    await deps.sleep(wait);
  }
  return true;
}

/** Calls until there are as many workers as are wanted, or there is no use in it. */
async function launchUntil(
  wanted: number,
  seen: SeenWorkers,
  { note }: Look,
  workers: TaskWorkers,
  deps: DispatcherDeps,
): Promise<LaunchProgress> {
  const { now, newId } = deps;
  const { memory, running } = seen;
  // Made by one who did not live to note the answer: its tasks may have come and gone.
  const found = memory.launch?.token;
  let progress: LaunchProgress = { memory, running, variant: 0, repeats: 0, failures: 0, end: undefined };
  while (progress.running.size < wanted && progress.end === undefined) {
    if (!(await waitForCall(progress, deps))) {
      return { ...progress, end: NO_TIME };
    }
    const launch: Launch = progress.memory.launch ?? {
      token: newId(),
      count: Math.min(TASKS_PER_CALL, wanted - progress.running.size),
      variant: progress.variant,
      at: now().getTime(),
    };
    const noted = withLaunch(progress.memory, launch);
    if (!(await note(noted))) {
      return { ...progress, end: NOT_MINE };
    }
    progress = await callRunTask(launch, { ...progress, memory: noted }, workers, deps);
    if (launch.token === found && progress.memory.launch === undefined) {
      const again = await seeWorkers(progress.memory, workers, deps);
      progress = { ...progress, memory: again.memory, running: again.running };
    }
  }
  return progress;
}

/**
 * Where workers are started and none of them ever runs, as the image cannot be pulled or the command is not there, one at
 * a time shows whether that has been mended. All of them would cost as much as if they worked.
 */
function affordable(wanted: number, { memory, running, isProbing }: SeenWorkers): number {
  return memory.failingAt === undefined ? wanted : Math.min(wanted, running.size + (isProbing ? 0 : 1));
}

interface Plan {
  readonly seen: SeenWorkers;
  readonly wanted: number;
}

/**
 * How many workers there should be: of a FIFO queue for those messages that somebody can take, as far as looks have shown;
 * of another besides those that are busy with what is not in flight any more.
 */
function planWorkers(seen: SeenWorkers, depth: QueueDepth, sent: number, deps: DispatcherDeps): Plan {
  const { isFifo, limits } = deps.settings;
  const { waiting, inFlight, delayed } = depth;
  const { memory } = seen;
  const now = deps.now().getTime();
  const running = seen.running.size;
  if (!isFifo) {
    const handedOver = nextHandedOver(memory.handedOver, delayed, now);
    return {
      seen: { ...seen, memory: withHandedOver(memory, handedOver) },
      wanted: wantedWorkers({ waiting, inFlight: inFlight + (handedOver?.copies ?? 0), running }, limits),
    };
  }
  const busy = busyWorkers(inFlight, running, limits.concurrency);
  const view = { waiting, running, busy, starting: memory.started.length, ended: seen.ended };
  const blocked = nextBlocked(memory.blocked, view, now);
  return {
    seen: { ...seen, memory: withBlocked(memory, blocked) },
    wanted: worthStarting(wantedWorkers({ waiting, inFlight, running }, limits), blocked, busy, sent, limits),
  };
}

/**
 * Starts as many workers as are missing, at most 10 with one call. Each call is noted before it is made and has a client
 * token of its own, so that a dispatcher that dies leaves no task uncounted: the next one repeats what it finds noted.
 */
export async function launchWorkers(
  look: Look,
  sent: number,
  workers: TaskWorkers,
  deps: DispatcherDeps,
): Promise<{ readonly memory: LaunchMemory; readonly report: WorkersReport }> {
  const depth = await deps.ports.queueDepth();
  const found = await seeWorkers(look.memory, workers, deps);
  // What was just sent may not be counted yet.
  const waiting = Math.max(depth.waiting, sent, look.isAsked ? 1 : 0);
  const { inFlight } = depth;
  const { seen, wanted } = planWorkers(found, { ...depth, waiting }, sent, deps);
  const tried = affordable(wanted, seen);
  const {
    memory,
    running,
    end = tried < wanted ? NEVER_RAN : undefined,
  } = await launchUntil(tried, seen, look, workers, deps);
  const started = [...running].filter((taskArn) => !seen.running.has(taskArn)).length;
  // Whoever has taken over sees to the rest.
  const missing = end === NOT_MINE ? 0 : Math.max(0, wanted - running.size);
  if (missing > 0) {
    deps.log.error('workers-missing', { wanted, running: running.size, reason: end });
  }
  const now = deps.now().getTime();
  return {
    memory: missing > 0 ? withHandedOver(memory, stillHandedOver(memory.handedOver, now)) : memory,
    report: {
      waiting,
      inFlight,
      wanted,
      running: running.size,
      started,
      missing: missing + seen.neverRan,
      ...(missing === 0 || end === undefined ? {} : { reason: end }),
    },
  };
}
