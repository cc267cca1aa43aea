import { gunzipSync, gzipSync } from 'node:zlib';
import { CodedError } from './errors';
import type { ObjectPointer, Payload } from './run';

/** A payload that cannot be read: damaged or cut. The message never quotes the payload. */
class PayloadError extends CodedError {
  readonly code = 'INVALID_PAYLOAD';

  constructor(message: string, options?: ErrorOptions) {
    super('INVALID_PAYLOAD', message, options);
  }
}

/** How many bytes the text takes as UTF-8: what Lambda, S3 and DynamoDB count. */
export function utf8Bytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** The text gzipped, in base64. The same text gives the same result on one version of Node.js: gzip's time is zero. */
export function gzipText(text: string): string {
  return gzipSync(text, { level: 9 }).toString('base64');
}

/**
 * The text that {@link gzipText} packed.
 *
 * @throws {PayloadError} when it is not gzip in base64
 */
export function gunzipText(packed: string): string {
  try {
    return gunzipSync(Buffer.from(packed, 'base64')).toString('utf8');
  } catch (cause) {
    throw new PayloadError('The payload is not gzip in base64: it was damaged or cut on its way.', { cause });
  }
}

/**
 * The JSON text of a payload. `fetchText` reads an object of the payload bucket and is called for pointers alone.
 *
 * @throws {PayloadError} when it is not gzip in base64; whatever `fetchText` throws passes on
 */
export async function payloadText(
  payload: Payload,
  fetchText: (pointer: ObjectPointer) => Promise<string>,
): Promise<string> {
  if ('inline' in payload) {
    return JSON.stringify(payload.inline);
  }
  return 'gzip' in payload ? gunzipText(payload.gzip) : fetchText(payload.s3);
}
