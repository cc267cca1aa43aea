import { reasonOf } from '../shared/reason';
import { parseScheduleRow } from '../shared/schedule/row';
import { fullJitter } from '../starter/backoff';
import { minutesBetween } from './minutes';
import type { Row } from './next-step';
import type { Change, RowsPage } from './ports';
import type { Work } from './work';

export interface Readings {
  readonly row: (id: string, row: Row) => void;
  /** A row without an id that could be read. */
  readonly nameless: (problems: readonly string[]) => void;
  readonly ids: () => Iterable<string>;
}

/** Segments that are scanned at once; each page is up to 1 MB, some thousand rows. */
const SEGMENTS = 2;

/** Rows that a slow scan reads at once, and how long it then leaves the table alone. */
const SLOW_PAGE = { rows: 500, pauseMilliseconds: 1_000 } as const;

const BATCH = 100;

const BACKOFF = { firstMilliseconds: 200, mostMilliseconds: 20_000 } as const;

/** Past this, a scan reads less than the minutes' changes would. */
const MOST_MINUTES = 60;

/** Reads the table of schedules: whole at the start, by what has changed from then on, and slowly whole now and then. */
export class Reader {
  /** When the changes were read last without a failure, in milliseconds since 1970. */
  changesReadAt: number | undefined;
  /** Changes that were read, with their time: the same one comes again as long as it lies in the overlap. */
  #read = new Map<string, string>();

  constructor(
    readonly work: Work,
    readonly on: Readings,
  ) {}

  /** Reads every row. What fails is tried again, for as long as it takes: half a table is none. */
  async load(): Promise<void> {
    const beganAt = this.work.now();
    const segments = Array.from({ length: SEGMENTS }, (_, index) => this.#scan({ index, of: SEGMENTS }));
    await Promise.all(segments);
    this.changesReadAt ??= beganAt;
  }

  async #scan(segment: { readonly index: number; readonly of: number }): Promise<void> {
    let from: RowsPage['next'];
    do {
      const page = await this.#persist('rows.unread', () =>
        this.work.ports.schedules.scan({ ...segment, from, limit: undefined }),
      );
      if (page === undefined) {
        return;
      }
      this.#take(page);
      from = page.next;
    } while (from !== undefined);
  }

  #take({ items }: RowsPage): void {
    for (const item of items) {
      const parsed = parseScheduleRow(item);
      const id = parsed.kind === 'schedule' ? parsed.schedule.id : parsed.id;
      if (id !== undefined) {
        this.on.row(id, parsed);
      } else if (parsed.kind === 'malformed') {
        this.on.nameless(parsed.problems);
      }
    }
  }

  /** `undefined` where the scheduler was stopped meanwhile. */
  async #persist<Result>(event: string, action: () => Promise<Result>): Promise<Result | undefined> {
    const { stop, pause, random, log } = this.work;
    for (let failures = 1; !stop.aborted; failures += 1) {
      try {
        return await action();
      } catch (thrown) {
        log.warn(event, { reason: reasonOf(thrown) });
        await pause(fullJitter(failures, random(), BACKOFF));
      }
    }
    return undefined;
  }

  /**
   * Reads what has changed since the last time, and a while before: writers' clocks differ, and the index is late. A
   * schedule is read itself, consistently, so that it does not matter which of its changes told of it.
   */
  async readChanges(): Promise<void> {
    const { ports, pace, now } = this.work;
    const startedAt = now();
    const from = (this.changesReadAt ?? startedAt) - pace.changesOverlap;
    // A writer's clock may be ahead as well.
    const minutes = minutesBetween(from, startedAt + pace.changesOverlap);
    if (minutes.length > MOST_MINUTES) {
      await this.load();
      this.changesReadAt = startedAt;
      return;
    }
    const pages = await Promise.all(
      minutes.map((minute) => ports.states.changes(minute, new Date(from).toISOString())),
    );
    const changes = pages.flat();
    const news = changes.filter(({ id, changedAt }) => this.#read.get(id) !== changedAt);
    await this.#readRows(news.map(({ id }) => id));
    this.#remember(changes);
    this.changesReadAt = startedAt;
  }

  #remember(changes: readonly Change[]): void {
    this.#read = new Map(changes.map(({ id, changedAt }) => [id, changedAt]));
  }

  async #readRows(ids: readonly string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += BATCH) {
      const rows = await this.work.ports.schedules.read(ids.slice(from, from + BATCH));
      for (const [id, row] of rows) {
        this.on.row(id, row);
      }
    }
  }

  /**
   * Reads every row again, little by little: the net below the changes. A schedule that the scan did not show is asked for
   * by its id, and counts as deleted only if there is no row then.
   */
  async reconcile(): Promise<void> {
    const missing = new Set(this.on.ids());
    let from: RowsPage['next'];
    do {
      const page = await this.#persist('rows.unread', () =>
        this.work.ports.schedules.scan({ index: 0, of: 1, from, limit: SLOW_PAGE.rows }),
      );
      if (page === undefined) {
        return;
      }
      this.#take(page);
      for (const item of page.items) {
        missing.delete(idOf(item));
      }
      from = page.next;
      await this.work.pause(SLOW_PAGE.pauseMilliseconds);
    } while (from !== undefined);
    await this.#persist('rows.unread', () => this.#readRows([...missing]));
  }
}

function idOf(item: unknown): string {
  const id = typeof item === 'object' && item !== null && 'id' in item ? item.id : undefined;
  return typeof id === 'string' ? id : '';
}
