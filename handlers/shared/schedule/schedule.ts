import type { CronFields } from './cron-fields';

/**
 * What becomes of a cron expression's local times that a change of the zone's clock leaves out (in spring, mostly) or
 * shows twice (in autumn). One setting says both:
 *
 * | policy  | left out: `30 2 * * *`, New York, 8 March 2026        | shown twice: `30 1 * * *`, 1 November 2026 | as in |
 * | ------- | ------------------------------------------------------ | ------------------------------------------ | ----- |
 * | `skip`  | does not fire                                          | fires the first time                       | EventBridge Scheduler |
 * | `after` | fires at 03:00, the first instant after the gap, once for all that the gap left out | fires the first time | Vixie cron, systemd |
 * | `once`  | fires at 03:30, as much after the gap as it was into it | fires the first time                      | cron-parser, node-schedule, iCalendar (RFC 5545) |
 * | `both`  | does not fire                                          | fires both times                           | a clock that is read literally |
 *
 * So `skip`, `after` and `once` fire a repeated time once, and differ in what they do with one that is missing; `both`
 * fires whenever the clock on the wall shows a matching time, and never else. Two slots that fall on the same instant
 * are one slot.
 *
 * An expression whose hour field holds all 24 hours (such as `*\/15 * * * *`) is a cadence: under each policy it fires
 * whenever the clock shows a matching time, so that its runs keep their distance across the change.
 */
export type DstPolicy = 'skip' | 'after' | 'once' | 'both';

export const DST_POLICIES = ['skip', 'after', 'once', 'both'] as const satisfies readonly DstPolicy[];

/** What happens to a slot while the run of an earlier one is alive. */
export type OverlapPolicy = 'allow' | 'skip' | 'replace' | 'buffer';

export const OVERLAP_POLICIES = ['allow', 'skip', 'replace', 'buffer'] as const satisfies readonly OverlapPolicy[];

/** Which of the slots that nobody fired in time are fired late, within the starting deadline. */
export type CatchUpPolicy = 'none' | 'latest' | 'all';

export const CATCH_UP_POLICIES = ['none', 'latest', 'all'] as const satisfies readonly CatchUpPolicy[];

export interface CronTiming {
  readonly kind: 'cron';
  /** As the row has it. */
  readonly expression: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly dstPolicy: DstPolicy;
  /** What the expression says, taken apart; schedules with the same expression share it. */
  readonly fields: CronFields;
}

/** Slots lie at whole multiples of the period from `startAt`, else from 1970 on: the same for whoever computes them. */
interface RateTiming {
  readonly kind: 'rate';
  readonly milliseconds: number;
}

interface AtTiming {
  readonly kind: 'at';
  /** Milliseconds since 1970. */
  readonly instant: number;
}

export type Timing = CronTiming | RateTiming | AtTiming;

/** A row of the schedules table, read. Instants are milliseconds since 1970. */
export interface Schedule {
  readonly id: string;
  /** For people. @default - the id */
  readonly name: string;
  readonly timing: Timing;
  /** The first instant that may be a slot. @default - no bound */
  readonly startAt?: number;
  /** The first instant that may be none any more. @default - no bound */
  readonly endAt?: number;
  /** How much later than its slot a run may be started at most. @default 0 */
  readonly jitterSeconds: number;
  /** @default true */
  readonly isEnabled: boolean;
  /** @default 'allow' */
  readonly overlap: OverlapPolicy;
  /** @default 'latest' */
  readonly catchUp: CatchUpPolicy;
  /** How late a slot may still be fired. @default 3600 */
  readonly startingDeadlineSeconds: number;
  /** A request to the starter, without its idempotency key. */
  readonly request: Readonly<Record<string, unknown>>;
  /** The same for rows that say the same, whoever wrote them and when: `last_updated` is not in it. */
  readonly revision: string;
}
