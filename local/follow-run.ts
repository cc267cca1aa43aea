import { setTimeout as sleep } from 'node:timers/promises';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import { isFinal, type RunStatus } from '../handlers/shared/run';
import type { StatusAnswer } from '../handlers/starter/status';
import { invokeOrThrow } from './invoke';

const POLL_MILLISECONDS = 500;

/**
 * Asks the starter for the run's status until it is final.
 *
 * @throws {Error} when it is not after `withinMilliseconds`
 */
export async function followRun(
  lambda: LambdaClient,
  starter: string,
  runId: string,
  options: {
    readonly withinMilliseconds: number;
    readonly onStatus?: (answer: StatusAnswer) => void;
    readonly signal?: AbortSignal;
  },
): Promise<StatusAnswer> {
  const giveUpAt = performance.now() + options.withinMilliseconds;
  let last: RunStatus | undefined;
  for (;;) {
    const answer = (await invokeOrThrow(lambda, starter, { action: 'status', runId })) as StatusAnswer;
    if (answer.status !== last) {
      last = answer.status;
      options.onStatus?.(answer);
    }
    if (isFinal(answer.status)) {
      return answer;
    }
    if (performance.now() > giveUpAt) {
      throw new Error(`Run ${runId} is still ${answer.status} after ${options.withinMilliseconds / 1000} s.`);
    }
    await sleep(POLL_MILLISECONDS, undefined, options.signal === undefined ? {} : { signal: options.signal });
  }
}
