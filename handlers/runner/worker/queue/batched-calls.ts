import { type Deferred, deferred } from '../../deferred';

/** Why SQS did not take one entry of a call: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_BatchResultErrorEntry.html */
export interface EntryFault {
  readonly index: number;
  readonly code: string;
  readonly message: string;
  /** Whether the same entry would be refused again. */
  readonly isSenders: boolean;
}

export interface BatchedOptions<Entry> {
  /** One call of SQS. It throws what is true of all its entries. */
  readonly call: (entries: readonly Entry[]) => Promise<readonly EntryFault[]>;
  /** How long an entry waits for others to go with it. */
  readonly lingerMilliseconds: number;
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html */
const MOST_ENTRIES = 10;

/** The client repeats calls, and knows nothing of their entries. */
const ENTRY_TRIES = 5;
const PAUSE_MILLISECONDS = 200;

interface Waiting<Entry> {
  readonly entry: Entry;
  readonly outcome: Deferred<Error | undefined>;
  failures: number;
}

/** Puts entries that come one by one into as few calls as they need. */
export class BatchedCalls<Entry> {
  #waiting: Waiting<Entry>[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: BatchedOptions<Entry>) {}

  /** @throws {Error} what SQS said of the call or, by its name, of the entry */
  async add(entry: Entry): Promise<void> {
    const waiting = { entry, outcome: deferred<Error | undefined>(), failures: 0 };
    this.#enqueue(waiting);
    const fault = await waiting.outcome.promise;
    if (fault !== undefined) {
      throw fault;
    }
  }

  /** Sends what waits: nobody else will come to go with it. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#waiting.length > 0) {
      void this.#send(this.#waiting.splice(0, MOST_ENTRIES));
    }
  }

  #enqueue(waiting: Waiting<Entry>): void {
    this.#waiting.push(waiting);
    if (this.#waiting.length >= MOST_ENTRIES) {
      this.flush();
    } else {
      this.#timer ??= setTimeout(() => this.flush(), this.options.lingerMilliseconds);
    }
  }

  async #send(batch: readonly Waiting<Entry>[]): Promise<void> {
    try {
      const faults = await this.options.call(batch.map(({ entry }) => entry));
      const byIndex = new Map(faults.map((fault) => [fault.index, fault]));
      for (const [index, waiting] of batch.entries()) {
        this.#settle(waiting, byIndex.get(index));
      }
    } catch (thrown) {
      const fault = thrown instanceof Error ? thrown : new Error(String(thrown));
      for (const { outcome } of batch) {
        outcome.resolve(fault);
      }
    }
  }

  #settle(waiting: Waiting<Entry>, fault: EntryFault | undefined): void {
    if (fault === undefined) {
      waiting.outcome.resolve(undefined);
      return;
    }
    waiting.failures += 1;
    if (fault.isSenders || waiting.failures === ENTRY_TRIES) {
      waiting.outcome.resolve(entryError(fault));
      return;
    }
    setTimeout(() => this.#enqueue(waiting), PAUSE_MILLISECONDS * 2 ** waiting.failures);
  }
}

/** As the client throws where a call has no other entries. */
function entryError({ code, message, isSenders }: EntryFault): Error {
  return Object.assign(new Error(message), { name: code, $metadata: { httpStatusCode: isSenders ? 400 : 500 } });
}
