import { sendFault } from '../../../shared/delivery/send-error';
import type { TaskOutcomeCall } from '../../../shared/delivery/task-outcome';
import { type Log, logWithin } from '../../../shared/log';
import type { ObjectPointer } from '../../../shared/run';
import { messageOf } from '../../errors';
import { startHeartbeats } from '../../heartbeats';
import type { Outcome } from '../../outcome';
import { carryOut } from '../carry-out';
import type { Executor } from '../executor';
import type { Activity, ActivityTask } from './activity';
import { CAME_TOO_LATE, tellingOf, untellable } from './outcome-call';

export interface AttendDeps {
  readonly activity: Pick<Activity, 'heartbeat' | 'tell'>;
  readonly executor: Executor;
  readonly writeOutput: (pointer: ObjectPointer, text: string) => Promise<void>;
  readonly payloadBucket: string | undefined;
  readonly heartbeatMilliseconds: number;
  readonly interruption: AbortSignal;
  readonly newRequestId: () => string;
  readonly log: Log;
}

/**
 * Does one task under heartbeats, the first before anything is fetched or parsed, the last before the outcome, and
 * tells Step Functions what became of it. It never throws: one task must not cost the worker.
 *
 * @returns what the task came to
 */
export async function attendTask(deps: AttendDeps, { taskToken, input }: ActivityTask): Promise<Outcome> {
  const { activity, executor, heartbeatMilliseconds, interruption } = deps;
  const requestId = deps.newRequestId();
  const log = logWithin(deps.log, { requestId });
  if (interruption.aborted) {
    await tell(deps, log, CAME_TOO_LATE, { requestId, taskToken });
    return CAME_TOO_LATE;
  }
  const heart = { to: 'taskToken', beat: (signal: AbortSignal) => activity.heartbeat(taskToken, signal) } as const;
  const pulse = { hearts: [heart], intervalMilliseconds: heartbeatMilliseconds };
  const heartbeats = startHeartbeats(pulse, async () => undefined, log);
  const outcome = await carryOut(executor, { requestId, input, interruption, callerGone: heartbeats.gone }, log);
  await heartbeats.stop();
  await tell(deps, log, outcome, { requestId, taskToken });
  return outcome;
}

interface Names {
  readonly requestId: string;
  readonly taskToken: string;
}

async function tell(deps: AttendDeps, log: Log, outcome: Outcome, names: Names): Promise<void> {
  const { call, store } = tellingOf(outcome, { ...names, payloadBucket: deps.payloadBucket });
  if (store !== undefined) {
    try {
      await deps.writeOutput(store.pointer, store.text);
    } catch (thrown) {
      log.error('output.not-stored', { reason: messageOf(thrown) });
      await send(
        deps,
        log,
        untellable(names.taskToken, names.requestId, 'OUTPUT_NOT_STORED', messageOf(thrown)),
        names,
      );
      return;
    }
  }
  if (call !== undefined) {
    await send(deps, log, call, names);
  }
}

/** The client has tried as often as is sensible. What is refused is told as a failure, or the state would wait on. */
async function send(deps: AttendDeps, log: Log, call: TaskOutcomeCall, names: Names): Promise<void> {
  try {
    await deps.activity.tell(call);
  } catch (thrown) {
    const { kind, reason } = sendFault('taskToken', thrown);
    if (kind === 'gone') {
      log.warn('outcome.nobody-waits', { reason });
      return;
    }
    log.error('outcome.not-told', { call: call.call, reason });
    if (kind === 'refused' && call.call === 'success') {
      await send(deps, log, untellable(names.taskToken, names.requestId, 'OUTPUT_REFUSED', reason), names);
    }
  }
}
