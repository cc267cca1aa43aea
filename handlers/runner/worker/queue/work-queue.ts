import { utf8Bytes } from '../../../shared/payload';
import type { LoopParts, WorkEnd } from '../loop-end';
import { type AttendDeps, attendChain, giveBackUnseen } from './attend-chain';
import { chainsOf } from './chains';
import { type HeldMessage, Keeper, type KeeperDeps } from './keeper';
import { groupOf } from './message';
import type { Queue } from './queue';
import { runQueueLoop } from './queue-loop';
import { canHandOver, type QueueSettings } from './queue-settings';
import { sqsEvent } from './sqs-event';

export interface WorkQueueOptions
  extends LoopParts,
    Pick<AttendDeps, 'executor' | 'timeoutSeconds' | 'newRequestId'>,
    Pick<KeeperDeps, 'claims' | 'renewalMilliseconds'> {
  readonly queue: Queue;
  readonly settings: QueueSettings;
}

const MILLISECONDS_PER_SECOND = 1_000;

/** What an event of several messages has at most: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html#invocation-eventsourcemapping-batching */
const BATCH_BYTES = 6_000_000;

/** Works on a queue's messages until there is no more to do. All that it began is done then, and the queue knows. */
export async function workQueue(options: WorkQueueOptions): Promise<WorkEnd> {
  const { queue, settings } = options;
  const keeper = new Keeper({
    ...options,
    handOverMilliseconds: canHandOver(settings) ? settings.handOverSeconds * MILLISECONDS_PER_SECOND : undefined,
  });
  const tellings = new Set<Promise<void>>();
  const inBackground = (telling: Promise<void>) => {
    tellings.add(telling);
    void telling.finally(() => tellings.delete(telling));
  };
  const deps: AttendDeps = { ...options, keeper, inBackground };
  const bytesOf = ({ message }: HeldMessage) => utf8Bytes(sqsEvent([message], settings));
  const chaining = {
    batchSize: settings.batchSize,
    batchBytes: BATCH_BYTES,
    // One message alone goes whatever it has: there is nothing to measure.
    bytesOf: settings.batchSize === 1 ? () => 0 : bytesOf,
    groupOf: settings.isFifo ? ofMessage : undefined,
  };
  let wasInterrupted = false;
  const end = await runQueueLoop<HeldMessage>({
    ...options,
    poll: async (most, cutOff) => {
      const received = await queue.receive(most, cutOff);
      return received.kind === 'messages'
        ? { kind: 'items', items: received.messages.map((message) => keeper.hold(message)) }
        : received;
    },
    ...chaining,
    chainsOf: (items, chains) => chainsOf(items, { ...chaining, chains }),
    attend: async (chain) => {
      const attended = await attendChain(deps, chain);
      wasInterrupted ||= attended.wasInterrupted;
      return attended.hasWorked;
    },
    giveBack: (items) => giveBackUnseen(deps, items),
    windowMilliseconds: settings.batchWindowSeconds * MILLISECONDS_PER_SECOND,
  });
  queue.flush();
  await Promise.all(tellings);
  return { end, wasInterrupted };
}

function ofMessage({ message }: HeldMessage): string | undefined {
  return groupOf(message);
}
