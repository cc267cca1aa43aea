import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { FLEET_ID, fleetUpdate, NEW_FLEET, parseFleet } from '../../../handlers/scheduler/fleet';
import { FleetView } from '../../../handlers/scheduler/fleet-view';
import type { Row } from '../../../handlers/scheduler/next-step';
import { PACE, type Pace } from '../../../handlers/scheduler/pace';
import type { SchedulerPorts, StartResult, Written } from '../../../handlers/scheduler/ports';
import { Scheduler } from '../../../handlers/scheduler/scheduler';
import { readStartAnswer } from '../../../handlers/scheduler/start-answer';
import { NEW_STATE, parseState, type ScheduleState, stateUpdate } from '../../../handlers/scheduler/state';
import { type Count, Tally } from '../../../handlers/scheduler/tally';
import { jsonLog } from '../../../handlers/shared/log';
import { parseScheduleRow } from '../../../handlers/shared/schedule/row';
import type { Schedule } from '../../../handlers/shared/schedule/schedule';
import { FakeTable } from '../fake-dynamodb';
import { STATES_TABLE } from './scheduler-aws';
import { VirtualTime } from './virtual-time';

/** What happens to a call of AWS. */
export type CallFault =
  /** It takes no effect. */
  | 'throttled'
  /** It takes effect, and nobody hears of it. */
  | 'answer-lost'
  /** The process dies before it, or after it took effect. */
  | 'dies-before'
  | 'dies-after'
  | undefined;

export interface SchedulerOptions {
  /** By how much its clock is ahead, in milliseconds. */
  readonly skew?: () => number;
  readonly fault?: (call: string) => CallFault;
}

export interface RunningScheduler {
  readonly scheduler: Scheduler;
  /** kill -9: nothing that it planned happens any more. */
  readonly kill: () => void;
  readonly isDead: () => boolean;
  /** SIGSTOP and SIGCONT. */
  readonly freeze: (until: number) => void;
  /** SIGTERM. */
  readonly stop: () => Promise<void>;
}

/** A start as the starter was asked for it. */
export interface AskedStart {
  readonly key: string;
  readonly at: number;
  readonly request: Readonly<Record<string, unknown>>;
}

/** After which the table's stream brings a write. */
const STREAM_MILLISECONDS = 1_000;

const NEVER = new Promise<never>(() => undefined);

/** A deployment in memory: its tables with DynamoDB's conditions, a starter that knows its keys, and a time of its own. */
export class SchedulerWorld {
  readonly time: VirtualTime;
  readonly rows = new Map<string, Readonly<Record<string, unknown>>>();
  readonly states = new FakeTable(STATES_TABLE, 'id');
  readonly starts: AskedStart[] = [];
  /** One for each idempotency key. */
  readonly runs = new Map<string, string>();
  /** The request of each run: under the same key no other is taken. */
  readonly #requests = new Map<string, string>();
  readonly alive = new Set<string>();
  readonly cancelled: string[] = [];
  readonly logLines: string[] = [];
  /** How long a run is alive, in milliseconds. */
  runLength: () => number = () => 0;
  /** What the starter makes of a request, in place of starting it. */
  refuse: (key: string) => StartResult | undefined = () => undefined;
  /** How long each call takes, in milliseconds. */
  latency: () => number = () => 5;
  readonly #random: () => number;
  readonly #pace: Pace;
  #made = 0;

  constructor(start: string, options: { readonly pace?: Partial<Pace>; readonly seed?: number } = {}) {
    this.time = new VirtualTime(Date.parse(start));
    this.#pace = { ...PACE, ...options.pace };
    this.#random = randomFrom(options.seed ?? 1);
  }

  get random(): () => number {
    return this.#random;
  }

  /** As the registrar does. */
  put(row: Readonly<Record<string, unknown>>): Schedule {
    const id = String(row['id']);
    this.rows.set(id, row);
    const written = this.time.now;
    this.#tell(id);
    this.time.at(written + STREAM_MILLISECONDS, () => this.#tell(id, Math.floor(written / 1_000) * 1_000));
    const parsed = parseScheduleRow(row);
    if (parsed.kind !== 'schedule') {
      throw new Error(parsed.problems.join('; '));
    }
    return parsed.schedule;
  }

  /** As anybody does: the registrar hears of it from the table's stream, and tells of it that much later. */
  putByHand(row: Readonly<Record<string, unknown>>, streamMilliseconds: number): void {
    const id = String(row['id']);
    const second = Math.floor(this.time.now / 1_000) * 1_000;
    this.rows.set(id, row);
    this.time.at(this.time.now + streamMilliseconds, () => this.#tell(id, second));
  }

  remove(id: string): void {
    this.rows.delete(id);
    this.#tell(id);
  }

  #tell(id: string, written = this.time.now): void {
    const changedAt = new Date(this.time.now).toISOString();
    const before = this.states.get(id);
    const known = before?.['written_at'];
    const writtenAt = new Date(written).toISOString();
    this.states.put({
      ...before,
      id,
      change_minute: changedAt.slice(0, 16),
      changed_at: changedAt,
      written_at: typeof known === 'string' && known > writtenAt ? known : writtenAt,
    });
  }

  state(id: string): ScheduleState {
    return parseState(this.states.get(id) ?? {});
  }

  /** The slots of a schedule that have a run, the oldest first. */
  slotsRun(id: string): readonly string[] {
    const prefix = `schedule:${id}:`;
    return [...this.runs.keys()]
      .flatMap((key) => (key.startsWith(prefix) ? [new Date(key.slice(prefix.length)).toISOString()] : []))
      .sort();
  }

  start({ skew = () => 0, fault = () => undefined }: SchedulerOptions = {}): RunningScheduler {
    this.#made += 1;
    const name = `scheduler-${this.#made}`;
    const { time } = this;
    const stop = new AbortController();
    let isDead = false;
    let frozenUntil = 0;
    /** Plans of a process that stands still come when it goes on. */
    const plan = (at: number, action: () => void): (() => void) => {
      let takeBack: () => void = () => undefined;
      const arm = (when: number) => {
        takeBack = time.at(when, () => {
          if (isDead) {
            return;
          }
          if (time.now < frozenUntil) {
            arm(frozenUntil);
            return;
          }
          action();
        });
      };
      arm(at);
      return () => takeBack();
    };
    const pause = (milliseconds: number) =>
      new Promise<void>((resolve) => {
        if (stop.signal.aborted) {
          resolve();
          return;
        }
        const end = () => {
          takeBack();
          stop.signal.removeEventListener('abort', end);
          resolve();
        };
        const takeBack = plan(time.now + milliseconds, end);
        stop.signal.addEventListener('abort', end);
      });
    const call = async <Result>(action: string, effect: () => Result): Promise<Result> => {
      if (isDead) {
        return NEVER;
      }
      const what = fault(action);
      isDead ||= what === 'dies-before';
      await new Promise<void>((resolve) => plan(time.now + this.latency(), resolve));
      if (isDead) {
        return NEVER;
      }
      if (what === 'throttled') {
        throw new Error('throttled');
      }
      const result = effect();
      isDead ||= what === 'dies-after';
      await new Promise<void>((resolve) => plan(time.now, resolve));
      if (what === 'answer-lost') {
        throw new Error('the answer was lost');
      }
      return result;
    };
    const tally = new Tally();
    const now = () => time.now + skew();
    let takeBackTimer: () => void = () => undefined;
    const scheduler = new Scheduler({
      ports: this.#ports(call),
      pace: this.#pace,
      scheduler: name,
      now,
      steady: () => time.now,
      pause,
      random: this.#random,
      log: jsonLog(
        (line) => this.logLines.push(line),
        () => new Date(time.now),
        { scheduler: name },
      ),
      fleet: new FleetView(name, this.#pace.deadAfter),
      tally,
      stop: stop.signal,
      timer: {
        set: (at, wake) => {
          takeBackTimer();
          takeBackTimer = plan(time.now + Math.max(0, at - now()), wake);
        },
        clear: () => takeBackTimer(),
      },
      report: ({ counts, lateness }) => {
        this.lateness.push(...lateness);
        for (const [count, times] of Object.entries(counts)) {
          this.counts[count as Count] = (this.counts[count as Count] ?? 0) + times;
        }
      },
    });
    const running = scheduler.run();
    return {
      scheduler,
      isDead: () => isDead,
      kill: () => {
        isDead = true;
      },
      freeze: (until) => {
        frozenUntil = until;
      },
      stop: async () => {
        stop.abort();
        await running;
      },
    };
  }

  /** What all schedulers have counted. */
  readonly counts: Partial<Record<Count, number>> = {};
  /** How late they asked the starter, in milliseconds. */
  readonly lateness: number[] = [];

  #row(id: string): Row {
    const row = this.rows.get(id);
    return row === undefined ? { kind: 'gone' } : parseScheduleRow(row);
  }

  #ports(call: <Result>(action: string, effect: () => Result) => Promise<Result>): SchedulerPorts {
    return {
      schedules: {
        scan: ({ index, of, from }) =>
          call('scan', () => {
            const ids = [...this.rows.keys()].filter((_, place) => place % of === index);
            const begin = from === undefined ? 0 : ids.indexOf(String(from['id'])) + 1;
            const page = ids.slice(begin, begin + 3);
            const last = page.at(-1);
            return {
              items: page.map((id) => this.rows.get(id)),
              next: last === undefined || begin + page.length >= ids.length ? undefined : { id: last },
            };
          }),
        read: (ids) => call('read rows', () => new Map(ids.map((id) => [id, this.#row(id)]))),
      },
      states: {
        read: (ids) => call('read states', () => new Map(ids.map((id) => [id, this.state(id)]))),
        write: (id, before, after) =>
          call('write state', () => {
            const writeId = `write-${this.#random()}`;
            return this.#write(stateUpdate(STATES_TABLE, id, before, after, writeId), (item) =>
              item === undefined ? NEW_STATE : parseState(item),
            );
          }),
        changes: (minute, from) =>
          call('read changes', () =>
            this.states.keys.flatMap((id) => {
              const { change_minute, changed_at } = this.states.item(id) ?? {};
              return change_minute?.S === minute && changed_at?.S !== undefined && changed_at.S >= from
                ? [{ id, changedAt: changed_at.S }]
                : [];
            }),
          ),
        readFleet: () =>
          call('read fleet', () => {
            const item = this.states.get(FLEET_ID);
            return item === undefined ? NEW_FLEET : parseFleet(item);
          }),
        writeFleet: (before, after) =>
          call('write fleet', () =>
            this.#write(fleetUpdate(STATES_TABLE, before, after, `write-${this.#random()}`), (item) =>
              item === undefined ? NEW_FLEET : parseFleet(item),
            ),
          ),
      },
      starter: {
        start: (request) => call('start', () => this.#start(request)),
        cancel: (runId) =>
          call('cancel', () => {
            this.cancelled.push(runId);
            this.alive.delete(runId);
          }),
      },
      isRunAlive: (runId) => call('read run', () => this.alive.has(runId)),
    };
  }

  #write<Item>(update: ReturnType<typeof stateUpdate>, parse: (item: unknown) => Item): Written<Item> {
    const answer = this.states.update({
      ...update,
      Key: marshall(update.Key ?? {}),
      ExpressionAttributeValues: marshall(update.ExpressionAttributeValues ?? {}, { removeUndefinedValues: true }),
    });
    if (answer.kind === 'invalid') {
      throw new Error(answer.message);
    }
    const item = parse(answer.item === undefined ? undefined : unmarshall(answer.item));
    return { kind: answer.kind === 'updated' ? 'written' : 'refused', item };
  }

  #start(request: Readonly<Record<string, unknown>>): StartResult {
    const key = String(request['idempotencyKey']);
    this.starts.push({ key, at: this.time.now, request });
    const refused = this.refuse(key);
    if (refused !== undefined) {
      return refused;
    }
    const known = this.runs.get(key);
    const text = JSON.stringify(request);
    if (known !== undefined && this.#requests.get(key) !== text) {
      const payload = JSON.stringify({ errorType: 'IDEMPOTENCY_CONFLICT', errorMessage: 'another request' });
      return readStartAnswer({ functionError: 'Unhandled', payload }, known);
    }
    this.#requests.set(key, text);
    const runId = known ?? `run-${this.runs.size + 1}`;
    if (known === undefined) {
      this.runs.set(key, runId);
      this.alive.add(runId);
      const length = this.runLength();
      this.time.at(this.time.now + length, () => this.alive.delete(runId));
    }
    return { kind: 'started', runId };
  }
}

/** Numbers from 0 to 1 that are the same for the same seed: mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}
