import type { ServerResponse } from 'node:http';
import type { ReportedError } from '../../shared/run';
import { headerValue } from './http';
import { INVOCATION_HEADERS } from './protocol';
import type { Refusal } from './refusal';
import { INITIAL_STATE, type RuntimeEvent, transition } from './state';

export interface Invocation {
  readonly requestId: string;
  readonly functionArn: string;
  readonly deadline: Date;
  readonly traceId: string;
  /** JSON text. */
  readonly input: string;
  /**
   * JSON text of the caller's `ClientContext`.
   *
   * @default - the runtime hears of none
   */
  readonly clientContext?: string;
  /**
   * JSON text of the Amazon Cognito identity that called.
   *
   * @default - the runtime hears of none
   */
  readonly cognitoIdentity?: string;
}

/** How the runtime's start went. */
export type StartReport = { readonly kind: 'ready' } | { readonly kind: 'init-error'; readonly error: ReportedError };

/** How an invocation was answered. */
export type Answer =
  | { readonly kind: 'response'; readonly body: Buffer }
  | { readonly kind: 'reported'; readonly error: ReportedError }
  | { readonly kind: 'response-too-large'; readonly limitBytes: number };

/** The conversation with one runtime: its state, its invocation, and the request for work that it waits on. */
export class Exchange {
  #state = INITIAL_STATE;
  #waiting: ServerResponse | undefined;
  #invocation: Invocation | undefined;
  #isDelivered = false;

  /** Takes the event, or says why it is refused. The state moves only when the event is taken. */
  take(event: RuntimeEvent): Refusal | undefined {
    const result = transition(this.#state, event);
    if (result.kind === 'refused') {
      return result;
    }
    this.#state = result.state;
    return undefined;
  }

  /** Whether the runtime waits for work. */
  get isReady(): boolean {
    return this.#state.name === 'Ready';
  }

  /** Whether the runtime has been given the invocation sent last: what it was not given, it has not begun. */
  get isDelivered(): boolean {
    return this.#isDelivered;
  }

  /**
   * Keeps a request open until there is work; the one that is there already goes out at once. An older request is a
   * broken connection's, and is dropped.
   */
  wait(response: ServerResponse): void {
    this.#waiting?.destroy();
    this.#waiting = response;
    response.once('close', () => {
      if (this.#waiting === response) {
        this.#waiting = undefined;
      }
    });
    if (this.#state.name === 'Running') {
      this.#deliver();
    }
  }

  /**
   * Hands the invocation to the runtime: at once, or where its connection has broken when it asks again.
   *
   * @throws {Error} when it is not the runtime's turn
   */
  send(invocation: Invocation): void {
    const refusal = this.take({ name: 'invoke', requestId: invocation.requestId });
    if (refusal !== undefined) {
      throw new Error(`The runtime is not waiting for work: ${refusal.errorMessage}`);
    }
    this.#invocation = invocation;
    this.#isDelivered = false;
    this.#deliver();
  }

  #deliver(): void {
    const response = this.#waiting;
    const invocation = this.#invocation;
    if (response === undefined || invocation === undefined || response.destroyed) {
      return;
    }
    this.#waiting = undefined;
    this.#isDelivered = true;
    // As bytes: with a text Node.js would send the headers, too, in the encoding of the text.
    const body = Buffer.from(invocation.input, 'utf8');
    response.writeHead(200, {
      ...invocationHeaders(invocation),
      'Content-Type': 'application/json',
      'Content-Length': body.byteLength,
    });
    response.end(body);
  }
}

function invocationHeaders(invocation: Invocation): Record<string, string> {
  const { clientContext, cognitoIdentity } = invocation;
  return {
    [INVOCATION_HEADERS.requestId]: invocation.requestId,
    [INVOCATION_HEADERS.deadlineMs]: String(invocation.deadline.getTime()),
    [INVOCATION_HEADERS.functionArn]: invocation.functionArn,
    [INVOCATION_HEADERS.traceId]: invocation.traceId,
    ...(clientContext === undefined ? {} : { [INVOCATION_HEADERS.clientContext]: headerValue(clientContext) }),
    ...(cognitoIdentity === undefined ? {} : { [INVOCATION_HEADERS.cognitoIdentity]: headerValue(cognitoIdentity) }),
  };
}
