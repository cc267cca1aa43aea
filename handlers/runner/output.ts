import { isUtf8 } from 'node:buffer';
import { gzipText } from '../shared/payload';
import type { ObjectPointer, Payload } from '../shared/run';
import { isJson } from './json-bytes';

/**
 * Outputs up to this size lie in the ledger's row. A row holds 400 KB and is billed by the KB each time it is read, so
 * status and list stay cheap while most outputs need no second request.
 */
export const INLINE_OUTPUT_LIMIT_BYTES = 16 * 1_024;

/** DynamoDB nests 32 levels; the row, the payload and their maps take some of them. */
const DEEPEST_INLINE_LEVEL = 28;

/** DynamoDB's smallest positive number. Its largest is beyond JavaScript's safe integers. */
const SMALLEST_NUMBER = 1e-130;

/** The JSON text of what a handler answered. Bytes that are no JSON, which Lambda would pass on, become a JSON string. */
export function outputText(body: Uint8Array): string {
  const text = new TextDecoder().decode(body);
  if (text.trim() === '') {
    return 'null';
  }
  try {
    JSON.parse(text);
    return text;
  } catch {
    return JSON.stringify(text);
  }
}

/**
 * The same as {@link outputText}, as the UTF-8 that is stored: a large answer that is JSON stays the bytes that it is, of
 * which no text and no value is made.
 */
export function outputJson(body: Uint8Array): Uint8Array {
  const isAsItShouldBe = body.byteLength > INLINE_OUTPUT_LIMIT_BYTES && isUtf8(body) && isJson(body);
  return isAsItShouldBe ? body : Buffer.from(outputText(body));
}

/** Where an output, JSON as UTF-8, is kept: in the row, in the row but packed, or as the object `pointer`. */
export function placeOutput(json: Uint8Array, pointer: ObjectPointer): Payload {
  if (json.byteLength > INLINE_OUTPUT_LIMIT_BYTES) {
    return { s3: pointer };
  }
  const text = new TextDecoder().decode(json);
  const value: unknown = JSON.parse(text);
  return isExactInDynamoDB(value, 0) ? { inline: value } : { gzip: gzipText(text) };
}

/** Key of the object that holds an attempt's output. */
export function outputKey(runId: string, attempt: number): string {
  return `outputs/${runId}/${attempt}.json`;
}

// What DynamoDB cannot hold, or the document client would refuse or change on the way.
function isExactInDynamoDB(value: unknown, level: number): boolean {
  if (typeof value === 'number') {
    const size = Math.abs(value);
    return size <= Number.MAX_SAFE_INTEGER && (size === 0 || size >= SMALLEST_NUMBER);
  }
  if (typeof value === 'string') {
    return isWellFormed(value);
  }
  if (typeof value !== 'object' || value === null) {
    return true;
  }
  return (
    level < DEEPEST_INLINE_LEVEL &&
    Object.entries(value).every(
      ([key, part]) => key !== '' && key !== '__proto__' && isWellFormed(key) && isExactInDynamoDB(part, level + 1),
    )
  );
}

/** Half of a surrogate pair stands in JSON as an escape, but has no UTF-8. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
