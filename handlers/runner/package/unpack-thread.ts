import { parentPort } from 'node:worker_threads';
import type { Batch } from './batch';
import { unpackBatch } from './unpack-batch';

/** A thread that unpacks batches, one after another. */
let last: Promise<void> = Promise.resolve();

parentPort?.on('message', (batch: Batch) => {
  last = last.then(async () => parentPort?.postMessage(await unpackBatch(batch)));
});
