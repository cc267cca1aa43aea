import type { Fleet } from './fleet';
import type { Row } from './next-step';
import type { ScheduleState } from './state';

export interface RowsPage {
  readonly items: readonly unknown[];
  /** Where the next page begins; `undefined` after the last. */
  readonly next: Readonly<Record<string, unknown>> | undefined;
}

/** The table of schedules. All reads are consistent. */
export interface ScheduleTable {
  readonly scan: (segment: {
    readonly index: number;
    readonly of: number;
    readonly from: RowsPage['next'];
    readonly limit: number | undefined;
  }) => Promise<RowsPage>;
  /** Every id that is given is in the answer, `gone` where there is no row; what could not be read throws. */
  readonly read: (ids: readonly string[]) => Promise<ReadonlyMap<string, Row>>;
}

export type Written<Item> =
  | { readonly kind: 'written'; readonly item: Item }
  /** Somebody else was quicker: what he wrote. */
  | { readonly kind: 'refused'; readonly item: Item };

export interface Change {
  readonly id: string;
  readonly changedAt: string;
}

/** The table of the schedules' states. Every write is conditional. */
export interface StateTable {
  /** Every id that is given is in the answer, but those whose item cannot be understood. Consistent. */
  readonly read: (ids: readonly string[]) => Promise<ReadonlyMap<string, ScheduleState>>;
  readonly write: (id: string, before: ScheduleState, after: ScheduleState) => Promise<Written<ScheduleState>>;
  /** Schedules that changed in a minute, such as 2026-11-27T11:40, from an instant on. The index is a little late. */
  readonly changes: (minute: string, from: string) => Promise<readonly Change[]>;
  readonly readFleet: () => Promise<Fleet>;
  readonly writeFleet: (before: Fleet, after: Fleet) => Promise<Written<Fleet>>;
}

export type StartResult =
  | { readonly kind: 'started'; readonly runId: string; readonly reason?: string }
  /** The starter will never take this request. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** It may take it later. */
  | { readonly kind: 'failed'; readonly reason: string };

export interface Starter {
  readonly start: (request: Readonly<Record<string, unknown>>) => Promise<StartResult>;
  /** @throws when it is not known whether the run is cancelled */
  readonly cancel: (runId: string) => Promise<void>;
}

/** All that the scheduler does to the world. */
export interface SchedulerPorts {
  readonly schedules: ScheduleTable;
  readonly states: StateTable;
  readonly starter: Starter;
  /** Whether a run of the ledger has not ended. */
  readonly isRunAlive: (runId: string) => Promise<boolean>;
}
