import { parentPort } from 'node:worker_threads';
import type { Batch } from './batch';
import { unpackBatch } from './unpack-batch';

/** A thread that unpacks batches. */
parentPort?.on('message', async (batch: Batch) => parentPort?.postMessage(await unpackBatch(batch)));
