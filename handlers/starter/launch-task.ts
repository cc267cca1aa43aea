import type { RunRecord, RunStatus } from '../shared/run';
import { fullJitter } from './backoff';
import { stopCancelled } from './cancel';
import { currentTry, type Launch, type LaunchTry, parseLaunch, runTaskInput } from './launch';
import type { StarterDeps } from './ports';
import { remedyOf, type TaskFailure, type TaskOutcome } from './task-outcome';

/** What became of launching one attempt of a run. */
export type LaunchResult =
  | {
      readonly kind: 'started';
      readonly taskArns: readonly string[];
      readonly taskDefinition: string;
      readonly status: RunStatus;
      readonly failures: readonly string[];
    }
  /** There will be no task. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** There is no task yet: the time was too short for one. */
  | { readonly kind: 'later'; readonly reason: string }
  /** Somebody else went on with the row, or cancelled it. */
  | { readonly kind: 'moved' };

export interface LaunchOptions {
  /** How long the launch may take, from now. */
  readonly milliseconds: () => number;
  /** Waits for the pacer, and says why there is no turn. */
  readonly turn: () => Promise<{ readonly kind: 'now' } | { readonly kind: 'later'; readonly reason: string }>;
}

/** The first wait is one that a throttled ECS has refilled its bucket in; the longest keeps a caller's time useful. */
const BACKOFF = { firstMilliseconds: 500, mostMilliseconds: 10_000 } as const;

/** How long ECS is asked for a task of one attempt: as long as Lambda keeps an asynchronous event. */
const LAUNCH_PATIENCE_MILLISECONDS = 6 * 60 * 60 * 1000;

/** When the sweep looks after a task: what even a slow start of one takes. */
const STARTING_CHECK_MILLISECONDS = 5 * 60 * 1000;

/** The same of a container run, of whose start nobody but the sweep hears. */
const CONTAINER_CHECK_MILLISECONDS = 60 * 1000;

const MILLISECONDS_PER_SECOND = 1000;

function firstCheck({ container, timeoutSeconds }: RunRecord): number {
  return container === undefined
    ? STARTING_CHECK_MILLISECONDS
    : Math.min(CONTAINER_CHECK_MILLISECONDS, timeoutSeconds * MILLISECONDS_PER_SECOND);
}

function attemptSince({ createdAt, attempts }: RunRecord): number {
  return Date.parse(attempts?.at(-1)?.endedAt ?? createdAt);
}

async function noteTask(
  accepted: Extract<TaskOutcome, { kind: 'accepted' }>,
  launch: Launch,
  row: RunRecord,
  deps: StarterDeps,
): Promise<LaunchResult> {
  const { ports, log, now } = deps;
  const { taskArns, failures } = accepted;
  const [taskArn = ''] = taskArns;
  const taskDefinition = accepted.taskDefinition ?? launch.taskDefinition;
  const { runId } = row;
  const checkAt = new Date(now().getTime() + firstCheck(row)).toISOString();
  let status: RunStatus = 'STARTING';
  try {
    status = await ports.ledger.markStarting(row, { cluster: launch.cluster, taskDefinition, taskArn, checkAt });
  } catch (error) {
    // The task is there and will write to the ledger itself. To fail here would make callers start a second one.
    log.error('task-not-noted', { runId, taskArn, reason: error instanceof Error ? error.message : String(error) });
  }
  if (status === 'CANCELLED') {
    await stopCancelled({ runId, cluster: launch.cluster, taskArn }, deps);
  }
  return { kind: 'started', taskArns, taskDefinition, status, failures };
}

/** The next try after a failure; `undefined` where the row has moved on. */
async function nextTry(failure: TaskFailure, last: LaunchTry, { ports }: StarterDeps): Promise<LaunchTry | undefined> {
  if (remedyOf(failure.kind) === 'again') {
    return last;
  }
  // Noted before it is used, so that whoever goes on after a crash asks for the same task under the same token.
  const next = { ...last, variant: last.variant + 1 };
  return (await ports.ledger.noteVariant(last, next.variant)) ? next : undefined;
}

/**
 * Launches the attempt that a PENDING row stands at: takes a turn of the pacer for each RunTask, tries the next place
 * where there is no room, and the same call again where ECS is throttling or did not say, with backoff and full
 * jitter. p-retry has neither full jitter nor a clock of its own, so the loop is here.
 */
export async function launchTask(row: RunRecord, options: LaunchOptions, deps: StarterDeps): Promise<LaunchResult> {
  const { ports, log, sleep, random, now } = deps;
  const launch = parseLaunch(row.launch);
  if (launch === undefined) {
    // Not an error that is thrown: in the queue it would hold up all that stand behind it.
    return { kind: 'refused', reason: 'its row in the ledger does not tell how its task is started' };
  }
  let current = currentTry(row);
  for (let failures = 1; ; failures += 1) {
    const turn = await options.turn();
    if (turn.kind === 'later') {
      return turn;
    }
    const outcome = await ports.runTask(runTaskInput(launch, current));
    if (outcome.kind === 'accepted') {
      return noteTask(outcome, launch, row, deps);
    }
    const { kind, reason } = outcome;
    log.warn('task-not-started', { ...current, kind, reason });
    if (remedyOf(kind) === 'never') {
      return { kind: 'refused', reason };
    }
    if (now().getTime() - attemptSince(row) > LAUNCH_PATIENCE_MILLISECONDS) {
      return { kind: 'refused', reason: `for ${LAUNCH_PATIENCE_MILLISECONDS / 3_600_000} hours, at last: ${reason}` };
    }
    const next = await nextTry(outcome, current, deps);
    if (next === undefined) {
      return { kind: 'moved' };
    }
    current = next;
    const wait = fullJitter(failures, random(), BACKOFF);
    if (wait >= options.milliseconds()) {
      return { kind: 'later', reason };
    }
    await sleep(wait);
  }
}
