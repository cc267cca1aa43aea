import type * as v from 'valibot';
import type { ObjectEvent, SkippedRecord } from './object-event';
import type { BusEventSchema, NotificationRecordSchema } from './schemas';

/** What one part of an event turned out to be. */
export type Found =
  | { readonly kind: 'object'; readonly object: ObjectEvent }
  | { readonly kind: 'skipped'; readonly skipped: SkippedRecord }
  | { readonly kind: 'test' }
  | { readonly kind: 'problem'; readonly problem: string };

/** After these the object is there. All others tell of one that is gone, or that was there before. */
const CREATED = /^ObjectCreated:|^Object Created$/;

/** As the version of an object is called that was written while versioning was suspended. */
const NO_VERSION = 'null';

/** Half of a pair of UTF-16: JSON can hold it, a key of S3, which is UTF-8, cannot. */
export const HALF_CHARACTER = /\p{Surrogate}/u;

/**
 * Undoes the encoding of S3's notifications, which is that of HTML forms; `undefined` for what is not so encoded.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
function decodeKey(rawKey: string): string | undefined {
  try {
    const key = decodeURIComponent(rawKey.replaceAll('+', ' '));
    return HALF_CHARACTER.test(key) ? undefined : key;
  } catch {
    return undefined;
  }
}

function judge(object: ObjectEvent): Found {
  const { bucket, key, eventName, sizeBytes } = object;
  if (!CREATED.test(eventName)) {
    return { kind: 'skipped', skipped: { reason: 'not-created', bucket, key, eventName } };
  }
  // The console makes one for each new folder.
  return key.endsWith('/') && sizeBytes === 0
    ? { kind: 'skipped', skipped: { reason: 'folder', bucket, key, eventName } }
    : { kind: 'object', object };
}

function versionOf(versionId: string | null | undefined): string | undefined {
  return versionId === NO_VERSION ? undefined : (versionId ?? undefined);
}

/** One record of a notification; `where` it stands is said of a key that cannot be read. */
export function readNotification(
  source: unknown,
  { eventName, eventTime, awsRegion, s3 }: v.InferOutput<typeof NotificationRecordSchema>,
  where: string,
): Found {
  const { key: rawKey, versionId, eTag, sequencer, size } = s3.object;
  const key = decodeKey(rawKey);
  if (key === undefined) {
    return {
      kind: 'problem',
      problem: `The key in ${where} is not encoded as S3 encodes it: write % as %25, + as %2B and a space as +`,
    };
  }
  return judge({
    bucket: s3.bucket.name,
    key,
    rawKey,
    versionId: versionOf(versionId),
    eTag: eTag ?? undefined,
    sequencer: sequencer ?? undefined,
    sizeBytes: size ?? undefined,
    eventName,
    eventTime: eventTime ?? undefined,
    region: awsRegion ?? undefined,
    source,
  });
}

/** An event of EventBridge, which has the key as it is. */
export function readBusEvent(source: unknown, event: v.InferOutput<typeof BusEventSchema>, where: string): Found {
  const { bucket, object } = event.detail;
  if (HALF_CHARACTER.test(object.key)) {
    return {
      kind: 'problem',
      problem: `The key in ${where} is no text that UTF-8 can hold: give the key of an object`,
    };
  }
  return judge({
    bucket: bucket.name,
    key: object.key,
    rawKey: object.key,
    versionId: versionOf(object['version-id']),
    eTag: object.etag ?? undefined,
    sequencer: object.sequencer ?? undefined,
    sizeBytes: object.size ?? undefined,
    eventName: event['detail-type'],
    eventTime: event.time ?? undefined,
    region: event.region ?? undefined,
    source,
  });
}
