import type { ReportedError } from '../../shared/run';

/** Bounds of an error in the ledger, whose rows hold 400 KB. A message may be as long as Step Functions' `cause`. */
const ERROR_LIMITS = { typeCharacters: 256, messageCharacters: 32_768, traceLines: 50, lineCharacters: 1_024 };

/** The first so many characters, never half of a surrogate pair. */
export function cut(text: string, characters: number): string {
  if (text.length <= characters) {
    return text;
  }
  const endsInHalf = /[\uD800-\uDBFF]/.test(text.charAt(characters - 1));
  return text.slice(0, endsInHalf ? characters - 1 : characters);
}

/** Half of a surrogate pair has no UTF-8, and DynamoDB takes no row with one: each becomes U+FFFD. */
function storable(text: string, characters: number): string {
  return Buffer.from(cut(text, characters), 'utf8').toString('utf8');
}

/** An error within {@link ERROR_LIMITS}, which the ledger can hold. */
export function boundedError(error: ReportedError): ReportedError {
  const trace = error.stackTrace ?? [];
  return {
    errorType: storable(error.errorType, ERROR_LIMITS.typeCharacters),
    errorMessage: storable(error.errorMessage, ERROR_LIMITS.messageCharacters),
    ...(trace.length === 0
      ? {}
      : {
          stackTrace: trace
            .slice(0, ERROR_LIMITS.traceLines)
            .map((line) => storable(line, ERROR_LIMITS.lineCharacters)),
        }),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

// Node.js calls it `trace`, Python, Ruby and Java `stackTrace`; .NET sends one text.
function traceOf(document: Record<string, unknown>): readonly string[] {
  const trace = document['trace'] ?? document['stackTrace'];
  if (typeof trace === 'string') {
    return trace.split('\n');
  }
  return Array.isArray(trace) ? trace.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))) : [];
}

/**
 * The error that a runtime posted. Runtimes word errors in several ways and may post no JSON at all: what cannot be
 * read as an error becomes the message.
 */
export function parseReportedError(body: string, typeHeader: string | undefined): ReportedError {
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch {
    document = undefined;
  }
  if (typeof document !== 'object' || document === null) {
    return boundedError({ errorType: typeHeader ?? 'Runtime.UnknownReason', errorMessage: body });
  }
  const fields: Record<string, unknown> = { ...document };
  return boundedError({
    errorType: textOf(fields['errorType']) ?? typeHeader ?? 'Runtime.UnknownReason',
    errorMessage: textOf(fields['errorMessage']) ?? '',
    stackTrace: traceOf(fields),
  });
}
