import { StarterRefused } from '../../../handlers/router/errors';
import type { Batch, RouterDeps, RowMessage, Rows, StartedRun, WaitingRow } from '../../../handlers/router/ports';
import { parseSettings } from '../../../handlers/router/settings';
import type { LogFields } from '../../../handlers/shared/log';

export const QUEUE_URL = 'https://sqs.eu-west-1.amazonaws.com/123456789012/overtime-rows';
export const QUEUE_ARN = 'arn:aws:sqs:eu-west-1:123456789012:overtime-rows';

export const RULES = [
  {
    pattern: { table: ['purchases'], new: { task: ['BUY'] } },
    request: { taskDefinition: 'buy', environment: { ID: '<$.new.id>' } },
  },
  { pattern: { table: ['visits'] }, request: { arn: 'collect' } },
];

export const ENVIRONMENT = {
  OVERTIME_RULES: JSON.stringify(RULES),
  OVERTIME_STARTER_FUNCTION: 'overtime-starter',
};

export const COALESCING = {
  ...ENVIRONMENT,
  OVERTIME_ROWS_QUEUE_URL: QUEUE_URL,
  OVERTIME_ROWS_TABLE: 'overtime-rows',
  OVERTIME_COALESCE_SECONDS: '30',
  OVERTIME_COALESCE_KEY: '$.new.customer',
  OVERTIME_COALESCE_ROWS: '100',
  OVERTIME_PAYLOAD_BUCKET: 'overtime-payloads',
};

/** The invocation dies here: as Lambda's time-out, a crash or a lost answer of AWS looks to what it leaves behind. */
export class Crash extends Error {}

interface Window {
  readonly rows: Map<string, WaitingRow>;
  readonly done: Set<string>;
  owner: string | undefined;
  until: number;
  batch: Batch | undefined;
}

/** The router's world in memory: a starter that knows its keys again, a queue, and the table of rows. */
export class RouterWorld {
  readonly runs = new Map<string, Readonly<Record<string, unknown>>>();
  readonly sent: RowMessage[] = [];
  readonly uploads = new Map<string, string>();
  readonly lines: { readonly event: string; readonly fields: LogFields }[] = [];
  /** Code of the error with which the starter answers. */
  refusal: string | undefined;
  /** Keys of runs of which the ledger says that they never began. */
  readonly neverBegun = new Set<string>();
  now = Date.parse('2026-11-27T12:00:00Z');
  remainingMilliseconds = 60_000;
  /** At which call of a port the invocation dies, counted from 1, and whether the call has its effect before. */
  crashAt: { readonly call: number; readonly isDone: boolean } | undefined;
  calls = 0;
  readonly #windows = new Map<string, Window>();
  #ids = 0;

  constructor(readonly environment: Readonly<Record<string, string>>) {}

  /** Ids of the rows that wait, of all windows. */
  get waiting(): readonly string[] {
    return [...this.#windows.values()].flatMap(({ rows }) => [...rows.keys()]);
  }

  get deps(): RouterDeps {
    const log = (event: string, fields: LogFields = {}) => this.lines.push({ event, fields });
    return {
      settings: parseSettings(this.environment),
      now: () => new Date(this.now),
      log: { debug: log, info: log, warn: log, error: log },
      sleep: async (milliseconds) => {
        this.now += milliseconds;
      },
      newId: () => {
        this.#ids += 1;
        return `id-${this.#ids}`;
      },
      remainingMilliseconds: () => this.remainingMilliseconds,
      ports: {
        start: (request) => this.#call(() => this.#start(request)),
        sendRow: (message) => this.#call(() => void this.sent.push(message)),
        upload: ({ bucket, key, body }) => this.#call(() => void this.uploads.set(`${bucket}/${key}`, body)),
        rows: this.#rows(),
      },
    };
  }

  #call<Result>(work: () => Result): Promise<Result> {
    this.calls += 1;
    if (this.crashAt?.call === this.calls) {
      if (this.crashAt.isDone) {
        work();
      }
      return Promise.reject(new Crash());
    }
    // So that what a port throws is a rejection.
    return Promise.resolve().then(work);
  }

  #start(request: Readonly<Record<string, unknown>>): StartedRun {
    const key = String(request['idempotencyKey']);
    if (this.refusal === 'TASK_NOT_STARTED') {
      this.neverBegun.add(key);
    }
    if (this.refusal !== undefined || this.neverBegun.has(key)) {
      throw new StarterRefused(this.refusal ?? 'TASK_NOT_STARTED');
    }
    const known = this.runs.get(key);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(request)) {
      throw new StarterRefused('IDEMPOTENCY_CONFLICT');
    }
    this.runs.set(key, request);
    return { runId: `run-${key}`, taskArns: [], taskDefinition: undefined, status: 'PENDING' };
  }

  #window(name: string): Window {
    const window = this.#windows.get(name) ?? {
      rows: new Map(),
      done: new Set(),
      owner: undefined,
      until: 0,
      batch: undefined,
    };
    this.#windows.set(name, window);
    return window;
  }

  #owned(name: string, owner: string): Window {
    const window = this.#window(name);
    if (window.owner !== owner) {
      throw new Error('Another owner has the window');
    }
    return window;
  }

  #rows(): Rows {
    return {
      put: (name, row) =>
        this.#call(() => {
          const { rows, done } = this.#window(name);
          if (done.has(row.id)) {
            return false;
          }
          rows.set(row.id, row);
          return true;
        }),
      hasAny: (name, ids) => this.#call(() => ids.some((id) => this.#window(name).rows.has(id))),
      // In the order of the table's range key, as DynamoDB has them.
      list: (name) =>
        this.#call(() => [...this.#window(name).rows.values()].sort((one, other) => (one.id < other.id ? -1 : 1))),
      lock: (name, owner, now, until) =>
        this.#call(() => {
          const window = this.#window(name);
          if (window.until >= now) {
            return { kind: 'busy' };
          }
          window.owner = owner;
          window.until = until;
          return { kind: 'locked', batch: window.batch };
        }),
      noteBatch: (name, owner, batch) =>
        this.#call(() => {
          this.#owned(name, owner).batch = batch;
        }),
      remove: (name, ids) =>
        this.#call(() => {
          for (const id of ids) {
            this.#window(name).done.add(id);
            this.#window(name).rows.delete(id);
          }
        }),
      unlock: (name, owner, batch) =>
        this.#call(() => {
          const window = this.#owned(name, owner);
          window.until = 0;
          window.batch = batch === 'done' ? undefined : window.batch;
        }),
    };
  }
}

/** As Lambda's event source mapping gives messages of the queue. */
export function queueEvent(messages: readonly RowMessage[], arn = QUEUE_ARN) {
  return {
    Records: messages.map((message, index) => ({
      messageId: `message-${index}`,
      eventSource: 'aws:sqs',
      eventSourceARN: arn,
      body: JSON.stringify(message),
    })),
  };
}

export function visit(id: number, customer: number, more: object = {}) {
  return { overtimeId: `event-${id}`, operation: 'INSERT', table: 'visits', new: { id, customer, ...more }, old: null };
}
