import type { RunRecord } from '../shared/run';

/**
 * When the watcher does what. Rows hold times of several clocks, each of which may be wrong by five minutes: so every
 * bound that ends something is far longer than that, and what is done too early does no harm.
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Two clocks, each five minutes off, in opposite directions. */
const CLOCKS = 10 * MINUTE;

/** How long a run may wait for its task; then something is wrong that no further wait mends. */
export const LONGEST_WAIT = 6 * HOUR;

/** The sweep looks at a waiting row at least this often, unless it is away itself. */
export const LONGEST_UNSEEN = HOUR;

/** How long an outcome is delivered in vain. */
export const LONGEST_DELIVERY = 24 * HOUR;

/**
 * How long a task has to be missing. DescribeTasks may not know one that was just started, as ECS is eventually
 * consistent; no page says for how long.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
 */
export const LONGEST_MISSING = 5 * MINUTE + CLOCKS;

/** Fetching a package and its layers, with all retries. */
const PREPARATION = 30 * MINUTE;

/** What handlers/runner gives a runtime to start, where the deployment does not say: 130 s or the run's timeout. */
const SHORTEST_INITIALIZATION = 130 * SECOND;

/** Storing the output and closing the row, with all retries. */
const REPORT = 15 * MINUTE;

/** How long a watcher has for a delivery that it has claimed. */
export const DELIVERY_CLAIM = 2 * MINUTE;

/** A stopping task gets stopTimeout, 120 s at most on Fargate; then ECS says that it has stopped. */
export const STOPPING = 5 * MINUTE;

/** How long a task is stopped in vain, such as on an instance whose agent has gone; then its run ends without it. */
export const LONGEST_STOPPING = 2 * HOUR;

/** When to look again after DescribeTasks failed, and after a row could not be read. */
export const AFTER_FAULT = 5 * MINUTE;
export const AFTER_UNREADABLE = HOUR;

/** Launch messages for the same attempt are one to the queue while this has the same number. */
const DEDUPLICATION = 5 * MINUTE;

export function after(now: Date, milliseconds: number): Date {
  return new Date(now.getTime() + milliseconds);
}

export function millisecondsSince(time: string, now: Date): number {
  return now.getTime() - Date.parse(time);
}

function between(least: number, value: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

/** When the row began to wait for the task of its attempt. */
export function waitingSince({ attempts = [], createdAt }: RunRecord): string {
  return attempts.at(-1)?.endedAt ?? createdAt;
}

/** Rows that wait are asked for again at growing intervals: a long queue of launches is no reason for more of them. */
export function nextLaunchCheck(record: RunRecord, now: Date): Date {
  return after(now, between(5 * MINUTE, millisecondsSince(waitingSince(record), now), 30 * MINUTE));
}

/** ECS describes a stopped task for about an hour: a lost event is found well within that. */
export function nextTaskCheck(record: RunRecord, now: Date): Date {
  return after(now, between(5 * MINUTE, millisecondsSince(record.startedAt ?? record.createdAt, now), 20 * MINUTE));
}

/**
 * The same for a container run: often at first, as nobody else tells that it runs, and never later than its time is over.
 * The sweep comes once a minute, so that it ends that much late at most.
 */
export function nextContainerCheck(record: RunRecord, taskStartedAt: Date | undefined, now: Date): Date {
  const since = millisecondsSince(taskStartedAt?.toISOString() ?? record.createdAt, now);
  const next = now.getTime() + between(MINUTE, since, 20 * MINUTE);
  const end = taskStartedAt === undefined ? next : taskStartedAt.getTime() + record.timeoutSeconds * SECOND;
  return new Date(Math.min(next, end));
}

/** Whether a container has run for longer than it may; by ECS's clock and the watcher's, which AWS keeps alike. */
export function isTimedOut(taskStartedAt: Date | undefined, timeoutSeconds: number, now: Date): boolean {
  return taskStartedAt !== undefined && now.getTime() - taskStartedAt.getTime() >= timeoutSeconds * SECOND;
}

/** Since when there is somebody to tell. */
export function deliverableSince({ deliverySince, endedAt }: RunRecord): string | undefined {
  return deliverySince ?? endedAt;
}

/** A delivery that fails is tried again after as long as the outcome has waited: 1, 2, 4 minutes, then every hour. */
export function nextDelivery(record: RunRecord, now: Date): Date {
  return after(now, between(MINUTE, millisecondsSince(deliverableSince(record) ?? now.toISOString(), now), HOUR));
}

export function launchPeriod(now: Date): number {
  return Math.floor(now.getTime() / DEDUPLICATION);
}

/** Whether a run that has begun should have ended long ago by its own runner's hand. */
export function isOverdue({ startedAt, invokedAt, timeoutSeconds }: RunRecord, now: Date): boolean {
  const timeout = timeoutSeconds * SECOND;
  const rest = timeout + REPORT + CLOCKS;
  if (invokedAt !== undefined) {
    return millisecondsSince(invokedAt, now) > rest;
  }
  const initialization = Math.max(SHORTEST_INITIALIZATION, timeout);
  return startedAt !== undefined && millisecondsSince(startedAt, now) > PREPARATION + initialization + rest;
}

/** Whether a task's runner should have begun long ago; `taskStartedAt` is ECS's. */
export function hasNotBegun(taskStartedAt: Date | undefined, taskCreatedAt: Date | undefined, now: Date): boolean {
  if (taskStartedAt !== undefined) {
    return now.getTime() - taskStartedAt.getTime() > PREPARATION + CLOCKS;
  }
  return taskCreatedAt !== undefined && now.getTime() - taskCreatedAt.getTime() > LONGEST_WAIT;
}
