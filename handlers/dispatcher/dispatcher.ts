import type { ObjectEvent, SkippedRecord } from '../shared/object-event/object-event';
import { parseObjectEvents } from '../shared/object-event/parse';
import type { Skipped } from './dispatch';
import { type QueuedEvent, readEntrance } from './entrance';
import { InvalidEvent, MessagesNotSent } from './errors';
import { lookAfterWorkers, type WorkersAnswer } from './look-after-workers';
import type { DispatcherDeps } from './ports';
import { takeNames } from './take-names';
import { type DispatchAnswer, printMetrics, takeObjects } from './take-objects';

/** As Lambda's event source mapping wants it: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html */
interface QueueAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

interface SweepAnswer {
  readonly workers: WorkersAnswer;
}

function skippedOf(records: readonly SkippedRecord[]): readonly Skipped[] {
  return records.map(({ bucket, key, reason }) => ({ bucket, key, reason }));
}

/** What S3, SNS or EventBridge invokes the dispatcher with, asynchronously. */
async function takeEvent(event: unknown, deps: DispatcherDeps): Promise<DispatchAnswer> {
  const read = parseObjectEvents(event);
  if (read.kind === 'not-objects') {
    throw new InvalidEvent(read.problems);
  }
  if (read.kind === 'test') {
    deps.log.info('notifications-tested');
    return { dispatched: 0, skipped: [], failed: [], workers: undefined };
  }
  const taken = await takeObjects(read.objects, { skipped: skippedOf(read.skipped), failures: 0 }, deps);
  const { sent, skipped, failed, workers } = taken;
  const [first] = failed;
  if (first !== undefined) {
    throw new MessagesNotSent(failed.length, read.objects.length, first.reason);
  }
  return { dispatched: sent.length, skipped, failed, workers };
}

/** Messages of a queue that stands before the dispatcher: those whose objects are not all sent come back alone. */
async function takeMessages(messages: readonly QueuedEvent[], deps: DispatcherDeps): Promise<QueueAnswer> {
  const unread: string[] = [];
  const messageOf = new Map<ObjectEvent, string>();
  const skipped: Skipped[] = [];
  for (const { messageId, body } of messages) {
    const read = parseObjectEvents(body);
    if (read.kind === 'not-objects') {
      deps.log.error('message-not-read', { messageId, reason: read.problems.join('. ') });
      unread.push(messageId);
    } else if (read.kind === 'objects') {
      skipped.push(...skippedOf(read.skipped));
      for (const object of read.objects) {
        messageOf.set(object, messageId);
      }
    }
  }
  const { unsent } = await takeObjects([...messageOf.keys()], { skipped, failures: unread.length }, deps);
  const failed = [...messageOf].flatMap(([object, messageId]) => (unsent.has(object) ? [messageId] : []));
  return { batchItemFailures: [...new Set([...unread, ...failed])].map((itemIdentifier) => ({ itemIdentifier })) };
}

/**
 * Nothing waits, and no worker is there or missing. A metric is paid for each hour in which it has a value, also that of 0;
 * to the alarms one that has none is no fault.
 *
 * Source: https://aws.amazon.com/cloudwatch/pricing/, on custom metrics
 */
function isQuiet(workers: WorkersAnswer): boolean {
  return (
    workers.kind === 'quiet' || (workers.kind === 'looked' && workers.waiting + workers.running + workers.missing === 0)
  );
}

async function sweep(deps: DispatcherDeps): Promise<SweepAnswer> {
  const workers = await lookAfterWorkers(0, deps);
  if (!isQuiet(workers)) {
    printMetrics({ dispatched: 0, skipped: 0, failed: 0 }, workers, deps);
  }
  return { workers };
}

/**
 * Turns events of objects into messages of the queue, and sees to it that there are workers for them.
 *
 * @throws {InvalidEvent} when the event is none of its own
 * @throws {MessagesNotSent} when objects of an event that is no queue's have no message
 */
export async function dispatch(
  event: unknown,
  deps: DispatcherDeps,
): Promise<DispatchAnswer | QueueAnswer | SweepAnswer> {
  const entrance = readEntrance(event);
  switch (entrance.kind) {
    case 'sweep':
      return sweep(deps);
    case 'dispatch':
      return takeNames(entrance.objects, deps);
    case 'queue':
      return takeMessages(entrance.messages, deps);
    case 'event':
      return takeEvent(event, deps);
    case 'wrong':
      throw new InvalidEvent(entrance.problems);
  }
}
