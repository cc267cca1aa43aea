import type { RunRecord } from '../../../handlers/shared/run';
import { decideOnCheck } from '../../../handlers/watcher/decide-check';
import type { TaskView } from '../../../handlers/watcher/task-view';
import { RUNNING_RECORD, STARTING_RECORD } from '../../support/ledger-rows';

const BEGIN = Date.parse('2026-11-21T00:00:00.000Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (milliseconds: number) => new Date(BEGIN + milliseconds);

const { taskArn: TASK = '', ...UNNOTED } = STARTING_RECORD;
const PENDING: RunRecord = { ...UNNOTED, status: 'PENDING' };
const NONE: TaskView = { kind: 'none' };
const MISSING: TaskView = { kind: 'missing' };
const LIVE = { kind: 'live', isStopping: false, createdAt: at(0), startedAt: at(0) } as const;
const FINAL: RunRecord = { ...RUNNING_RECORD, status: 'FAILED', endedAt: at(0).toISOString() };
const WAITED_FOR: RunRecord = { ...FINAL, delivery: { taskToken: 't' } };

const stopped = (exitCode: number): TaskView => ({
  kind: 'stopped',
  task: {
    taskArn: TASK,
    stopCode: undefined,
    stoppedReason: undefined,
    containers: [{ exitCode, reason: undefined }],
    attempt: 1,
  },
});

const dueSince = (record: RunRecord, now: Date): RunRecord => ({
  ...record,
  checkAt: new Date(now.getTime() - MINUTE).toISOString(),
});

/** When the row is looked at next, in minutes after the run was created. */
const nextLook = (record: RunRecord, view: TaskView, now: Date) => {
  const decision = decideOnCheck(dueSince(record, now), view, now);
  return 'checkAt' in decision ? (decision.checkAt.getTime() - BEGIN) / MINUTE : undefined;
};

describe('a row that waits for its task', () => {
  test.each([
    { waited: 5 * MINUTE, kind: 'launch', next: 10 },
    { waited: 20 * MINUTE, kind: 'launch', next: 40 },
    { waited: 5 * HOUR, kind: 'launch', next: 330 },
    { waited: 6 * HOUR + 1, kind: 'end', next: undefined },
  ])('for $waited ms: $kind, and a look again at minute $next', ({ waited, kind, next }) => {
    expect(decideOnCheck(dueSince(PENDING, at(waited)), NONE, at(waited)).kind).toBe(kind);
    expect(nextLook(PENDING, NONE, at(waited))).toBe(next);
  });

  test('is asked for with an id that is another after five minutes, so that the queue takes it', () => {
    const ids = [0, 4, 5].map((minutes) => decideOnCheck(PENDING, NONE, at(minutes * MINUTE)));

    const [first, second, third] = ids.map((decision) => 'deduplicationId' in decision && decision.deduplicationId);
    expect(first).toMatch(/^run-1-1-\d+$/);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test('too long is FAILED, TASK_NOT_STARTED', () => {
    expect(decideOnCheck(dueSince(PENDING, at(7 * HOUR)), NONE, at(7 * HOUR))).toMatchObject({
      ending: { status: 'FAILED', error: { errorType: 'TASK_NOT_STARTED' } },
      from: ['PENDING'],
    });
  });

  test('has six hours for each attempt', () => {
    const attempts = [{ attempt: 1, status: 'FAILED', endedAt: at(5 * HOUR).toISOString() } as const];
    const record = { ...PENDING, attempt: 2, attempts };

    expect(decideOnCheck(dueSince(record, at(7 * HOUR)), NONE, at(7 * HOUR)).kind).toBe('launch');
    expect(decideOnCheck(dueSince(record, at(12 * HOUR)), NONE, at(12 * HOUR)).kind).toBe('end');
  });

  test('is not given up by a sweep that was away for hours itself', () => {
    expect(decideOnCheck(PENDING, NONE, at(20 * HOUR)).kind).toBe('launch');
  });
});

describe('a task that ECS does not know', () => {
  const now = at(30 * MINUTE);
  const missingFor = (milliseconds: number) => ({
    ...RUNNING_RECORD,
    missingSince: new Date(now.getTime() - milliseconds).toISOString(),
  });

  test.each([
    { title: 'for the first time', record: RUNNING_RECORD, kind: 'check-later' },
    { title: 'for 14 minutes', record: missingFor(14 * MINUTE), kind: 'check-later' },
    { title: 'for 15 minutes', record: missingFor(15 * MINUTE), kind: 'end' },
    {
      title: 'since a time that is still to come, by another clock',
      record: missingFor(-5 * MINUTE),
      kind: 'check-later',
    },
  ])('$title: $kind', ({ record, kind }) => {
    expect(decideOnCheck(record, MISSING, now).kind).toBe(kind);
  });

  test('is noted, and looked for again after 15 minutes', () => {
    expect(decideOnCheck(RUNNING_RECORD, MISSING, now)).toEqual({
      kind: 'check-later',
      reason: 'ECS has no such task',
      checkAt: at(45 * MINUTE),
      missingSince: now.toISOString(),
    });
  });

  test('for too long makes its run LOST, from the state that it was seen in', () => {
    expect(decideOnCheck(missingFor(HOUR), MISSING, now)).toMatchObject({
      kind: 'end',
      ending: { status: 'LOST', error: { errorType: 'TASK_LOST' } },
      from: ['RUNNING'],
      taskArn: TASK,
    });
  });
});

describe('a task that ECS knows', () => {
  // RUNNING_RECORD has 60 s, and was invoked at 00:01:02; what stores and tells its outcome has 25 minutes.
  const inTime = at(27 * MINUTE);
  const overdue = at(28 * MINUTE);
  const UNINVOKED: RunRecord = { ...UNNOTED, taskArn: TASK, status: 'RUNNING', startedAt: at(0).toISOString() };

  test.each<{ title: string; record: RunRecord; view: TaskView; now: Date; kind: string }>([
    { title: 'that runs in its time', record: RUNNING_RECORD, view: LIVE, now: inTime, kind: 'check-later' },
    { title: 'that runs on long after', record: RUNNING_RECORD, view: LIVE, now: overdue, kind: 'stop-task' },
    {
      title: 'that stops already',
      record: RUNNING_RECORD,
      view: { ...LIVE, isStopping: true },
      now: overdue,
      kind: 'check-later',
    },
    { title: 'that does not stop', record: RUNNING_RECORD, view: LIVE, now: at(3 * HOUR), kind: 'end' },
    {
      title: 'whose handler may be being fetched',
      record: UNINVOKED,
      view: LIVE,
      now: at(HOUR - 3 * MINUTE),
      kind: 'check-later',
    },
    {
      title: 'whose handler is not called for too long',
      record: UNINVOKED,
      view: LIVE,
      now: at(HOUR),
      kind: 'stop-task',
    },
    {
      title: 'whose runner may still begin',
      record: STARTING_RECORD,
      view: LIVE,
      now: at(40 * MINUTE),
      kind: 'check-later',
    },
    {
      title: 'whose runner does not begin',
      record: STARTING_RECORD,
      view: LIVE,
      now: at(41 * MINUTE),
      kind: 'stop-task',
    },
    {
      title: 'that waits for its place',
      record: STARTING_RECORD,
      view: { ...LIVE, startedAt: undefined },
      now: at(6 * HOUR),
      kind: 'check-later',
    },
    {
      title: 'that waits for its place too long',
      record: STARTING_RECORD,
      view: { ...LIVE, startedAt: undefined },
      now: at(6 * HOUR + 1),
      kind: 'stop-task',
    },
    { title: 'that neither begins nor stops', record: STARTING_RECORD, view: LIVE, now: at(3 * HOUR), kind: 'end' },
    { title: 'that has stopped', record: RUNNING_RECORD, view: stopped(137), now: inTime, kind: 'end' },
    {
      title: 'that was refused for another',
      record: RUNNING_RECORD,
      view: stopped(65),
      now: inTime,
      kind: 'check-later',
    },
    {
      title: 'that was refused for another, long ago',
      record: RUNNING_RECORD,
      view: stopped(65),
      now: overdue,
      kind: 'end',
    },
    {
      title: 'of which ECS says nothing',
      record: RUNNING_RECORD,
      view: { kind: 'unknown' },
      now: overdue,
      kind: 'check-later',
    },
    {
      title: 'that nobody noted',
      record: { ...RUNNING_RECORD, taskArn: '' },
      view: NONE,
      now: inTime,
      kind: 'check-later',
    },
    {
      title: 'that nobody noted, long ago',
      record: { ...RUNNING_RECORD, taskArn: '' },
      view: NONE,
      now: overdue,
      kind: 'end',
    },
  ])('$title: $kind', ({ record, view, now, kind }) => {
    expect(decideOnCheck(record, view, now).kind).toBe(kind);
  });

  test.each([
    [RUNNING_RECORD, overdue, 'overdue'],
    [STARTING_RECORD, at(HOUR), 'notBegun'],
  ] as const)('is stopped with the reason by which its end is told', (record, now, stopReason) => {
    expect(decideOnCheck(record, LIVE, now)).toMatchObject({ kind: 'stop-task', taskArn: TASK, stopReason });
  });

  test('is looked at again well within the hour for which ECS describes it once stopped', () => {
    const days = { ...RUNNING_RECORD, timeoutSeconds: 1_209_600 };

    expect([6, 16, 600].map((minutes) => nextLook(days, LIVE, at(minutes * MINUTE)))).toEqual([11, 31, 620]);
  });
});

describe('a row that was cancelled', () => {
  const CANCELLED: RunRecord = { ...FINAL, status: 'CANCELLED' };

  test.each<[string, TaskView, string]>([
    ['whose task still runs has it stopped', LIVE, 'stop-task'],
    ['whose task is stopping is looked at again', { ...LIVE, isStopping: true }, 'check-later'],
    ['of whose task ECS could not be asked is looked at again', { kind: 'unknown' }, 'check-later'],
    ['whose task has stopped leaves nothing to do', stopped(143), 'leave-index'],
    ['whose task ECS has forgotten leaves nothing to do', MISSING, 'leave-index'],
  ])('%s', (_, view, kind) => {
    expect(decideOnCheck(CANCELLED, view, at(HOUR)).kind).toBe(kind);
  });

  test('and never had a task leaves nothing to do', () => {
    const { taskArn, ...without } = CANCELLED;

    expect(decideOnCheck(without, NONE, at(HOUR)).kind).toBe('leave-index');
  });
});

describe('a row that is closed', () => {
  test.each([
    { title: 'and leaves nothing to do', record: FINAL, age: 0, kind: 'leave-index' },
    { title: 'and waited for', record: WAITED_FOR, age: 5 * MINUTE, kind: 'deliver' },
    { title: 'and waited for in vain', record: { ...WAITED_FOR, deliveryError: 'x' }, age: 23 * HOUR, kind: 'deliver' },
    {
      title: 'and waited for in vain, too long',
      record: { ...WAITED_FOR, deliveryError: 'x' },
      age: 25 * HOUR,
      kind: 'give-up-delivery',
    },
    { title: 'and waited for without a try', record: WAITED_FOR, age: 25 * HOUR, kind: 'deliver' },
    {
      title: 'and asked for by somebody new an hour ago',
      record: { ...WAITED_FOR, deliveryError: 'x', deliverySince: at(24 * HOUR).toISOString() },
      age: 25 * HOUR,
      kind: 'deliver',
    },
    {
      title: 'and delivered',
      record: { ...WAITED_FOR, deliveredAt: at(0).toISOString() },
      age: HOUR,
      kind: 'leave-index',
    },
  ])('$title, $age ms ago: $kind', ({ record, age, kind }) => {
    expect(decideOnCheck(record, NONE, at(age)).kind).toBe(kind);
  });
});
