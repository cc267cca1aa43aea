import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { addAbortSignal, Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { isPassing } from '../../../shared/delivery/send-error';
import type { ObjectEvent } from '../../../shared/object-event/object-event';
import { messageOf } from '../../errors';
import { type ByteSource, DownloadError, PART_BYTES } from '../../package/download';
import { objectFault } from './object-fault';
import type { Output } from './output-plan';

/** An object whose first bytes are on their way. */
export interface OpenedObject {
  readonly bytes: number;
  /** Of the user's, by names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Its bytes, all of one content. */
  readonly source: ByteSource;
  /** Lets go of what was not read. */
  readonly close: () => void;
}

/** S3, as a worker of objects sees it. */
export interface ObjectStore {
  /**
   * Asks for the version that an event tells of, or else for the content.
   *
   * @throws what S3 says: see `objectFault`
   */
  readonly open: (object: ObjectEvent, signal: AbortSignal) => Promise<OpenedObject>;
  /** Puts a file there, in parts where it is large. */
  readonly put: (output: Output, signal: AbortSignal) => Promise<void>;
  /** Whether it is there already, byte by byte, from an earlier attempt at the same job. What nobody can tell is not. */
  readonly isThere: (output: Output, signal: AbortSignal) => Promise<boolean>;
}

/** Of a multipart upload there are 10,000 at most: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MOST_PARTS = 10_000;
/** Each is held in memory while it is on its way. */
const PARTS_AT_ONCE = 4;

/** A module of its own, as it is loaded only where it is needed. */
export function openObjectStore(options: { readonly get: S3ClientConfig; readonly put: S3ClientConfig }): ObjectStore {
  const getter = new S3Client({ ...options.get, followRegionRedirects: true });
  const putter = new S3Client({ ...options.put, followRegionRedirects: true });
  return {
    open: (object, signal) => open(getter, object, signal),
    put: async (output, signal) => {
      const put = output.bytes <= PART_BYTES ? putWhole : putInParts;
      await put(putter, await withDigest(output, signal), signal);
    },
    isThere: (output, signal) => isThere(getter, output, signal),
  };
}

/** The whole of a small object by one call, and of a large one the first part. */
async function open(client: S3Client, object: ObjectEvent, signal: AbortSignal): Promise<OpenedObject> {
  const first = await getFirst(client, object, signal);
  const { eTag } = first;
  let unread: Readable | undefined = first.body;
  return {
    bytes: first.bytes,
    metadata: first.metadata,
    source: async ({ start, end }, cutOff) => {
      const opened = unread;
      if (start === 0 && opened !== undefined) {
        unread = undefined;
        return addAbortSignal(cutOff, opened);
      }
      const pinned = { ...object, eTag };
      const { body } = await get(client, pinned, `bytes=${start}-${end - 1}`, cutOff).catch(asDownloadError);
      return body;
    },
    close: () => unread?.destroy(),
  };
}

async function getFirst(client: S3Client, object: ObjectEvent, signal: AbortSignal) {
  try {
    return await get(client, object, `bytes=0-${PART_BYTES - 1}`, signal);
  } catch (thrown) {
    if (objectFault(thrown).kind === 'empty') {
      return get(client, object, undefined, signal);
    }
    throw thrown;
  }
}

async function get(
  client: S3Client,
  { bucket, key, versionId, eTag }: Pick<ObjectEvent, 'bucket' | 'key' | 'versionId' | 'eTag'>,
  range: string | undefined,
  signal: AbortSignal,
) {
  const pin =
    versionId === undefined ? { IfMatch: eTag === undefined ? undefined : `"${eTag}"` } : { VersionId: versionId };
  const command = new GetObjectCommand({ Bucket: bucket, Key: key, Range: range, ...pin });
  const { Body, ContentLength, ContentRange, ETag, Metadata } = await client.send(command, { abortSignal: signal });
  if (!(Body instanceof Readable)) {
    throw new Error('S3 answered without a body');
  }
  const total = ContentRange?.split('/').at(-1) ?? ContentLength;
  return {
    body: addAbortSignal(signal, Body),
    bytes: Number(total),
    eTag: ETag?.replaceAll('"', '') ?? eTag,
    metadata: Metadata ?? {},
  };
}

function asDownloadError(thrown: unknown): never {
  const isTransient = !(thrown instanceof Error) || isPassing(thrown);
  throw new DownloadError(isTransient ? 'transient' : 'permanent', messageOf(thrown), { cause: thrown });
}

/**
 * The metadata under which an output has the SHA-256 of its bytes; without `x-amz-meta-`. S3's own sums say nothing of a
 * file here: an ETag depends on how the object is encrypted, and that of an upload in parts on the parts.
 */
const DIGEST_METADATA = 'overtime-sha256';

async function withDigest(output: Output, signal: AbortSignal): Promise<Output> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(output.file, { signal }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
  }
  return { ...output, metadata: { ...output.metadata, [DIGEST_METADATA]: hash.digest('hex') } };
}

async function isThere(client: S3Client, output: Output, signal: AbortSignal): Promise<boolean> {
  try {
    const head = new HeadObjectCommand({ Bucket: output.bucket, Key: output.key });
    const { ContentLength, Metadata } = await client.send(head, { abortSignal: signal });
    if (ContentLength !== output.bytes) {
      return false;
    }
    const { metadata } = await withDigest(output, signal);
    return Object.entries(metadata).every(([name, value]) => Metadata?.[name] === value);
  } catch {
    signal.throwIfAborted();
    // Also where the worker may not look: it is uploaded then, once more perhaps.
    return false;
  }
}

async function putWhole(client: S3Client, output: Output, signal: AbortSignal): Promise<void> {
  const command = new PutObjectCommand({ ...paramsOf(output), Body: await readFile(output.file) });
  await client.send(command, { abortSignal: signal });
}

/** What was uploaded of an output that is given up is removed. */
async function putInParts(client: S3Client, output: Output, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const body = createReadStream(output.file);
  const upload = new Upload({
    client,
    params: { ...paramsOf(output), Body: body },
    partSize: Math.max(PART_BYTES, Math.ceil(output.bytes / MOST_PARTS)),
    queueSize: PARTS_AT_ONCE,
  });
  const abort = () => void upload.abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await upload.done();
  } finally {
    signal.removeEventListener('abort', abort);
    body.destroy();
  }
}

/** How they are encrypted is the bucket's business. */
function paramsOf({ bucket, key, contentType, metadata }: Output) {
  return { Bucket: bucket, Key: key, ContentType: contentType, Metadata: { ...metadata } };
}
