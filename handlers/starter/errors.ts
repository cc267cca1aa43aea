import { CodedError } from '../shared/errors';

/** The request is wrong. The message names every wrong field. Nothing was started. */
export class InvalidInput extends CodedError {
  readonly code = 'INVALID_INPUT';

  constructor(message: string) {
    super('INVALID_INPUT', message);
  }
}

/** Lambda knows no function of that name. Nothing was started. */
export class FunctionNotFound extends CodedError {
  readonly code = 'FUNCTION_NOT_FOUND';

  constructor(message: string, options?: ErrorOptions) {
    super('FUNCTION_NOT_FOUND', message, options);
  }
}

/** The starter's role may not read the function. Nothing was started. */
export class FunctionAccessDenied extends CodedError {
  readonly code = 'FUNCTION_ACCESS_DENIED';

  constructor(message: string, options?: ErrorOptions) {
    super('FUNCTION_ACCESS_DENIED', message, options);
  }
}

/** ECS has no task definition of that name that is ACTIVE. Nothing was started. */
export class TaskDefinitionNotFound extends CodedError {
  readonly code = 'TASK_DEFINITION_NOT_FOUND';

  constructor(message: string, options?: ErrorOptions) {
    super('TASK_DEFINITION_NOT_FOUND', message, options);
  }
}

/** The starter's role may not read task definitions. Nothing was started. */
export class TaskDefinitionAccessDenied extends CodedError {
  readonly code = 'TASK_DEFINITION_ACCESS_DENIED';

  constructor(message: string, options?: ErrorOptions) {
    super('TASK_DEFINITION_ACCESS_DENIED', message, options);
  }
}

export type RefusalCode =
  | 'IMAGE_NOT_DEPLOYED'
  | 'IMAGE_ENVIRONMENT'
  | 'RUNTIME_NOT_DEPLOYED'
  | 'SIZE_TOO_LARGE'
  | 'PAYLOAD_BUCKET_MISSING'
  | 'OVERRIDES_TOO_LARGE'
  | 'FUNCTION_INCOMPLETE'
  | 'DESTINATION_NOT_ALLOWED'
  | 'TASK_DEFINITION_NOT_ALLOWED'
  | 'TASK_DEFINITION_INACTIVE'
  | 'TASK_DEFINITION_MISMATCH'
  | 'CONTAINER_NOT_FOUND';

/** This deployment cannot run this function or container, or not with this request. Nothing was started. */
export class RunRefused extends CodedError {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(code, message);
    this.code = code;
  }
}

/** The key has been used for another request. Nothing was started. */
export class IdempotencyConflict extends CodedError {
  readonly code = 'IDEMPOTENCY_CONFLICT';

  constructor(message: string) {
    super('IDEMPOTENCY_CONFLICT', message);
  }
}

/** ECS started no task, and the ledger says so. */
export class TaskNotStarted extends CodedError {
  readonly code = 'TASK_NOT_STARTED';

  constructor(message: string, options?: ErrorOptions) {
    super('TASK_NOT_STARTED', message, options);
  }
}

/** The ledger has no such run. */
export class RunNotFound extends CodedError {
  readonly code = 'RUN_NOT_FOUND';

  constructor(runId: string) {
    super(
      'RUN_NOT_FOUND',
      `The ledger has no run ${runId}: give the runId that the starter answered with. Runs leave the ledger when the ` +
        "deployment's retention is over.",
    );
  }
}

/** ECS did not stop a task whose run is CANCELLED. To cancel the run again tries it again. */
export class TaskNotStopped extends CodedError {
  readonly code = 'TASK_NOT_STOPPED';

  constructor(message: string, options?: ErrorOptions) {
    super('TASK_NOT_STOPPED', message, options);
  }
}
