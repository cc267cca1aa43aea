import type { Clock } from '../shared/clock';
import type { Log } from '../shared/log';
import type { RouterSettings } from './settings';

/** What the starter answers to a request. */
export interface StartedRun {
  readonly runId: string;
  readonly taskArns: readonly string[];
  readonly taskDefinition: string | undefined;
  readonly status: string;
}

/** A row that waits for its window to end. */
export interface WaitingRow {
  readonly id: string;
  readonly event: unknown;
  /** ISO 8601. */
  readonly receivedAt: string;
}

/** The rows of one run, noted before it is started, so that whoever goes on after a crash starts the same. */
export interface Batch {
  readonly id: string;
  readonly rows: readonly string[];
  readonly isStarted: boolean;
}

/** Whose turn it is to make a run of a window's rows. */
type Lock =
  /** With the batch that somebody before left unfinished, if there is one. */
  { readonly kind: 'locked'; readonly batch: Batch | undefined } | { readonly kind: 'busy' };

/** The rows that wait, by window. Every write is conditional or may be repeated. */
export interface Rows {
  /** Does nothing to a row that waits. False where it is in a run already. */
  readonly put: (window: string, row: WaitingRow) => Promise<boolean>;
  /** Whether any of them still waits. */
  readonly hasAny: (window: string, ids: readonly string[]) => Promise<boolean>;
  readonly list: (window: string) => Promise<readonly WaitingRow[]>;
  readonly lock: (window: string, owner: string, now: number, until: number) => Promise<Lock>;
  readonly noteBatch: (window: string, owner: string, batch: Batch) => Promise<void>;
  /** Notes that the rows are in a run, and lets them go. */
  readonly remove: (window: string, ids: readonly string[], now: Date) => Promise<void>;
  /** `batch`: what whoever comes next has to finish first. */
  readonly unlock: (window: string, owner: string, batch: 'done' | 'kept') => Promise<void>;
}

/** Names a row to whom the window's end is told. */
export interface RowMessage {
  readonly window: string;
  readonly row: string;
}

export interface RouterPorts {
  /**
   * @throws {StarterRefused} when it answers with an error
   * @throws {StarterUnreachable} when it does not answer
   */
  readonly start: (request: Readonly<Record<string, unknown>>) => Promise<StartedRun>;
  readonly rows: Rows;
  /** Comes back when the window is over. */
  readonly sendRow: (message: RowMessage) => Promise<void>;
  readonly upload: (object: { readonly bucket: string; readonly key: string; readonly body: string }) => Promise<void>;
}

export interface RouterDeps {
  readonly ports: RouterPorts;
  readonly settings: RouterSettings;
  readonly now: Clock;
  readonly log: Log;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly newId: () => string;
  /** Until Lambda ends this invocation. */
  readonly remainingMilliseconds: () => number;
}
