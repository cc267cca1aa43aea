import type { FailureReason } from './exit-codes';

/** Why a run could not be carried out, as `errorType` in the ledger names it. */
export type RunnerErrorCode =
  | 'FUNCTION_NOT_FOUND'
  | 'FUNCTION_ACCESS_DENIED'
  | 'FUNCTION_LOOKUP_FAILED'
  | 'FUNCTION_ENVIRONMENT_UNREADABLE'
  | 'FUNCTION_PACKAGE_UNREADABLE'
  | 'IMAGE_PACKAGE_NOT_SUPPORTED'
  | 'RUNTIME_NOT_SUPPORTED'
  | 'RUNTIME_MISMATCH'
  | 'IMAGE_OUTDATED'
  | 'CONFIGURATION_OUTDATED'
  | 'ARCHITECTURE_MISMATCH'
  | 'FILE_SYSTEM_NOT_MOUNTED'
  | 'BOOTSTRAP_INVALID'
  | 'LAYER_NOT_FOUND'
  | 'LAYER_ACCESS_DENIED'
  | 'LAYER_LOOKUP_FAILED'
  | 'PACKAGE_DOWNLOAD_FAILED'
  | 'PACKAGE_CORRUPT'
  | 'PACKAGE_UNSAFE'
  | 'STORAGE_FULL'
  | 'INPUT_UNAVAILABLE'
  | 'RUNTIME_START_FAILED'
  | 'LEDGER_UNAVAILABLE'
  | 'OUTPUT_NOT_STORED'
  | 'INTERNAL_ERROR';

const EXIT_REASONS: Readonly<Record<RunnerErrorCode, FailureReason>> = {
  FUNCTION_NOT_FOUND: 'functionUnavailable',
  FUNCTION_ACCESS_DENIED: 'functionUnavailable',
  FUNCTION_LOOKUP_FAILED: 'functionUnavailable',
  FUNCTION_ENVIRONMENT_UNREADABLE: 'functionUnavailable',
  FUNCTION_PACKAGE_UNREADABLE: 'functionUnavailable',
  IMAGE_PACKAGE_NOT_SUPPORTED: 'unsupportedFunction',
  RUNTIME_NOT_SUPPORTED: 'unsupportedFunction',
  RUNTIME_MISMATCH: 'unsupportedFunction',
  IMAGE_OUTDATED: 'unsupportedFunction',
  CONFIGURATION_OUTDATED: 'unsupportedFunction',
  ARCHITECTURE_MISMATCH: 'unsupportedFunction',
  FILE_SYSTEM_NOT_MOUNTED: 'unsupportedFunction',
  BOOTSTRAP_INVALID: 'initError',
  LAYER_NOT_FOUND: 'functionUnavailable',
  LAYER_ACCESS_DENIED: 'functionUnavailable',
  LAYER_LOOKUP_FAILED: 'functionUnavailable',
  PACKAGE_DOWNLOAD_FAILED: 'functionUnavailable',
  PACKAGE_CORRUPT: 'functionUnavailable',
  PACKAGE_UNSAFE: 'functionUnavailable',
  STORAGE_FULL: 'functionUnavailable',
  INPUT_UNAVAILABLE: 'inputUnavailable',
  RUNTIME_START_FAILED: 'initError',
  LEDGER_UNAVAILABLE: 'reportFailed',
  OUTPUT_NOT_STORED: 'reportFailed',
  INTERNAL_ERROR: 'internalError',
};

/** A run that could not be carried out, with the code that the ledger and the exit code tell apart. */
export class RunnerError extends Error {
  readonly code: RunnerErrorCode;
  readonly exitReason: FailureReason;

  constructor(code: RunnerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = code;
    this.code = code;
    this.exitReason = EXIT_REASONS[code];
  }
}

/** The text of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** An AWS error's own name, such as `ThrottlingException`; '' for what is no error. */
export function nameOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.name : '';
}

/** What the system calls an error of its own, such as `ENOENT`; `undefined` for others. */
export function systemCodeOf(thrown: unknown): unknown {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;
}

/** The system's code for a disk without room. */
export const STORAGE_FULL = 'ENOSPC';

/** What to say when the disk is full, whoever noticed. */
export function storageFull(subject: string, message: string): RunnerError {
  return new RunnerError(
    'STORAGE_FULL',
    `${subject} does not fit on the task's disk, which must hold the zips and what is in them: ${message}. ` +
      'Give the task more ephemeralStorageGiB.',
  );
}
