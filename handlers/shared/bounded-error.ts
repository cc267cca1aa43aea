import type { ReportedError } from './run';

interface ErrorLimits {
  readonly typeCharacters: number;
  readonly messageCharacters: number;
  readonly traceLines: number;
  readonly lineCharacters: number;
}

/** Bounds of an error in the ledger, whose rows hold 400 KB. A message may be as long as Step Functions' `cause`. */
const ERROR_LIMITS: ErrorLimits = {
  typeCharacters: 256,
  messageCharacters: 32_768,
  traceLines: 50,
  lineCharacters: 1_024,
};

/** The first so many characters, never half of a surrogate pair. */
export function cut(text: string, characters: number): string {
  if (text.length <= characters) {
    return text;
  }
  const endsInHalf = /[\uD800-\uDBFF]/.test(text.charAt(characters - 1));
  return text.slice(0, endsInHalf ? characters - 1 : characters);
}

/** Half of a surrogate pair has no UTF-8, and DynamoDB takes no row with one: each becomes U+FFFD. */
export function storable(text: string, characters: number): string {
  return Buffer.from(cut(text, characters), 'utf8').toString('utf8');
}

/** An error within its limits, which the ledger can hold. */
export function boundedError(error: ReportedError, limits: ErrorLimits = ERROR_LIMITS): ReportedError {
  const trace = (error.stackTrace ?? []).slice(0, limits.traceLines);
  return {
    errorType: storable(error.errorType, limits.typeCharacters),
    errorMessage: storable(error.errorMessage, limits.messageCharacters),
    ...(trace.length === 0 ? {} : { stackTrace: trace.map((line) => storable(line, limits.lineCharacters)) }),
  };
}
