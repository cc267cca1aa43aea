/** Messages of one job. */
export type Batch<Item> = readonly Item[];

/** Batches that are worked on one after another. */
export type Chain<Item> = readonly Batch<Item>[];

export interface ChainOptions<Item> {
  /** The most messages of one job. */
  readonly batchSize: number;
  /** The most that several messages of one job have together; a larger one is a job by itself. */
  readonly batchBytes: number;
  readonly bytesOf: (item: Item) => number;
  /** The most chains that groups are spread over, at least 1. */
  readonly chains: number;
  /** What of a FIFO queue must be done in order; `undefined` where each message stands for itself. */
  readonly groupOf: ((item: Item) => string | undefined) | undefined;
}

/**
 * What becomes of the messages of one poll. Of a FIFO queue a group stays in one chain, in order: so no two of its
 * messages are worked on at once, as SQS gives out no other message of a group until these are done with.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 */
export function chainsOf<Item>(items: readonly Item[], options: ChainOptions<Item>): readonly Chain<Item>[] {
  const { chains, groupOf } = options;
  const batches = inBatches(items, options);
  // One batch keeps its order by itself, and may have several groups, as Lambda's have.
  return groupOf === undefined || batches.length <= 1
    ? batches.map((batch) => [batch])
    : spread(items, groupOf, chains).map((place) => inBatches(place, options));
}

/** Each group goes as a whole to where least is. */
function spread<Item>(
  items: readonly Item[],
  groupOf: (item: Item) => string | undefined,
  chains: number,
): readonly (readonly Item[])[] {
  const places: Item[][] = Array.from({ length: Math.min(chains, items.length) }, () => []);
  const placeOfGroup = new Map<string | undefined, Item[]>();
  for (const item of items) {
    const group = groupOf(item);
    const place =
      placeOfGroup.get(group) ?? places.reduce((least, each) => (each.length < least.length ? each : least));
    placeOfGroup.set(group, place);
    place.push(item);
  }
  return places.filter((place) => place.length > 0);
}

function inBatches<Item>(
  items: readonly Item[],
  { batchBytes, batchSize, bytesOf }: ChainOptions<Item>,
): readonly Batch<Item>[] {
  const batches: Item[][] = [];
  let last: Item[] = [];
  let lastBytes = 0;
  for (const item of items) {
    const bytes = bytesOf(item);
    if (last.length === 0 || last.length >= batchSize || lastBytes + bytes > batchBytes) {
      last = [];
      lastBytes = 0;
      batches.push(last);
    }
    last.push(item);
    lastBytes += bytes;
  }
  return batches;
}
