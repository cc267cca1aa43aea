import type { ObjectEvent } from '../../../shared/object-event/object-event';
import type { RunnerError } from '../../errors';
import type { Failure } from '../../outcome';
import type { Carried } from '../executor';

/** What one object's job came to. */
export type ObjectResult =
  | { readonly kind: 'done'; readonly outputs: readonly string[] }
  /** Nothing was to be done: it was done before, or it is an output itself, or it is not there any more. */
  | { readonly kind: 'skipped'; readonly reason: 'done-before' | 'output' | 'gone' | 'superseded' }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly verdict?: Carried['verdict'] };

export interface ObjectEnd {
  readonly object: Pick<ObjectEvent, 'bucket' | 'key'>;
  readonly result: ObjectResult;
}

/** What a message with objects comes to; a job without objects succeeds. */
export function messageResult(ends: readonly ObjectEnd[]): Pick<Carried, 'outcome' | 'verdict'> {
  const failed = ends.flatMap(({ object, result }) => (result.kind === 'failed' ? [{ object, ...result }] : []));
  // Whoever stops the worker, or has the message now, decides; then what may go well later; poison waits for all others.
  const deciding =
    failed.find(({ failure }) => failure.status === 'INTERRUPTED' || failure.status === 'CANCELLED') ??
    failed.find(({ verdict }) => verdict === undefined) ??
    failed.find(({ verdict }) => verdict === 'return') ??
    failed[0];
  if (deciding === undefined) {
    const body = { objects: ends.map(({ object: { bucket, key }, result }) => ({ bucket, key, ...result })) };
    return {
      outcome: { status: 'SUCCEEDED', exitReason: 'succeeded', body: new TextEncoder().encode(JSON.stringify(body)) },
      verdict: ends.some(({ result }) => mayComeAgain(result)) ? 'forget' : undefined,
    };
  }
  const { failure, verdict } = deciding;
  const alike = failed.filter((each) => each.failure.status === failure.status && each.verdict === verdict);
  const errorMessage =
    ends.length === 1
      ? failure.error.errorMessage
      : alike.map(({ object, failure: { error } }) => `${urlOf(object)}: ${error.errorMessage}`).join('\n');
  return { outcome: { ...failure, error: { ...failure.error, errorMessage } }, verdict };
}

/** Whether nobody can say that the object was done: with the same bytes it may be there again. */
export function mayComeAgain(result: ObjectResult): boolean {
  return result.kind === 'skipped' && (result.reason === 'gone' || result.reason === 'superseded');
}

function urlOf({ bucket, key }: ObjectEnd['object']): string {
  return `s3://${bucket}/${key}`;
}

/** What can never work, and why. */
export function poison(errorType: string, errorMessage: string): Extract<ObjectResult, { kind: 'failed' }> {
  return {
    kind: 'failed',
    failure: { status: 'FAILED', exitReason: 'inputUnavailable', error: { errorType, errorMessage } },
    verdict: 'reject',
  };
}

/** A zip that cannot be unpacked is the same zip the next time. */
const POISON_CODES: Readonly<Partial<Record<RunnerError['code'], string>>> = {
  PACKAGE_CORRUPT: 'ARCHIVE_CORRUPT',
  PACKAGE_UNSAFE: 'ARCHIVE_UNSAFE',
};

/** Why an object could not be fetched, or its outputs not be stored. */
export function resultOfError({ code, exitReason, message }: RunnerError): ObjectResult {
  const poisonCode = POISON_CODES[code];
  return poisonCode === undefined
    ? {
        kind: 'failed',
        failure: { status: 'FAILED', exitReason, error: { errorType: code, errorMessage: message } },
      }
    : poison(poisonCode, message);
}
