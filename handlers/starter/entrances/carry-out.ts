import { CodedError } from '../../shared/errors';
import type { Log } from '../../shared/log';
import type { BatchAnswer } from '../consume';
import { InvalidInput } from '../errors';
import type { QueuedOrders } from './entrance';
import type { Order } from './orders';

/** The answer to a record that asks for nothing: an invocation that failed for a reason that a longer run does not cure. */
interface IgnoredAnswer {
  readonly ignored: string;
}

/** The answers to an event's records, in their order. */
export interface EventAnswer<Answer> {
  readonly answers: readonly (Answer | IgnoredAnswer)[];
}

export interface CarryOutDeps<Answer> {
  /** Does what a request asks for. */
  readonly answer: (event: unknown, requestId: string) => Promise<Answer>;
  readonly log: Log;
  /** Whether there is time for one more request. */
  readonly hasTime: () => boolean;
}

/** Some of an event's records failed. Those that did not are known by their ids when Lambda tries the event again. */
class RecordsFailed extends CodedError {
  readonly code = 'RECORDS_FAILED';

  constructor(failures: readonly Error[], total: number) {
    const reasons = failures.map(({ name, message }) => `${name}: ${message}`).join(' ');
    super('RECORDS_FAILED', `Of the event's ${total} records ${failures.length} failed. ${reasons}`, {
      cause: failures[0],
    });
  }
}

const MOST_AT_ONCE = 5;

async function carryOut<Answer>(order: Order, { answer, log }: CarryOutDeps<Answer>): Promise<Answer | IgnoredAnswer> {
  switch (order.kind) {
    case 'request':
      return answer(order.event, order.requestId);
    case 'ignore':
      log.warn('record-ignored', { reason: order.reason });
      return { ignored: order.reason };
    case 'refuse':
      throw new InvalidInput(order.reason);
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

/**
 * Does all that an event asks for, though some of it fails: the rest must not wait for Lambda's next try.
 *
 * @throws {CodedError} the record's own error where there is one record, else RECORDS_FAILED
 */
export async function carryOutEvent<Answer>(
  orders: readonly Order[],
  deps: CarryOutDeps<Answer>,
): Promise<EventAnswer<Answer>> {
  const results = await Promise.allSettled(orders.map((order) => carryOut(order, deps)));
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [asError(result.reason)] : []));
  const [failure] = failures;
  if (failure !== undefined) {
    throw orders.length === 1 ? failure : new RecordsFailed(failures, orders.length);
  }
  return { answers: results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])) };
}

async function succeeds<Answer>({ messageId, orders }: QueuedOrders, deps: CarryOutDeps<Answer>): Promise<boolean> {
  try {
    await carryOutEvent(orders, deps);
    return true;
  } catch (error) {
    const { name, message } = asError(error);
    deps.log.error('message-failed', { messageId, code: name, reason: message });
    return false;
  }
}

/**
 * Does what the messages of a batch ask for, and answers which ones SQS shall give again: those that failed, and those
 * for which no time was left. One that can never succeed is among them: SQS moves it to the queue's own dead-letter
 * queue, where it is not lost. Of a FIFO queue everything after a failure is given again, so that its order holds.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
export async function carryOutBatch<Answer>(
  { messages, isFifo }: { readonly messages: readonly QueuedOrders[]; readonly isFifo: boolean },
  deps: CarryOutDeps<Answer>,
): Promise<BatchAnswer> {
  const failed: string[] = [];
  const size = isFifo ? 1 : MOST_AT_ONCE;
  for (let index = 0; index < messages.length; index += size) {
    const mayGoOn = deps.hasTime() && !(isFifo && failed.length > 0);
    const some = messages.slice(index, index + size);
    const done = mayGoOn ? await Promise.all(some.map((message) => succeeds(message, deps))) : [];
    failed.push(...some.filter((_, position) => done[position] !== true).map(({ messageId }) => messageId));
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}
