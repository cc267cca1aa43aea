import { LIVE_STATUSES, type RunRecord } from '../../../handlers/shared/run';
import { decideOnStop } from '../../../handlers/watcher/decide-stop';
import type { StoppedTask } from '../../../handlers/watcher/stopped-task';
import { RUNNING_RECORD, STARTING_RECORD } from '../../support/ledger-rows';

const NOW = new Date('2026-11-21T00:10:00.000Z');
const { taskArn: TASK = '', ...UNNOTED } = STARTING_RECORD;
const PENDING: RunRecord = { ...UNNOTED, status: 'PENDING' };
const PAST = { attempt: 1, status: 'FAILED', endedAt: NOW.toISOString() } as const;
const SUCCEEDED: RunRecord = { ...RUNNING_RECORD, status: 'SUCCEEDED', endedAt: NOW.toISOString() };

const stopped = (change: Partial<StoppedTask> = {}): StoppedTask => ({
  taskArn: TASK,
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'Essential container in task exited',
  containers: [{ exitCode: 137, reason: undefined }],
  attempt: undefined,
  ...change,
});

const refused = { containers: [{ exitCode: 65, reason: undefined }] };

describe('a task has stopped, and the row', () => {
  test.each<{ row: string; record: RunRecord; task?: Partial<StoppedTask>; kind: string }>([
    { row: 'is RUNNING with it', record: RUNNING_RECORD, kind: 'end' },
    { row: 'is STARTING with it', record: STARTING_RECORD, kind: 'end' },
    { row: 'waits, as it was not noted yet', record: PENDING, kind: 'end' },
    { row: 'is RUNNING, and it was never noted', record: { ...UNNOTED, status: 'RUNNING' }, kind: 'end' },
    {
      row: 'waits for attempt 2, and nothing tells which attempt it was',
      record: { ...PENDING, attempt: 2 },
      kind: 'leave',
    },
    {
      row: 'waits for attempt 2, and it was that one',
      record: { ...PENDING, attempt: 2 },
      task: { attempt: 2 },
      kind: 'end',
    },
    {
      row: 'waits for attempt 2, and it was the one before by its overrides',
      record: { ...PENDING, attempt: 2 },
      task: { attempt: 1 },
      kind: 'launch',
    },
    {
      row: 'waits for attempt 2, and it was the one before by its ARN',
      record: { ...PENDING, attempt: 2, attempts: [{ ...PAST, taskArn: TASK }] },
      kind: 'launch',
    },
    {
      row: 'is STARTING attempt 2 with another',
      record: { ...STARTING_RECORD, attempt: 2, taskArn: 'task-2', attempts: [{ ...PAST, taskArn: TASK }] },
      kind: 'leave',
    },
    {
      row: 'is RUNNING with another',
      record: { ...RUNNING_RECORD, taskArn: 'task-2' },
      task: { attempt: 1 },
      kind: 'leave',
    },
    { row: 'is RUNNING with another, and it was refused', record: RUNNING_RECORD, task: refused, kind: 'leave' },
    { row: 'is STARTING, and it was refused', record: STARTING_RECORD, task: refused, kind: 'end' },
    { row: 'is closed', record: SUCCEEDED, kind: 'leave' },
    {
      row: 'is closed, and somebody waits for its outcome',
      record: { ...SUCCEEDED, delivery: { taskToken: 't' } },
      kind: 'deliver',
    },
    {
      row: 'is closed, and its outcome was delivered',
      record: { ...SUCCEEDED, delivery: { taskToken: 't' }, deliveredAt: NOW.toISOString() },
      kind: 'leave',
    },
    {
      row: 'was closed by its interrupted runner, and ECS says why',
      record: { ...SUCCEEDED, status: 'INTERRUPTED' },
      task: { stopCode: 'SpotInterruption' },
      kind: 'note-stop',
    },
    {
      row: 'was closed so, and it knows why',
      record: { ...SUCCEEDED, status: 'INTERRUPTED', stopCode: 'SpotInterruption' },
      task: { stopCode: 'SpotInterruption' },
      kind: 'leave',
    },
  ])('$row: $kind', ({ record, task, kind }) => {
    expect(decideOnStop(record, stopped(task), NOW).kind).toBe(kind);
  });
});

test('an end names how, from which states, and with which task', () => {
  expect(decideOnStop(RUNNING_RECORD, stopped(), NOW)).toEqual({
    kind: 'end',
    reason: 'the task stopped without closing its run',
    ending: expect.objectContaining({ status: 'FAILED', error: expect.objectContaining({ errorType: 'TASK_KILLED' }) }),
    from: LIVE_STATUSES,
    taskArn: TASK,
  });
});

test('the launch of the next attempt has one id, whoever asks for it', () => {
  const record = { ...PENDING, attempt: 2, attempts: [{ ...PAST, taskArn: TASK }] };

  expect(decideOnStop(record, stopped(), NOW)).toEqual({
    kind: 'launch',
    reason: 'the attempt before has ended, and its task has stopped',
    deduplicationId: 'run-1-2',
    checkAt: new Date('2026-11-21T00:15:00.000Z'),
  });
});
