import { boundedError } from '../../shared/bounded-error';
import type { ReportedError } from '../../shared/run';

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
