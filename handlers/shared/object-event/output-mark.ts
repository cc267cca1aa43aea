import { SOURCE_METADATA } from './job-id';

/** The metadata under which an output has the URL of the queue whose workers made it; without `x-amz-meta-`. */
const QUEUE_METADATA = 'overtime-queue';

type Metadata = Readonly<Record<string, string>>;

/** The metadata of an output: the job that it comes from, and the queue whose worker did that. */
export function outputMark(jobId: string, queueUrl: string): Metadata {
  return { [SOURCE_METADATA]: jobId, [QUEUE_METADATA]: queueUrl };
}

/**
 * Whether an object is an output of the queue's own workers, on which they must never work, or they would not end.
 * Another queue's outputs may be this one's work.
 */
export function isOwnOutput(metadata: Metadata, queueUrl: string): boolean {
  return metadata[SOURCE_METADATA] !== undefined && (metadata[QUEUE_METADATA] ?? queueUrl) === queueUrl;
}
