import type {
  Condition,
  Place,
  RegistrarDeps,
  Row,
  ScheduleTable,
  StartResult,
} from '../../../handlers/registrar/ports';
import type { Log, LogFields } from '../../../handlers/shared/log';

export const OWN: Place = { table: 'schedules', region: 'eu-west-1' };
export const OTHER: Place = { table: 'other-schedules', region: 'us-east-1' };
export const NOW = new Date('2026-11-27T11:40:30.000Z');

/** An error as the SDK throws it. */
export function awsError(name: string, message = 'the service said so'): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

type Operation = 'find' | 'put' | 'remove' | 'enable' | 'page' | 'note' | 'start';

const keyOf = ({ table, region }: Place) => `${region}/${table}`;

/** What the registrar does to the world, done to maps. Operations can be told to fail or to hang, in one table or in all. */
export class RegistrarWorld {
  readonly rows = new Map<string, Map<string, Row>>();
  readonly states = new Map<string, Row>();
  /** Ids of changes that the schedulers were told of, in order. */
  readonly noted: string[] = [];
  /** What they were told of them. */
  readonly notes: {
    readonly by: 'registrar' | 'stream';
    readonly id: string;
    readonly at: Date;
    readonly writtenAt: Date | undefined;
  }[] = [];
  /** What the starter was asked for; the same key gives the same run. */
  readonly started: Row[] = [];
  readonly runs = new Map<string, string>();
  readonly answers: { readonly url: string; readonly body: string }[] = [];
  /** HTTP statuses of the answers to come; after them 200. */
  readonly statuses: (number | 'no answer')[] = [];
  readonly logged: (LogFields & { readonly level: string; readonly event: string })[] = [];
  readonly waits: number[] = [];
  remaining = 60_000;
  now = NOW;

  readonly #hanging: (() => void)[] = [];
  readonly #faults = new Map<string, Error | 'hang'>();
  startResult: (request: Row) => StartResult | undefined = () => undefined;

  /** From now on, at a place or everywhere. */
  fail(operation: Operation, fault: Error | 'hang', place?: Place): void {
    this.#faults.set(place === undefined ? operation : `${operation} ${keyOf(place)}`, fault);
  }

  /** Faults are over, and calls that hang go on. */
  mend(): void {
    this.#faults.clear();
    for (const release of this.#hanging.splice(0)) {
      release();
    }
  }

  table(place: Place = OWN): Map<string, Row> {
    const table = this.rows.get(keyOf(place)) ?? new Map<string, Row>();
    this.rows.set(keyOf(place), table);
    return table;
  }

  /** The last answer to CloudFormation. */
  get answer(): Record<string, unknown> {
    return JSON.parse(this.answers.at(-1)?.body ?? '{}');
  }

  async #meet(operation: Operation, place?: Place, signal?: AbortSignal): Promise<void> {
    const fault =
      this.#faults.get(operation) ?? (place && this.#faults.get(`${operation} ${keyOf(place)}`)) ?? undefined;
    if (fault === 'hang') {
      await new Promise<void>((resolve) => this.#hanging.push(resolve));
    }
    if (fault instanceof Error) {
      throw fault;
    }
    signal?.throwIfAborted();
  }

  #schedules(place: Place, signal: AbortSignal | undefined): ScheduleTable {
    const rows = this.table(place);
    const holds = (id: string, condition: Condition | undefined) => {
      const row = rows.get(id);
      return condition === undefined || condition.kind === 'absent'
        ? condition === undefined || row === undefined
        : row !== undefined && row['last_updated'] === condition.value;
    };
    return {
      find: async (id) => {
        await this.#meet('find', place, signal);
        return rows.get(id);
      },
      put: async (row, condition) => {
        await this.#meet('put', place, signal);
        const id = String(row['id']);
        const isPut = holds(id, condition);
        if (isPut) {
          rows.set(id, row);
        }
        return isPut;
      },
      remove: async (id, condition) => {
        await this.#meet('remove', place, signal);
        const isRemoved = holds(id, condition);
        if (isRemoved) {
          rows.delete(id);
        }
        return isRemoved;
      },
      enable: async (id, isEnabled, lastUpdated) => {
        await this.#meet('enable', place, signal);
        const row = rows.get(id);
        if (row !== undefined) {
          rows.set(id, { ...row, enabled: isEnabled, last_updated: lastUpdated });
        }
        return row !== undefined;
      },
      page: async (limit, after) => {
        await this.#meet('page', place, signal);
        const ids = [...rows.keys()].sort().filter((id) => after === undefined || id > after);
        const page = ids.slice(0, limit);
        return { rows: page.map((id) => rows.get(id) ?? {}), next: ids.length > limit ? page.at(-1) : undefined };
      },
    };
  }

  async #note(note: (typeof this.notes)[number]): Promise<void> {
    await this.#meet('note');
    this.noted.push(note.id);
    this.notes.push(note);
  }

  async #start(request: Row): Promise<StartResult> {
    await this.#meet('start');
    this.started.push(request);
    const result = this.startResult(request);
    if (result !== undefined) {
      return result;
    }
    const key = String(request['idempotencyKey']);
    const runId = this.runs.get(key) ?? `run-${this.runs.size + 1}`;
    this.runs.set(key, runId);
    return { kind: 'started', runId, status: 'PENDING' };
  }

  deps(): RegistrarDeps {
    const log =
      (level: string) =>
      (event: string, fields: LogFields = {}) => {
        this.logged.push({ level, event, ...fields });
      };
    const logs: Log = { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
    return {
      settings: {
        schedulesTable: OWN.table,
        region: OWN.region,
        statesTable: 'schedule-states',
        starterFunction: 'starter',
      },
      ports: {
        schedules: (place, signal) => this.#schedules(place, signal),
        states: {
          note: async (id, at, writtenAt) => this.#note({ by: 'registrar', id, at, writtenAt }),
          noteAgain: async (id, at, writtenAt) => this.#note({ by: 'stream', id, at, writtenAt }),
          find: async (id) => this.states.get(id),
        },
        start: (request) => this.#start(request),
        sendAnswer: async (url, body) => {
          this.answers.push({ url: url.href, body });
          const status = this.statuses.shift() ?? 200;
          if (status === 'no answer') {
            throw awsError('TimeoutError', 'The operation was aborted due to timeout');
          }
          return status;
        },
      },
      awsRequestId: 'request-1',
      now: () => this.now,
      log: logs,
      // Time passes when all else waits, as it does in the world.
      sleep: async (milliseconds, signal) => {
        await new Promise((resolve) => setImmediate(resolve));
        if (signal?.aborted !== true) {
          this.waits.push(milliseconds);
          this.remaining -= milliseconds;
        }
      },
      remainingMilliseconds: () => this.remaining,
    };
  }
}
