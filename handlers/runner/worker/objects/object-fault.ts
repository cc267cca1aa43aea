import { messageOf, nameOf } from '../../errors';

/** What S3's refusal to give an object means for its job. */
export type ObjectFault =
  /** It was deleted since, this version or all of it. */
  | { readonly kind: 'gone' }
  /** There is another content under its key, of which S3 tells by an event of its own. */
  | { readonly kind: 'superseded' }
  /** It has no bytes, and so none of the range that was asked for. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * By the names of S3's errors. A version that is a delete marker is answered with MethodNotAllowed.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList and
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html
 */
const KINDS: Readonly<Record<string, 'gone' | 'superseded' | 'empty'>> = {
  NoSuchKey: 'gone',
  NoSuchVersion: 'gone',
  MethodNotAllowed: 'gone',
  PreconditionFailed: 'superseded',
  InvalidRange: 'empty',
};

/**
 * What to say of errors that somebody has to mend.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax
 */
const HINTS: Readonly<Record<string, string>> = {
  AccessDenied:
    'Let the role of the worker do s3:GetObject, or s3:GetObjectVersion where the bucket has versions, with the key that ' +
    'the object is encrypted with. Without s3:ListBucket, S3 says the same of an object that is gone.',
  InvalidObjectState: 'The object is archived: restore it, and send the message again.',
};

/** Reads what a call for an object threw. */
export function objectFault(thrown: unknown): ObjectFault {
  const name = nameOf(thrown);
  const kind = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
  if (kind !== undefined) {
    return { kind };
  }
  const hint = Object.hasOwn(HINTS, name) ? HINTS[name] : undefined;
  return { kind: 'failed', reason: `${name}: ${messageOf(thrown)}${hint === undefined ? '' : ` ${hint}`}` };
}
