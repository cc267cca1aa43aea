import { FUNCTION_ARN } from '../../../__tests__/support/starter/examples';
import { answerRequest } from '../../../handlers/starter/answer';
import { consumeLaunches } from '../../../handlers/starter/consume';
import type { StarterDeps } from '../../../handlers/starter/ports';
import type { Account } from './account';

/** Lambda's concurrency of an account: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LAMBDA_CONCURRENCY = 1_000;

/** Of the starter's function. */
const LAMBDA_MILLISECONDS = 60_000;

/** Of the event source mapping of the launch queue, whose messages are one group: one batch at a time. */
const BATCH_SIZE = 10;
const BETWEEN_BATCHES_MILLISECONDS = 50;

/** As many connections as the SDK opens to a service at most, unless one tells it otherwise. */
export const SDK_SOCKETS = 50;

/** How many callers got an error. */
type Failures = number;

/** Begins what was prepared. The clock starts here: processes that Lambda would have are there by then. */
export type Begin = () => Promise<Failures>;

type Once = (index: number) => Promise<unknown>;

/** Does something `count` times, as many at once as there are lanes, and counts how often it failed. */
async function inLanes(count: number, lanes: readonly Once[]): Promise<Failures> {
  let next = 0;
  let failures: Failures = 0;
  const run = async (once: Once) => {
    while (next < count) {
      const index = next;
      next += 1;
      await once(index).catch(() => {
        failures += 1;
      });
    }
  };
  await Promise.all(lanes.map(run));
  return failures;
}

function invocation(starter: Omit<StarterDeps, 'remainingMilliseconds'>, { time }: Account): StarterDeps {
  const end = time.now() + LAMBDA_MILLISECONDS;
  return { ...starter, remainingMilliseconds: () => end - time.now() };
}

/** Works the launch queue off, until nobody asks any more and it is empty. */
async function workOffQueue(account: Account, isAsking: () => boolean, consumer: ReturnType<Account['starter']>) {
  while (isAsking() || account.launches.size > 0) {
    const records = account.launches.take(BATCH_SIZE);
    if (records.length > 0) {
      const { batchItemFailures } = await consumeLaunches(records, invocation(consumer, account));
      if (batchItemFailures.length > 0) {
        throw new Error(`The queue's consumer gave back ${batchItemFailures.length} launches.`);
      }
    }
    await account.time.sleep(BETWEEN_BATCHES_MILLISECONDS);
  }
}

/** Asks the starter for as many runs, so many milliseconds after each other, and lets it work its queue off. */
export async function throughStarter(account: Account, count: number, gap: number): Promise<Begin> {
  const { time } = account;
  let begun = 0;
  const lanes = Array.from({ length: Math.min(LAMBDA_CONCURRENCY, count) }, (): Once => {
    const starter = account.starter();
    return async (index) => {
      if (gap > 0) {
        await time.sleep(begun + index * gap - time.now());
      }
      const awsRequestId = `request-${index}`;
      const context = { awsRequestId, functionArn: FUNCTION_ARN, requestId: awsRequestId, isHeard: true };
      return answerRequest({ arn: FUNCTION_ARN, input: { index } }, context, invocation(starter, account));
    };
  });
  const consumer = account.starter();
  return async () => {
    let isAsking = true;
    begun = time.now();
    const asked = inLanes(count, lanes).finally(() => {
      isAsking = false;
    });
    await workOffQueue(account, () => isAsking, consumer);
    return asked;
  };
}

/** What one writes without a starter: a loop of RunTask in one program, so many calls at once. */
export async function inLoop(account: Account, count: number, atOnce: number): Promise<Begin> {
  const call = await account.runTaskCall();
  const lanes = Array.from({ length: Math.min(atOnce, count) }, (): Once => (index) => call(`loop-${index}`));
  return () => inLanes(count, lanes);
}
