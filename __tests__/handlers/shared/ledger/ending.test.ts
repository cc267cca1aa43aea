import { cancelWrite, type Ending, type EndRequest, endWrite } from '../../../../handlers/shared/ledger/ending';
import { LIVE_STATUSES, RUN_STATUSES, type RunRecord } from '../../../../handlers/shared/run';
import { FakeTable } from '../../../support/fake-dynamodb';
import { applyWrite, RUNNING_RECORD, STARTING_RECORD } from '../../../support/ledger-rows';

const NOW = new Date('2026-11-21T00:10:00.000Z');
const ERROR = { errorType: 'TypeError', errorMessage: 'no', stackTrace: ['at one'] };
const FAILED: Ending = { status: 'FAILED', exitCode: 70, error: ERROR };
const RUNNER = { kind: 'runner', id: 'runner-1' } as const;
const OBSERVER = { kind: 'observer', id: 'watcher-1', from: LIVE_STATUSES, taskArn: STARTING_RECORD.taskArn } as const;

const end = (request: Partial<EndRequest>) =>
  endWrite({ tableName: 'runs', record: RUNNING_RECORD, by: RUNNER, ending: FAILED, now: NOW, ...request });

function rowAfter(row: RunRecord, ...requests: Partial<EndRequest>[]) {
  const table = new FakeTable('runs', 'runId');
  table.put({ ...row });
  const results = requests.map((request) => applyWrite(table, end({ record: row, ...request })));
  return { row: table.get(row.runId), kinds: results.map(({ kind }) => kind) };
}

describe('the end of an attempt', () => {
  const delivery = { taskToken: 'token' };

  test.each([
    { status: 'SUCCEEDED', attempt: 1, maxAttempts: 3, becomes: 'SUCCEEDED', nextAttempt: 1 },
    { status: 'FAILED', attempt: 1, maxAttempts: 3, becomes: 'PENDING', nextAttempt: 2 },
    { status: 'TIMED_OUT', attempt: 2, maxAttempts: 3, becomes: 'PENDING', nextAttempt: 3 },
    { status: 'INTERRUPTED', attempt: 1, maxAttempts: 2, becomes: 'PENDING', nextAttempt: 2 },
    { status: 'LOST', attempt: 1, maxAttempts: 2, becomes: 'PENDING', nextAttempt: 2 },
    { status: 'FAILED', attempt: 3, maxAttempts: 3, becomes: 'FAILED', nextAttempt: 3 },
    { status: 'LOST', attempt: 1, maxAttempts: undefined, becomes: 'LOST', nextAttempt: 1 },
  ] as const)(
    '$status, attempt $attempt of $maxAttempts, makes the row $becomes with attempt $nextAttempt',
    ({ status, attempt, maxAttempts, becomes, nextAttempt }) => {
      const { maxAttempts: _, ...record } = RUNNING_RECORD;
      const row = { ...record, attempt, ...(maxAttempts === undefined ? {} : { maxAttempts }) };

      expect(rowAfter(row, { ending: { status } }).row).toMatchObject({ status: becomes, attempt: nextAttempt });
    },
  );

  test('that is followed by another keeps what it was, and leaves nothing of itself in the row', () => {
    const { row } = rowAfter({ ...RUNNING_RECORD, missingSince: 'x' }, { ending: { ...FAILED, stopCode: 'c' } });

    const { taskArn, startedAt, invokedAt, runnerId, ...left } = RUNNING_RECORD;
    expect(row).toEqual({
      ...left,
      status: 'PENDING',
      attempt: 2,
      checkAt: '2026-11-21T00:12:00.000Z',
      attempts: [
        {
          attempt: 1,
          status: 'FAILED',
          endedAt: NOW.toISOString(),
          endedBy: 'runner-1',
          startedAt,
          invokedAt,
          taskArn,
          error: { errorType: 'TypeError', errorMessage: 'no' },
          exitCode: 70,
          stopCode: 'c',
        },
      ],
    });
  });

  test.each([
    { title: 'nothing to deliver', delivery: undefined, status: 'FAILED', isOpen: false },
    { title: 'a task token', delivery, status: 'FAILED', isOpen: true },
    { title: 'a durable callback', delivery: { callbackId: 'c' }, status: 'SUCCEEDED', isOpen: true },
    { title: 'a destination of failures', delivery: { onFailure: 'arn' }, status: 'SUCCEEDED', isOpen: false },
    { title: 'a destination of failures', delivery: { onFailure: 'arn' }, status: 'TIMED_OUT', isOpen: true },
    { title: 'a destination of successes', delivery: { onSuccess: 'arn' }, status: 'SUCCEEDED', isOpen: true },
    { title: 'a destination of successes', delivery: { onSuccess: 'arn' }, status: 'LOST', isOpen: false },
  ] as const)(
    'with $title, $status, leaves the row in the index of the sweep: $isOpen',
    ({ delivery: given, status, isOpen }) => {
      const record = { ...RUNNING_RECORD, attempt: 3, ...(given === undefined ? {} : { delivery: given }) };
      const { row } = rowAfter(record, { ending: { status } });

      expect([row?.['open'], row?.['checkAt']]).toEqual(
        isOpen ? ['open', '2026-11-21T00:15:00.000Z'] : [undefined, undefined],
      );
    },
  );

  test('that is the last is the run’s own, with its whole error', () => {
    const { row } = rowAfter({ ...RUNNING_RECORD, attempt: 3 }, {});

    const { open, checkAt, ...left } = RUNNING_RECORD;
    expect(row).toEqual({ ...left, attempt: 3, ...FAILED, endedAt: NOW.toISOString(), endedBy: 'runner-1' });
  });

  test('by a watcher that delivers it itself keeps the others from that', () => {
    const claimedUntil = new Date('2026-11-21T00:12:00.000Z');
    const record = { ...RUNNING_RECORD, attempt: 3, delivery };
    const { row } = rowAfter(record, { by: { ...OBSERVER, claimedUntil } });

    expect(row).toMatchObject({
      status: 'FAILED',
      endedBy: 'watcher-1',
      claimedBy: 'watcher-1',
      claimedUntil: claimedUntil.toISOString(),
    });
  });
});

describe('one outcome', () => {
  test.each([
    { who: 'the same runner, whose first answer was lost', second: RUNNER, kinds: ['written', 'written'] },
    { who: 'another runner', second: { kind: 'runner', id: 'runner-2' }, kinds: ['written', 'refused'] },
    { who: 'a watcher in the same millisecond', second: OBSERVER, kinds: ['written', 'refused'] },
  ] as const)('a runner ends its attempt, then $who: $kinds', ({ second, kinds }) => {
    for (const attempt of [1, 3]) {
      const both = rowAfter({ ...RUNNING_RECORD, attempt }, {}, { by: second });

      expect(both.kinds).toEqual(kinds);
      expect(both.row).toEqual(rowAfter({ ...RUNNING_RECORD, attempt }, {}).row);
    }
  });

  test.each([
    { title: 'the task that has stopped', taskArn: STARTING_RECORD.taskArn, kind: 'written' },
    { title: 'no task yet', taskArn: undefined, kind: 'written' },
    { title: 'another task', taskArn: 'arn:other', kind: 'refused' },
  ])('a watcher ends an attempt whose row has $title: $kind', ({ taskArn, kind }) => {
    const { taskArn: _, ...record } = STARTING_RECORD;
    const row = { ...record, ...(taskArn === undefined ? {} : { taskArn }) };

    expect(rowAfter(row, { by: OBSERVER }).kinds).toEqual([kind]);
  });

  test.each(RUN_STATUSES)('a watcher leaves or ends a row that is %s as its state says', (status) => {
    const isLive = LIVE_STATUSES.includes(status);

    expect(rowAfter({ ...STARTING_RECORD, status }, { by: OBSERVER }).kinds).toEqual([isLive ? 'written' : 'refused']);
  });

  test('a runner of an attempt that is over ends nothing', () => {
    const table = new FakeTable('runs', 'runId');
    table.put({ ...RUNNING_RECORD, attempt: 2 });

    expect(applyWrite(table, end({ record: RUNNING_RECORD }))).toMatchObject({ kind: 'refused' });
  });
});

describe('past attempts leave most of a row’s 400 KB free', () => {
  // Three bytes of UTF-8 each, the most that a character takes.
  const long = '世'.repeat(100_000);

  test.each([2, 20, 50])('with %d attempts that all failed with the longest errors', (maxAttempts) => {
    const table = new FakeTable('runs', 'runId');
    table.put({ ...STARTING_RECORD, maxAttempts });
    const ending: Ending = {
      ...FAILED,
      error: { errorType: long, errorMessage: long, stackTrace: [long] },
      stoppedReason: long,
    };

    for (let attempt = 1; attempt < maxAttempts; attempt += 1) {
      const record = { ...STARTING_RECORD, maxAttempts, attempt };
      const written = applyWrite(table, end({ record, by: { ...OBSERVER, taskArn: undefined }, ending }));
      expect(written.record).toMatchObject({ status: 'PENDING', attempt: attempt + 1 });
    }

    const bytes = Buffer.byteLength(JSON.stringify(table.get('run-1')?.['attempts']));
    expect(bytes).toBeLessThan(120_000);
  });
});

describe('a cancelled run', () => {
  const by = { id: 'starter-1', error: { errorType: 'CANCELLED', errorMessage: 'by its caller' } };

  test.each(RUN_STATUSES)('that was %s is final if it was live, whatever attempts are left', (status) => {
    const table = new FakeTable('runs', 'runId');
    table.put({ ...STARTING_RECORD, status });
    const { kind } = applyWrite(table, cancelWrite('runs', STARTING_RECORD, by, NOW));

    const isLive = LIVE_STATUSES.includes(status);
    expect(kind).toBe(isLive ? 'written' : 'refused');
    expect(table.get('run-1')?.['status']).toBe(isLive ? 'CANCELLED' : status);
  });

  test('stays in the index of the sweep until its outcome is delivered', () => {
    const table = new FakeTable('runs', 'runId');
    const record = { ...STARTING_RECORD, delivery: { onFailure: 'arn' } };
    table.put({ ...record });

    expect(applyWrite(table, cancelWrite('runs', record, by, NOW)).record).toMatchObject({
      status: 'CANCELLED',
      error: by.error,
      endedAt: NOW.toISOString(),
      open: 'open',
    });
  });
});
