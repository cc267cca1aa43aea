import { EventEmitter, once } from 'node:events';
import { type AwsAnswer, type AwsRequest, type AwsServer, startAwsServer } from '../aws-server';
import { afterPatience } from '../patient-timer';

/** A task of the activity, as a state of a state machine would have it. */
export interface TaskRequest {
  readonly name: string;
  /** Sent as it is, so that it need not be JSON. */
  readonly input: string;
  /** The state's HeartbeatSeconds. @default - none */
  readonly heartbeatMilliseconds?: number;
  /** Names of errors after which the state tries again. @default - none */
  readonly retry?: readonly string[];
}

export interface TaskEnd {
  readonly kind: 'succeeded' | 'failed';
  readonly output?: unknown;
  readonly error?: string;
  readonly cause?: string;
}

/** What the server's book says of a task. */
interface Entry {
  readonly request: TaskRequest;
  /** How often it has been given to a worker, and the last token. */
  attempts: number;
  token: string | undefined;
  readonly ends: TaskEnd[];
  /** Ends the time in which a heartbeat is to come. */
  stopWatch: () => void;
}

interface Waiting {
  readonly answer: (entry: Entry | undefined) => void;
}

const LIMITS = { output: 262_144, error: 256, cause: 32_768 } as const;

/**
 * An activity of Step Functions on loopback: holds polls, gives each task to one worker at a time under a new token,
 * takes it away when its heartbeats stay out, tries again as the state says, and keeps the book. It takes what the real
 * API takes and no more.
 */
export class FakeStepFunctions {
  readonly #entries = new Map<string, Entry>();
  readonly #byToken = new Map<string, Entry>();
  readonly #queue: Entry[] = [];
  readonly #polls: Waiting[] = [];
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #server: AwsServer | undefined;
  #tokens = 0;
  /** How long a poll is held that brings nothing; the real one holds it for 60 s. */
  holdMilliseconds = 300;
  /**
   * By action: errors that come before calls go well, each used up by one; `lost` breaks the connection, and
   * `answer-lost` does so after the call has taken effect; an empty one is none.
   */
  readonly faults = new Map<string, string[]>();
  /** Told of each request before it is answered, with the task's name where there is one. */
  onRequest: (name: string) => void = () => undefined;
  /** Every request in order, such as `SendTaskHeartbeat first`. */
  readonly requests: string[] = [];
  readonly workerNames = new Set<string>();

  async start(): Promise<void> {
    this.#server = await startAwsServer((request) => this.#answer(request));
  }

  get endpoint(): string {
    return this.#server?.endpoint ?? '';
  }

  async close(): Promise<void> {
    for (const entry of this.#entries.values()) {
      entry.stopWatch();
    }
    await this.#server?.close();
  }

  schedule(request: TaskRequest): void {
    const entry: Entry = { request, attempts: 0, token: undefined, ends: [], stopWatch: () => undefined };
    this.#entries.set(request.name, entry);
    this.#offer(entry);
  }

  /** Resolves when the task has ended for good. */
  async ended(name: string): Promise<TaskEnd> {
    for (;;) {
      const end = this.#entries.get(name)?.ends[0];
      if (end !== undefined) {
        return end;
      }
      await once(this.#changes, 'change');
    }
  }

  /** Resolves once that request has come so many times. */
  async seen(request: string, times = 1): Promise<void> {
    while (this.requests.filter((name) => name === request).length < times) {
      await once(this.#changes, 'change');
    }
  }

  /** Resolves when so many polls wait. */
  async polled(polls: number): Promise<void> {
    while (this.#polls.length < polls) {
      await once(this.#changes, 'change');
    }
  }

  get waitingPolls(): number {
    return this.#polls.length;
  }

  /** How often each task was given out, and how it ended. */
  book(): readonly { readonly name: string; readonly attempts: number; readonly ends: readonly TaskEnd[] }[] {
    return [...this.#entries.values()].map(({ request, attempts, ends }) => ({ name: request.name, attempts, ends }));
  }

  /** Resolves once so many tasks have ended for good. */
  async endedInAll(count: number): Promise<void> {
    while ([...this.#entries.values()].filter(({ ends }) => ends.length > 0).length < count) {
      await once(this.#changes, 'change');
    }
  }

  /** Takes the task away from its worker, as a state's TimeoutSeconds does, or what else `error` names. */
  abandon(name: string, error = 'States.Timeout'): void {
    const entry = this.#entries.get(name);
    if (entry !== undefined) {
      this.#fail(entry, error);
    }
  }

  #offer(entry: Entry): void {
    const poll = this.#polls.shift();
    if (poll === undefined) {
      this.#queue.push(entry);
    } else {
      poll.answer(entry);
    }
  }

  #give(entry: Entry): AwsAnswer {
    this.#tokens += 1;
    entry.attempts += 1;
    entry.token = `token-${this.#tokens}-of-${entry.request.name}`;
    this.#byToken.set(entry.token, entry);
    this.#watch(entry);
    return { body: { taskToken: entry.token, input: entry.request.input } };
  }

  #watch(entry: Entry): void {
    entry.stopWatch();
    const { heartbeatMilliseconds } = entry.request;
    if (heartbeatMilliseconds !== undefined) {
      entry.stopWatch = afterPatience(heartbeatMilliseconds, () => this.#fail(entry, 'States.HeartbeatTimeout'));
    }
  }

  #fail(entry: Entry, error: string, cause = ''): void {
    entry.stopWatch();
    entry.token = undefined;
    if (entry.request.retry?.includes(error) === true) {
      this.#offer(entry);
    } else {
      entry.ends.push({ kind: 'failed', error, cause });
    }
    this.#changes.emit('change');
  }

  async #answer(request: AwsRequest): Promise<AwsAnswer> {
    const input = JSON.parse(request.body);
    const entry = this.#byToken.get(input.taskToken);
    const name = entry === undefined ? request.action : `${request.action} ${entry.request.name}`;
    this.requests.push(name);
    this.onRequest(name);
    this.#changes.emit('change');
    const fault = (this.faults.get(name) ?? this.faults.get(request.action))?.shift();
    if (fault !== undefined && fault !== '' && fault !== 'answer-lost') {
      return fault === 'lost' ? { isLost: true } : refusal(fault);
    }
    if (request.action === 'GetActivityTask') {
      this.workerNames.add(input.workerName);
      return this.#poll(request.gone);
    }
    const isLive = entry !== undefined && entry.token === input.taskToken;
    if (!isLive) {
      return refusal(entry === undefined ? 'InvalidToken' : 'TaskTimedOut');
    }
    return { ...this.#take(request.action, entry, input), isLost: fault === 'answer-lost' };
  }

  #poll(gone: AbortSignal): Promise<AwsAnswer> {
    const next = this.#queue.shift();
    if (next !== undefined) {
      return Promise.resolve(this.#give(next));
    }
    return new Promise((resolve) => {
      const leave = () => {
        const index = this.#polls.indexOf(waiting);
        if (index !== -1) {
          this.#polls.splice(index, 1);
        }
        waiting.answer(undefined);
      };
      const held = setTimeout(leave, this.holdMilliseconds);
      const waiting: Waiting = {
        answer: (entry) => {
          clearTimeout(held);
          resolve(entry === undefined ? { body: {} } : this.#give(entry));
        },
      };
      gone.addEventListener('abort', leave, { once: true });
      this.#polls.push(waiting);
      this.#changes.emit('change');
    });
  }

  #take(action: string, entry: Entry, input: Readonly<Record<string, unknown>>): AwsAnswer {
    const { output, error = '', cause = '' } = input;
    switch (action) {
      case 'SendTaskHeartbeat':
        this.#watch(entry);
        return {};
      case 'SendTaskSuccess':
        if (typeof output !== 'string' || Buffer.byteLength(output) > LIMITS.output) {
          return refusal('ValidationException');
        }
        if (!isJson(output)) {
          return refusal('InvalidOutput');
        }
        entry.stopWatch();
        entry.token = undefined;
        entry.ends.push({ kind: 'succeeded', output: JSON.parse(output) });
        this.#changes.emit('change');
        return {};
      default:
        if (String(error).length > LIMITS.error || String(cause).length > LIMITS.cause) {
          return refusal('ValidationException');
        }
        this.#fail(entry, String(error), String(cause));
        return {};
    }
  }
}

function refusal(name: string): AwsAnswer {
  if (name === 'unavailable') {
    return { status: 503, body: { message: 'later' } };
  }
  return {
    status: 400,
    headers: { 'x-amzn-errortype': name },
    body: { __type: name, message: 'a fault' },
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
