import type { RunRecord } from '../../../handlers/shared/run';
import { decideOnCheck } from '../../../handlers/watcher/decide-check';
import { decideOnStop } from '../../../handlers/watcher/decide-stop';
import type { LiveTask } from '../../../handlers/watcher/task-view';
import { CONTAINER_RECORD } from '../../support/ledger-rows';

const BEGIN = Date.parse(CONTAINER_RECORD.createdAt);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const at = (milliseconds: number) => new Date(BEGIN + milliseconds);

const TASK = String(CONTAINER_RECORD.taskArn);
const RUNNING: RunRecord = { ...CONTAINER_RECORD, status: 'RUNNING', startedAt: at(0).toISOString() };
const live = (change: Partial<LiveTask> = {}): LiveTask => ({
  kind: 'live',
  isStopping: false,
  createdAt: at(0),
  startedAt: at(0),
  ...change,
});
const NOT_STARTED = live({ startedAt: undefined });

/** The run may take 300 s. */
const check = (record: RunRecord, view: LiveTask, now: number) =>
  decideOnCheck({ ...record, checkAt: at(now - SECOND).toISOString() }, view, at(now));

describe('the sweep looks at a container run', () => {
  test('that has begun: notes that it runs, and since when', () => {
    expect(check(CONTAINER_RECORD, live({ startedAt: at(40 * SECOND) }), MINUTE)).toEqual({
      kind: 'note-running',
      reason: 'the container runs',
      startedAt: at(40 * SECOND),
      checkAt: at(2 * MINUTE),
    });
  });

  test.each<[string, RunRecord, LiveTask, number, number]>([
    ['that has no task at work yet', CONTAINER_RECORD, NOT_STARTED, MINUTE, 2 * MINUTE],
    ['that has waited longer for its instance', CONTAINER_RECORD, NOT_STARTED, 10 * MINUTE, 20 * MINUTE],
    ['that runs', RUNNING, live(), 90 * SECOND, 180 * SECOND],
    ['whose time is over soon: at that moment', RUNNING, live(), 200 * SECOND, 300 * SECOND],
  ])('%s: again later', (_, record, view, now, next) => {
    expect(check(record, view, now)).toMatchObject({ kind: 'check-later', checkAt: at(next) });
  });

  test.each<[string, RunRecord, LiveTask, number, string]>([
    ['whose time is over: stops its task', RUNNING, live(), 300 * SECOND, 'timedOut'],
    ['whose time is over before it was noted: stops its task', CONTAINER_RECORD, live(), 300 * SECOND, 'timedOut'],
    ['that does not start for hours: stops its task', CONTAINER_RECORD, NOT_STARTED, 6 * HOUR + SECOND, 'notStarted'],
  ])('%s', (_, record, view, now, stopReason) => {
    expect(check(record, view, now)).toMatchObject({ kind: 'stop-task', taskArn: TASK, stopReason });
  });

  test('counts the time from when its container began, not from the request', () => {
    expect(check(RUNNING, live({ startedAt: at(HOUR) }), HOUR + 299 * SECOND).kind).toBe('check-later');
    expect(check(RUNNING, live({ startedAt: at(HOUR) }), HOUR + 300 * SECOND).kind).toBe('stop-task');
  });

  test('whose task is stopping: waits for it', () => {
    expect(check(RUNNING, live({ isStopping: true }), 400 * SECOND).kind).toBe('check-later');
  });

  test.each<[string, RunRecord, LiveTask, number, string, string]>([
    ['whose time was over', RUNNING, live({ isStopping: true }), 2 * HOUR + 300 * SECOND, 'TIMED_OUT', 'RUN_TIMED_OUT'],
    ['that did not start', CONTAINER_RECORD, NOT_STARTED, 8 * HOUR + SECOND, 'FAILED', 'TASK_NOT_STARTED'],
  ])('%s two hours ago, and its task does not stop: ends it without', (_, record, view, now, status, errorType) => {
    expect(check(record, view, now)).toMatchObject({
      kind: 'end',
      ending: {
        status,
        error: { errorType, errorMessage: expect.stringContaining(`ECS did not stop its task ${TASK}`) },
      },
    });
  });

  test('whose task ECS does not know any more: LOST', () => {
    const record = { ...RUNNING, missingSince: at(0).toISOString(), checkAt: at(HOUR).toISOString() };

    expect(decideOnCheck(record, { kind: 'missing' }, at(HOUR))).toMatchObject({
      kind: 'end',
      ending: { status: 'LOST' },
    });
  });
});

describe('the task of a container run has stopped', () => {
  const stopped = (exitCode: number, attempt = 1) => ({
    taskArn: TASK,
    stopCode: 'EssentialContainerExited',
    stoppedReason: undefined,
    containers: [{ name: 'app', exitCode, reason: undefined }],
    attempt,
  });

  test.each<[string, RunRecord, number, string]>([
    ['with 0 is SUCCEEDED', RUNNING, 0, 'SUCCEEDED'],
    ['with 3 is FAILED', CONTAINER_RECORD, 3, 'FAILED'],
    // The runner's 65 means that another has the run; a container's means what its program says.
    ['with 65, which is no word of a runner, is FAILED', RUNNING, 65, 'FAILED'],
  ])('%s', (_, record, exitCode, status) => {
    expect(decideOnStop(record, stopped(exitCode), at(MINUTE))).toMatchObject({
      kind: 'end',
      reason: 'the container has ended',
      ending: { status, exitCode },
    });
  });

  test('before the starter noted it: its variable tells the attempt', () => {
    const { taskArn: _, ...unnoted } = CONTAINER_RECORD;

    expect(decideOnStop({ ...unnoted, status: 'PENDING', attempt: 2 }, stopped(0, 2), at(MINUTE)).kind).toBe('end');
    expect(decideOnStop({ ...unnoted, status: 'PENDING', attempt: 2 }, stopped(0, 1), at(MINUTE)).kind).toBe('launch');
  });
});
