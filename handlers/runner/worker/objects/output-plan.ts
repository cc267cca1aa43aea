import type { ObjectEvent } from '../../../shared/object-event/object-event';
import { outputMark } from '../../../shared/object-event/output-mark';
import { utf8Bytes } from '../../../shared/payload';
import { contentType } from './content-type';
import type { ObjectSettings } from './object-settings';

/** A file that the command has left. */
export interface OutputFile {
  readonly file: string;
  /** Its path in the output folder, parted by slashes. */
  readonly name: string;
  readonly bytes: number;
}

/** A file on its way to S3. */
export interface Output extends Pick<OutputFile, 'file' | 'bytes'> {
  readonly bucket: string;
  readonly key: string;
  readonly contentType: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export type OutputPlan =
  | { readonly kind: 'planned'; readonly outputs: readonly Output[] }
  /** Nothing is uploaded, as not all of it can be. */
  | { readonly kind: 'refused'; readonly reason: string };

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const KEY_BYTES = 1_024;

/** Where each file goes: beside the object, or there under the prefix or in the bucket that takes outputs. */
export function planOutputs(
  object: Pick<ObjectEvent, 'bucket' | 'key'>,
  source: { readonly jobId: string; readonly queueUrl: string },
  files: readonly OutputFile[],
  { outputBucket, outputPrefix }: Pick<ObjectSettings, 'outputBucket' | 'outputPrefix'>,
): OutputPlan {
  const metadata = outputMark(source.jobId, source.queueUrl);
  const bucket = outputBucket ?? object.bucket;
  const folder = object.key.slice(0, object.key.lastIndexOf('/') + 1);
  const outputs = files.map(({ file, name, bytes }) => ({
    file,
    bytes,
    bucket,
    key: `${outputPrefix}${folder}${name}`,
    contentType: contentType(name),
    metadata,
  }));
  const tooLong = outputs.find(({ key }) => utf8Bytes(key) > KEY_BYTES);
  if (tooLong !== undefined) {
    return {
      kind: 'refused',
      reason: `The key of the output "${tooLong.key}" has more than the ${KEY_BYTES} bytes that S3 takes.`,
    };
  }
  if (outputs.some(({ key }) => bucket === object.bucket && key === object.key)) {
    return {
      kind: 'refused',
      reason:
        `The output "${object.key}" would replace the object that it was made of: leave it under another name, or set ` +
        'OVERTIME_OUTPUT_PREFIX or OVERTIME_OUTPUT_BUCKET.',
    };
  }
  return { kind: 'planned', outputs };
}
