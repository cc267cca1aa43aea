import type { Count } from './tally';

/** How the scheduler is, as it sees itself. */
export interface Health {
  readonly isLoaded: boolean;
  /** Milliseconds since the loop was last at work; `undefined` before its first turn. */
  readonly sinceTick: number | undefined;
  /** In milliseconds since 1970. */
  readonly changesReadAt: number | undefined;
  readonly schedules: number;
  /** Those that have a slot to come. */
  readonly armed: number;
  /** Rows that are no schedules. */
  readonly setAside: number;
  readonly setAsideIds: readonly string[];
  /** Schedules with a slot whose outcome is not known here. */
  readonly unsettled: number;
  /** Those of them that are due for a decision. */
  readonly waiting: number;
  /** Slots that are being started. */
  readonly inHand: number;
  /** Schedulers that are alive. */
  readonly schedulers: number;
  /** Since the process started. */
  readonly counts: Readonly<Record<Count, number>>;
  /** Of the last turn of the loop at which slots were due: how many, and how late the latest was noticed, in milliseconds. */
  readonly lastDecision: { readonly slots: number; readonly worstLateness: number };
}

export interface HealthAnswer {
  readonly status: 200 | 503;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The loop sleeps a second at most. */
const LONGEST_SINCE_TICK = 10_000;

/** Changes are read every two seconds; a throttled minute is no reason to replace the task. */
const LONGEST_SINCE_READ = 120_000;

const MOST_IDS = 20;

function problemsOf({ isLoaded, sinceTick, changesReadAt }: Health, now: number): readonly string[] {
  return [
    ...(isLoaded ? [] : ['the schedules are not loaded yet']),
    ...(sinceTick === undefined || sinceTick > LONGEST_SINCE_TICK ? ['the loop stands still'] : []),
    ...(changesReadAt === undefined || now - changesReadAt > LONGEST_SINCE_READ
      ? ['the changes of schedules could not be read for long']
      : []),
  ];
}

/** The answer of `GET /health`. */
export function healthAnswer(health: Health, now: number): HealthAnswer {
  const problems = problemsOf(health, now);
  const { setAsideIds, changesReadAt, ...counts } = health;
  return {
    status: problems.length === 0 ? 200 : 503,
    body: {
      status: problems.length === 0 ? 'ok' : 'failing',
      problems,
      ...counts,
      setAsideIds: setAsideIds.slice(0, MOST_IDS),
      changesReadAt: changesReadAt === undefined ? undefined : new Date(changesReadAt).toISOString(),
    },
  };
}
