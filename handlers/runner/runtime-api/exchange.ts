import type { ServerResponse } from 'node:http';
import type { ReportedError } from '../../shared/run';
import { INVOCATION_HEADERS } from './protocol';
import { INITIAL_STATE, type Refusal, type RuntimeEvent, transition } from './state';

export interface Invocation {
  readonly requestId: string;
  readonly functionArn: string;
  readonly deadline: Date;
  readonly traceId: string;
  /** JSON text. */
  readonly input: string;
}

/** How the runtime's start went. */
export type StartReport = { readonly kind: 'ready' } | { readonly kind: 'init-error'; readonly error: ReportedError };

/** How an invocation was answered. */
export type Answer =
  | { readonly kind: 'response'; readonly body: Buffer }
  | { readonly kind: 'reported'; readonly error: ReportedError }
  | { readonly kind: 'response-too-large'; readonly limitBytes: number };

/** Hears what the runtime does; each is called as it happens. */
export interface ExchangeListener {
  readonly onReady: () => void;
  readonly onInitError: (error: ReportedError) => void;
  readonly onAnswer: (answer: Answer) => void;
}

/** The conversation with one runtime: its state, the request for work that it waits on, and who hears of it. */
export class Exchange {
  #state = INITIAL_STATE;
  #waiting: ServerResponse | undefined;

  constructor(
    readonly responseLimitBytes: number,
    readonly listener: ExchangeListener,
  ) {}

  /** Takes the event, or says why it is refused. The state moves only when the event is taken. */
  take(event: RuntimeEvent): Refusal | undefined {
    const result = transition(this.#state, event);
    if (result.kind === 'refused') {
      return result;
    }
    this.#state = result.state;
    return undefined;
  }

  /** Keeps the request open until there is work. An older one is a broken connection's, and is dropped. */
  wait(response: ServerResponse): void {
    this.#waiting?.destroy();
    this.#waiting = response;
    this.listener.onReady();
  }

  /** Hands the invocation to the runtime. */
  send(invocation: Invocation): void {
    const refusal = this.take({ name: 'invoke', requestId: invocation.requestId });
    const response = this.#waiting;
    if (refusal !== undefined || response === undefined) {
      throw new Error(`The runtime is not waiting for work: ${refusal?.errorMessage ?? 'no request is open'}`);
    }
    this.#waiting = undefined;
    response.writeHead(200, {
      [INVOCATION_HEADERS.requestId]: invocation.requestId,
      [INVOCATION_HEADERS.deadlineMs]: String(invocation.deadline.getTime()),
      [INVOCATION_HEADERS.functionArn]: invocation.functionArn,
      [INVOCATION_HEADERS.traceId]: invocation.traceId,
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(invocation.input),
    });
    response.end(invocation.input);
  }
}
