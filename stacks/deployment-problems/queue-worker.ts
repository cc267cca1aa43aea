import type { Modules } from '../deployment';
import { matching, type Problem } from '../parts/checks';
import { boolean, number, optional, record, text, textList } from '../parts/fields';
import { QUEUE_WORKER_KEY } from '../parts/queue-worker';
import { queueWorkerProblems } from '../parts/queue-worker-problems';
import type { QueueWorkerProps, QueueWorkerSettings } from '../queue-worker-props';
import { type Kinds, readItems } from './fields-of-module';
import { WORKER } from './worker';

const QUEUE_WORKER: Kinds<QueueWorkerSettings> = {
  ...WORKER,
  messageEvent: optional(text),
  batchSize: optional(number),
  batchWindowSeconds: optional(number),
  reportBatchItemFailures: optional(boolean),
  timeoutSeconds: optional(number),
  idleSeconds: optional(number),
  maxReceiveCount: optional(number),
  unpack: optional(text),
  outputBucketName: optional(text),
  outputPrefix: optional(text),
  outputRequired: optional(boolean),
  readOnlyRoot: optional(boolean),
  queue: optional(text),
  queueArn: optional(text),
  fifo: optional(boolean),
  queueKmsKeyArn: optional(text),
  bucket: optional(text),
  bucketName: optional(text),
  bucketEvents: optional(text),
  bucketKmsKeyArn: optional(text),
  noncurrentVersionDays: optional(number),
  bucketForceDestroy: optional(boolean),
  prefixes: optional(textList),
  suffixes: optional(textList),
  ignoreCase: optional(boolean),
  workers: optional(text),
  capacityFallback: optional(text),
  minWorkers: optional(number),
  maxWorkers: optional(number),
  messagesPerWorker: optional(number),
  alarmActions: optional(textList),
  lateMessageSeconds: optional(number),
  dispatcherArchitecture: optional(text),
  logRetentionDays: optional(number),
};

type QueueWorkers = NonNullable<Modules['queue-worker']>;

/**
 * What its workers run on is what the runner and cluster modules say.
 *
 * @param name of the deployment, where it is one
 */
export function queueWorkerModuleProblems(
  value: unknown,
  modules: Partial<Record<keyof Modules, unknown>>,
  name: string | undefined,
): readonly Problem[] {
  const where = 'modules.queue-worker';
  if (!record.fits(value)) {
    return [];
  }
  const workers = readItems(where, value as QueueWorkers, QUEUE_WORKER);
  const { ec2Capacity: instances } = (modules.cluster ?? {}) as { readonly ec2Capacity?: unknown };
  return [
    ...workers.problems,
    ...Object.keys(value as QueueWorkers).flatMap((key) =>
      matching(`key of ${where}`, key, QUEUE_WORKER_KEY.pattern, QUEUE_WORKER_KEY.allowed),
    ),
    ...Object.entries(workers.right).flatMap(([key, worker]) => {
      const props: Partial<QueueWorkerProps> = {
        ...worker,
        ...(name === undefined ? {} : { name: `${name}-${key}` }),
        ...(instances === undefined ? {} : { ec2CapacityProvider: 'of the cluster' }),
      };
      return queueWorkerProblems(props).map((problem) => ({ ...problem, field: `${where}.${key}.${problem.field}` }));
    }),
  ];
}
