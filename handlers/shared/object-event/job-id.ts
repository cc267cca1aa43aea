import { createHash } from 'node:crypto';
import type { ObjectEvent } from './object-event';

/** The metadata under which an output has the id of the job that made it; without `x-amz-meta-`. */
export const SOURCE_METADATA = 'overtime-source';

/**
 * The outputs of a job carry its id as metadata, all of which together has 2 KB, in ASCII:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html. As a key of DynamoDB it has as many:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const READABLE_CHARACTERS = 1_024;

/** A path whose parts hold none of the characters that part them. */
function encodedPath(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/');
}

/** What of an object changes when it is written again. */
function stateOf({ versionId, eTag, sequencer }: Pick<ObjectEvent, 'versionId' | 'eTag' | 'sequencer'>): string {
  if (versionId !== undefined) {
    return `?version=${encodeURIComponent(versionId)}`;
  }
  if (eTag !== undefined) {
    return `?etag=${encodeURIComponent(eTag)}`;
  }
  return sequencer === undefined ? '' : `?sequencer=${encodeURIComponent(sequencer)}`;
}

/**
 * Names what must not be worked on twice: an object's version, or its content where the bucket keeps no versions. It is
 * the same however the event came, in whatever wrapping and how often. ASCII, at most 1,024 characters: a longer one
 * is a digest.
 */
export function objectJobId(object: Pick<ObjectEvent, 'bucket' | 'key' | 'versionId' | 'eTag' | 'sequencer'>): string {
  const id = `s3://${encodeURIComponent(object.bucket)}/${encodedPath(object.key)}${stateOf(object)}`;
  return id.length <= READABLE_CHARACTERS ? id : `s3:sha256:${createHash('sha256').update(id, 'utf8').digest('hex')}`;
}
