import { CodedError } from '../shared/errors';

// What Lambda writes of an error goes into the log, which more people read than the table: no message quotes an event.

/** No rule matches, and the policy is to fail. */
export class NoRuleMatches extends CodedError {
  readonly code = 'NO_RULE_MATCHES';

  constructor() {
    super(
      'NO_RULE_MATCHES',
      'No rule matches the event: give it one in rules of the database-trigger module, or set no_match there. Nothing was started.',
    );
  }
}

/** The starter answered with an error. Lambda tries an asynchronous event again, under the same key. */
export class StarterRefused extends CodedError {
  readonly code = 'STARTER_REFUSED';

  constructor(readonly starterCode: string) {
    super(
      'STARTER_REFUSED',
      `The starter answered ${starterCode}: its log has the reason, and docs/operations.md what to do.`,
    );
  }
}

/** The starter could not be invoked, or its answer is none. */
export class StarterUnreachable extends CodedError {
  readonly code = 'STARTER_UNREACHABLE';

  constructor(reason: string, options?: ErrorOptions) {
    super('STARTER_UNREACHABLE', `The starter could not be asked: ${reason}`, options);
  }
}

/** Another invocation is making a run of the same rows. SQS gives the message again. */
export class WindowBusy extends CodedError {
  readonly code = 'WINDOW_BUSY';

  constructor() {
    super('WINDOW_BUSY', 'Another invocation is making a run of the same rows: the message comes again.');
  }
}
