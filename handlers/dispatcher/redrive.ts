import type { ObjectEvent } from '../shared/object-event/object-event';
import { parseObjectEvents } from '../shared/object-event/parse';
import type { ObjectName, StoredObject } from './ports';

/** The key as S3's notifications encode it: like the value of a form, but for the slashes. */
function encodeKey(key: string): string {
  return encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/');
}

/** `arn:PARTITION:lambda:REGION:...` */
function placeOf(functionArn: string): { readonly partition: string; readonly region: string } {
  const [, partition = 'aws', , region = ''] = functionArn.split(':');
  return { partition, region };
}

/**
 * The event that S3 would send for an object that is there: whoever reads the queue need not know that somebody asked
 * for it by hand.
 */
export function storedObjectEvent(
  { bucket, key }: ObjectName,
  stored: Extract<StoredObject, { kind: 'there' }>,
  functionArn: string,
): ObjectEvent | undefined {
  const { partition, region } = placeOf(functionArn);
  const { modifiedAt, sizeBytes, eTag, versionId } = stored;
  const record = {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: region,
    ...(modifiedAt === undefined ? {} : { eventTime: modifiedAt }),
    eventName: 'ObjectCreated:Put',
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'overtime-dispatch',
      bucket: { name: bucket, arn: `arn:${partition}:s3:::${bucket}` },
      object: {
        key: encodeKey(key),
        ...(sizeBytes === undefined ? {} : { size: sizeBytes }),
        ...(eTag === undefined ? {} : { eTag }),
        ...(versionId === undefined ? {} : { versionId }),
      },
    },
  };
  const read = parseObjectEvents({ Records: [record] });
  return read.kind === 'objects' ? read.objects[0] : undefined;
}
