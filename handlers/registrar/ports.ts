import type { Clock } from '../shared/clock';
import type { Log } from '../shared/log';
import type { RegistrarSettings } from './settings';

export type Row = Readonly<Record<string, unknown>>;

/** A table of schedules; CloudFormation resources may name another than the registrar's own. */
export interface Place {
  readonly table: string;
  readonly region: string;
}

/** What the row must be for a write to happen: not there, or written last at that time (`undefined`: it does not say when). */
export type Condition =
  | { readonly kind: 'absent' }
  | { readonly kind: 'last-updated'; readonly value: string | undefined };

interface RowPage {
  readonly rows: readonly Row[];
  /** The id after which the next page begins; `undefined` after the last. */
  readonly next: string | undefined;
}

export interface ScheduleTable {
  /** By a consistent read. */
  readonly find: (id: string) => Promise<Row | undefined>;
  /** Whether the condition held, and the row was written. */
  readonly put: (row: Row, condition?: Condition) => Promise<boolean>;
  /** Whether the condition held; a row that is not there is deleted. */
  readonly remove: (id: string, condition?: Condition) => Promise<boolean>;
  /** Whether the row is there. */
  readonly enable: (id: string, isEnabled: boolean, lastUpdated: string) => Promise<boolean>;
  readonly page: (limit: number, after: string | undefined) => Promise<RowPage>;
}

export interface StateTable {
  /**
   * Tells the schedulers that a row was written or deleted.
   *
   * @param writtenAt what was due before is no slot of the row as it is now
   */
  readonly note: (id: string, at: Date, writtenAt: Date) => Promise<void>;
  /** The same, of a write that may be known already: it counts as of when it was made, and not as of when it is told. */
  readonly noteAgain: (id: string, at: Date, writtenAt: Date | undefined) => Promise<void>;
  readonly find: (id: string) => Promise<Row | undefined>;
}

export type StartResult =
  | { readonly kind: 'started'; readonly runId: string; readonly status: string }
  /** The starter's error: its code and message. */
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string };

/** All that the registrar does to the world. */
export interface RegistrarPorts {
  /** Calls that have not ended when the signal comes are given up. */
  readonly schedules: (place: Place, signal?: AbortSignal) => ScheduleTable;
  readonly states: StateTable;
  readonly start: (request: Row) => Promise<StartResult>;
  /** Sends a PUT, and gives the status of its answer. Rejects when there is none in time. */
  readonly sendAnswer: (url: URL, body: string, timeoutMilliseconds: number) => Promise<number>;
}

export interface RegistrarDeps {
  readonly settings: RegistrarSettings;
  readonly ports: RegistrarPorts;
  readonly now: Clock;
  readonly log: Log;
  /** Resolves earlier when the signal comes. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  readonly remainingMilliseconds: () => number;
  readonly awsRequestId: string;
}
