import { CodedError } from '../shared/errors';

/** The request is wrong. The message names every wrong field. Nothing was written or started. */
export class InvalidInput extends CodedError {
  readonly code = 'INVALID_INPUT';

  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super('INVALID_INPUT', `The request has ${count}. ${problems.join('. ')}.`);
  }
}

/** The table has no such row. */
export class ScheduleNotFound extends CodedError {
  readonly code = 'SCHEDULE_NOT_FOUND';

  constructor(id: string) {
    super(
      'SCHEDULE_NOT_FOUND',
      `There is no schedule ${JSON.stringify(id)}: the action "list" names those that there are.`,
    );
  }
}

/** A row is there, and cannot be read as a schedule. */
export class ScheduleMalformed extends CodedError {
  readonly code = 'SCHEDULE_MALFORMED';

  constructor(id: string, problems: readonly string[]) {
    super(
      'SCHEDULE_MALFORMED',
      `The row of ${JSON.stringify(id)} is no schedule: ${problems.join('. ')}. Put it anew.`,
    );
  }
}

/** Somebody else has written to the row since its revision was read. Nothing was written. */
export class RevisionConflict extends CodedError {
  readonly code = 'REVISION_CONFLICT';

  constructor(id: string, expected: string | null, found: string | undefined) {
    const wanted = expected === null ? 'to be new' : `to have revision ${expected}`;
    const has = found === undefined ? 'is not there or was just changed' : `has revision ${found}`;
    super(
      'REVISION_CONFLICT',
      `The schedule ${JSON.stringify(id)} was ${wanted}, and ${has}: get it, and decide anew.`,
    );
  }
}

/** The starter started nothing. Its own code is in the message. */
export class StarterRefused extends CodedError {
  readonly code = 'STARTER_REFUSED';

  constructor(id: string, code: string, reason: string) {
    super('STARTER_REFUSED', `The starter did not start ${JSON.stringify(id)}: ${code}: ${reason}`);
  }
}

/** The function's own time was nearly over. What was asked for may or may not be done. */
export class OutOfTime extends CodedError {
  readonly code = 'OUT_OF_TIME';

  constructor() {
    super('OUT_OF_TIME', 'DynamoDB did not answer before the time of the registrar was nearly over: try again.');
  }
}

/** CloudFormation cannot be answered: its event names no address, or the address did not take the answer. */
export class NotAnswered extends CodedError {
  readonly code = 'NOT_ANSWERED';

  constructor(message: string) {
    super('NOT_ANSWERED', message);
  }
}
