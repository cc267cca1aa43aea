import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Deferred, deferred } from '../deferred';
import type { BatchResult, Unpacker } from './batch';
import { unpackBatch } from './unpack-batch';

/** Unpacks in other threads, and in this one what they have no time for. */
export interface UnpackerPool {
  /** What unpacks a zip of so many bytes. The threads start with the first that is large. */
  readonly unpackerFor: (zipBytes: number) => Unpacker;
  /** Ends the threads. */
  readonly close: () => Promise<void>;
}

/** In this thread. */
export const HERE: Unpacker = { unpack: unpackBatch, capacity: 1 };

/** A smaller zip is unpacked sooner than a thread starts. */
const UNPACKED_HERE_BYTES = 2 * 1_024 * 1_024;

/** The disk is busy with so many, and each thread takes 10 MB. */
const THREADS_AT_MOST = 3;

/** With this thread one for each processor, and one even where there is one processor only. */
function threadCount(): number {
  return Math.max(1, Math.min(availableParallelism() - 1, THREADS_AT_MOST));
}

/** For the objects of one batch. More of it lets garbage lie longer. */
const YOUNG_MEMORY_MB = 2;

/** A thread that has answered has the next batch already. */
const BATCHES_PER_THREAD = 2;

export function unpackerPool(threadSource: string | undefined): UnpackerPool {
  let threads: readonly Thread[] | undefined;
  return {
    unpackerFor: (zipBytes) => {
      if (threadSource === undefined || zipBytes <= UNPACKED_HERE_BYTES) {
        return HERE;
      }
      threads ??= Array.from({ length: threadCount() }, () => new Thread(threadSource));
      const all = threads;
      return {
        capacity: all.length * BATCHES_PER_THREAD + HERE.capacity,
        unpack: (batch) => {
          const idle = all.find((thread) => thread.waiting < BATCHES_PER_THREAD);
          return idle === undefined ? HERE.unpack(batch) : idle.send(batch);
        },
      };
    },
    close: async () => {
      await Promise.all((threads ?? []).map((thread) => thread.end()));
      threads = undefined;
    },
  };
}

class Thread {
  readonly #worker: Worker;
  readonly #asked: Deferred<BatchResult>[] = [];
  #failure: BatchResult | undefined;

  constructor(source: string) {
    this.#worker = new Worker(source, {
      eval: true,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEMORY_MB },
    });
    this.#worker.on('message', (result: BatchResult) => this.#asked.shift()?.resolve(result));
    this.#worker.on('error', (error) => this.#fail(error.message));
    this.#worker.on('exit', () => this.#fail('the thread that unpacks has ended'));
  }

  get waiting(): number {
    return this.#asked.length;
  }

  send(batch: Parameters<Unpacker['unpack']>[0]): Promise<BatchResult> {
    if (this.#failure !== undefined) {
      return Promise.resolve(this.#failure);
    }
    const answer = deferred<BatchResult>();
    this.#asked.push(answer);
    this.#worker.postMessage(batch);
    return answer.promise;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(message: string): void {
    this.#failure ??= { kind: 'failed', reason: 'corrupt', message };
    for (const answer of this.#asked.splice(0)) {
      answer.resolve(this.#failure);
    }
  }
}
