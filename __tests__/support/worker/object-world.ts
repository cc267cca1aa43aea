import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { strToU8, zipSync } from 'fflate';
import type { FakeAws } from '../fake-aws';
import { FakeObjects, type StoredObject } from './fake-objects';
import { FakeQueue } from './fake-queue';
import { startJobsTable } from './jobs-table';
import { kill, startWorker, type WorkerProcess } from './worker-process';

export interface ObjectWorld {
  readonly s3: FakeObjects;
  readonly queue: FakeQueue;
  /** Starts a worker; all of them have the same disk. */
  readonly start: (environment?: Readonly<Record<string, string>>) => Promise<WorkerProcess>;
  /** What is left of jobs on that disk. */
  readonly leftovers: () => readonly string[];
}

/** A queue and buckets, and workers of objects whose command is a line for the shell. */
export async function withObjects(
  aws: FakeAws,
  line: string,
  use: (world: ObjectWorld) => Promise<void>,
): Promise<void> {
  const queue = new FakeQueue();
  const s3 = new FakeObjects();
  const [jobs] = await Promise.all([startJobsTable(), queue.start(), s3.start()]);
  const workers: WorkerProcess[] = [];
  const workRoot = mkdtempSync(path.join(tmpdir(), 'overtime-objects-'));
  const start = async (environment: Readonly<Record<string, string>> = {}) => {
    const worker = await startWorker(aws, {
      endpoints: {
        AWS_ENDPOINT_URL_SQS: queue.endpoint,
        AWS_ENDPOINT_URL_S3: s3.endpoint,
        AWS_ENDPOINT_URL_DYNAMODB: jobs.endpoint,
      },
      environment: {
        OVERTIME_QUEUE_URL: queue.url,
        OVERTIME_DEAD_LETTER_QUEUE_URL: queue.deadLetterUrl,
        OVERTIME_JOBS_TABLE: 'jobs',
        OVERTIME_MESSAGE_EVENT: 'objects',
        OVERTIME_COMMAND: JSON.stringify(['/bin/sh', '-c', line]),
        OVERTIME_WORK_ROOT: workRoot,
        ...environment,
      },
    });
    workers.push(worker);
    return worker;
  };
  const leftovers = () => {
    const jobs = path.join(workRoot, 'objects');
    const roots = existsSync(jobs) ? readdirSync(jobs) : [];
    return roots.flatMap((root) => readdirSync(path.join(jobs, root)));
  };
  try {
    await use({ s3, queue, start, leftovers });
  } finally {
    await Promise.all(workers.map(kill));
    await Promise.all([queue.close(), s3.close(), jobs.close()]);
    await rm(workRoot, { recursive: true, force: true });
  }
}

/** The record by which S3 tells of an object in the bucket `in`. */
export function createdRecord(key: string, { eTag, content }: Pick<StoredObject, 'eTag' | 'content'>) {
  const object = { key: encodeURIComponent(key), eTag, size: content.byteLength };
  return { eventName: 'ObjectCreated:Put', awsRegion: 'eu-west-1', s3: { bucket: { name: 'in' }, object } };
}

/** S3's notification of objects that were put there. */
export function notification(...records: readonly unknown[]): string {
  return JSON.stringify({ Records: records });
}

export function zipOf(files: Readonly<Record<string, string>>): Buffer {
  return Buffer.from(zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]))));
}

/** Puts an object into the bucket `in`, and its event into the queue under the object's key. */
export function send(
  { s3, queue }: Pick<ObjectWorld, 's3' | 'queue'>,
  key: string,
  content: Buffer | string = 'content',
): void {
  queue.send(key, notification(createdRecord(key, s3.put(`in/${key}`, content))));
}
