import { type FinalStatus, isFinal, type ReportedError, type RunRecord } from '../run';

/** A run that has ended. */
export type FinalRun = RunRecord & { readonly status: FinalStatus };

export function isFinalRun(record: RunRecord): record is FinalRun {
  return isFinal(record.status);
}

const ERROR_TYPES: Readonly<Record<Exclude<FinalStatus, 'SUCCEEDED'>, string>> = {
  FAILED: 'Overtime.Failed',
  TIMED_OUT: 'Overtime.TimedOut',
  INTERRUPTED: 'Overtime.Interrupted',
  CANCELLED: 'Overtime.Cancelled',
  LOST: 'Overtime.Lost',
};

/** Why a run did not succeed: the row's error, or what its status alone says. `undefined` for one that did. */
export function errorOf({
  status,
  error,
  runId,
}: Pick<FinalRun, 'status' | 'error' | 'runId'>): ReportedError | undefined {
  if (status === 'SUCCEEDED') {
    return undefined;
  }
  return error ?? { errorType: ERROR_TYPES[status], errorMessage: `The run ${runId} ended ${status}.` };
}

/** An error as Lambda's Node.js runtime words it, which Step Functions passes on as `Cause`. */
export function lambdaError({ errorType, errorMessage, stackTrace }: ReportedError) {
  return { errorType, errorMessage, trace: stackTrace ?? [] };
}
