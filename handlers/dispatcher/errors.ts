import { CodedError } from '../shared/errors';

/** The event is none that the dispatcher reads, or the request is wrong. Nothing was sent. */
export class InvalidEvent extends CodedError {
  readonly code = 'INVALID_EVENT';

  constructor(problems: readonly string[]) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super('INVALID_EVENT', `The event has ${count}. ${problems.join('. ')}.`);
  }
}

/**
 * Some objects of an event have no message. Lambda tries an asynchronous event again: what was sent is sent once more
 * then, and the workers' claims see to it that it is not worked on twice.
 */
export class MessagesNotSent extends CodedError {
  readonly code = 'MESSAGES_NOT_SENT';

  constructor(failed: number, all: number, reason: string) {
    super(
      'MESSAGES_NOT_SENT',
      `${failed} of ${all} ${all === 1 ? 'object has' : 'objects have'} no message in the queue, the first because of ` +
        `${reason}. The log names each.`,
    );
  }
}

/** ECS knows no such service. The messages are in the queue, and wait. */
export class ServiceNotFound extends CodedError {
  readonly code = 'SERVICE_NOT_FOUND';

  constructor(service: string, cluster: string) {
    super(
      'SERVICE_NOT_FOUND',
      `ECS has no service ${service} in the cluster ${cluster}: deploy the module again, or set OVERTIME_SERVICE.`,
    );
  }
}
