import { parseJson } from '../shared/parse-json';
import { isMap } from '../shared/schedule/row-fields';
import type { Row, StartResult } from './ports';

/** What Lambda answers to an invocation of the starter. */
export interface InvocationAnswer {
  readonly functionError: string | undefined;
  readonly payload: string;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** The starter's answer: a run, or the code and message of its error. */
export function readStartAnswer({ functionError, payload }: InvocationAnswer): StartResult {
  const parsed = parseJson(payload);
  const answer: Row = isMap(parsed) ? parsed : {};
  const runId = textOf(answer['runId']);
  if (functionError === undefined && runId !== undefined) {
    return { kind: 'started', runId, status: textOf(answer['status']) ?? 'UNKNOWN' };
  }
  return {
    kind: 'refused',
    code: textOf(answer['errorType']) ?? functionError ?? 'UNKNOWN',
    reason: textOf(answer['errorMessage']) ?? 'its answer has no runId',
  };
}
