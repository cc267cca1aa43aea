import { type SendFault, sendFault } from '../../../shared/delivery/send-error';
import type { TaskOutcomeCall } from '../../../shared/delivery/task-outcome';
import { type Log, logWithin } from '../../../shared/log';
import type { ObjectPointer } from '../../../shared/run';
import { fullJitter } from '../../../starter/backoff';
import { messageOf } from '../../errors';
import { type Heartbeats, startHeartbeats } from '../../heartbeats';
import type { Outcome } from '../../outcome';
import { carryOut } from '../carry-out';
import type { Executor } from '../executor';
import { withGrace } from '../with-grace';
import type { Activity, ActivityTask } from './activity';
import { CAME_TOO_LATE, type Telling, tellingOf, untellable } from './outcome-call';

export interface AttendDeps {
  readonly activity: Pick<Activity, 'heartbeat' | 'tell'>;
  readonly executor: Executor;
  readonly writeOutput: (pointer: ObjectPointer, text: string) => Promise<void>;
  readonly payloadBucket: string | undefined;
  readonly heartbeatMilliseconds: number;
  readonly interruption: AbortSignal;
  readonly newRequestId: () => string;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly log: Log;
}

/**
 * Does one task under heartbeats, the first before anything is fetched or parsed, the last when a large output is
 * stored, and tells Step Functions what became of it; while it cannot, heartbeats go on. It never throws: one task must not cost the worker.
 *
 * @returns what the task came to
 */
export async function attendTask(deps: AttendDeps, { taskToken, input }: ActivityTask): Promise<Outcome> {
  const { executor, interruption } = deps;
  const requestId = deps.newRequestId();
  const log = logWithin(deps.log, { requestId });
  const names = { requestId, taskToken };
  if (interruption.aborted || executor.spent?.aborted === true) {
    await send(deps, log, await callOf(deps, log, CAME_TOO_LATE, names), names);
    return CAME_TOO_LATE;
  }
  const heartbeats = beatFor(deps, log, taskToken);
  const { outcome } = await carryOut(executor, { requestId, input, interruption, callerGone: heartbeats.gone }, log);
  // An upload may take longer than the state waits for a heartbeat.
  const call = await callOf(deps, log, outcome, names);
  await heartbeats.stop();
  await send(deps, log, call, names);
  return outcome;
}

function beatFor({ activity, heartbeatMilliseconds }: AttendDeps, log: Log, taskToken: string): Heartbeats {
  // One for all: what waits for a signal stays with it until the heartbeats are over.
  let late: AbortSignal | undefined;
  const beat = (signal: AbortSignal) => {
    late ??= withGrace(signal);
    return activity.heartbeat(taskToken, late);
  };
  const heart = { to: 'taskToken', beat } as const;
  return startHeartbeats({ hearts: [heart], intervalMilliseconds: heartbeatMilliseconds }, async () => undefined, log);
}

interface Names {
  readonly requestId: string;
  readonly taskToken: string;
}

/** What is to be told, when what it points to is stored; `undefined` where nobody waits any more. */
async function callOf(deps: AttendDeps, log: Log, outcome: Outcome, names: Names): Promise<Telling['call']> {
  const { call, store } = tellingOf(outcome, { ...names, payloadBucket: deps.payloadBucket });
  if (store === undefined) {
    return call;
  }
  try {
    await deps.writeOutput(store.pointer, store.text);
    return call;
  } catch (thrown) {
    log.error('output.not-stored', { reason: messageOf(thrown) });
    return untellable(names.taskToken, names.requestId, 'OUTPUT_NOT_STORED', messageOf(thrown));
  }
}

/**
 * Some five minutes in all, besides the client's own tries, which all tasks of a worker share: in an outage it soon
 * allows none. A task that nobody answers for may wait for a year.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
const TELL_TRIES = 20;
const BACKOFF = { firstMilliseconds: 500, mostMilliseconds: 30_000 } as const;

/** What is refused is told as a failure, or the state would wait on. */
async function send(deps: AttendDeps, log: Log, call: Telling['call'], names: Names): Promise<void> {
  if (call === undefined) {
    return;
  }
  const fault = await tryToTell(deps, log, call, names);
  if (fault === undefined) {
    return;
  }
  const { kind, reason } = fault;
  if (kind === 'gone') {
    log.warn('outcome.nobody-waits', { reason });
    return;
  }
  log.error('outcome.not-told', { call: call.call, reason });
  if (kind === 'refused' && call.call === 'success') {
    await send(deps, log, untellable(names.taskToken, names.requestId, 'OUTPUT_REFUSED', reason), names);
  }
}

/** @returns why it was not told; `undefined` when it was */
async function tryToTell(
  deps: AttendDeps,
  log: Log,
  call: TaskOutcomeCall,
  { taskToken }: Names,
): Promise<SendFault | undefined> {
  for (let failures = 0; ; ) {
    try {
      await deps.activity.tell(call);
      return undefined;
    } catch (thrown) {
      const fault = sendFault('taskToken', thrown);
      failures += 1;
      if (fault.kind !== 'failed' || failures === TELL_TRIES) {
        return fault;
      }
      log.warn('outcome.told-again', { call: call.call, reason: fault.reason });
      // The state must not give up a task that is done.
      const heartbeats = beatFor(deps, log, taskToken);
      await deps.pause(fullJitter(failures, deps.random(), BACKOFF));
      await heartbeats.stop();
    }
  }
}
