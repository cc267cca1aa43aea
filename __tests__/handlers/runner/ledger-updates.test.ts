import { beginUpdate, endUpdate, invokedUpdate, isAlreadyWritten } from '../../../handlers/runner/ledger-updates';

const NOW = new Date('2026-11-21T00:00:00.000Z');

test('begins a run that waits, and no other', () => {
  expect(beginUpdate('runs', 'run-1', NOW)).toEqual({
    TableName: 'runs',
    Key: { runId: 'run-1' },
    UpdateExpression: 'SET #status = :status, #startedAt = :startedAt',
    ConditionExpression: '#status IN (:from0, :from1)',
    ExpressionAttributeNames: { '#status': 'status', '#startedAt': 'startedAt' },
    ExpressionAttributeValues: {
      ':from0': 'PENDING',
      ':from1': 'STARTING',
      ':status': 'RUNNING',
      ':startedAt': '2026-11-21T00:00:00.000Z',
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
});

test('notes the invocation of a run that runs', () => {
  expect(invokedUpdate('runs', 'run-1', NOW)).toMatchObject({
    UpdateExpression: 'SET #invokedAt = :invokedAt',
    ConditionExpression: '#status IN (:from0)',
    ExpressionAttributeValues: { ':from0': 'RUNNING', ':invokedAt': '2026-11-21T00:00:00.000Z' },
  });
});

test('ends a run that runs, with what is known of its end alone', () => {
  const update = endUpdate('runs', 'run-1', { status: 'TIMED_OUT', endedAt: NOW, exitCode: 124 });

  expect(update).toMatchObject({
    UpdateExpression: 'SET #status = :status, #endedAt = :endedAt, #exitCode = :exitCode',
    ConditionExpression: '#status IN (:from0)',
    ExpressionAttributeValues: {
      ':from0': 'RUNNING',
      ':status': 'TIMED_OUT',
      ':endedAt': '2026-11-21T00:00:00.000Z',
      ':exitCode': 124,
    },
  });
});

test.each([
  { row: 'the row that this write made', item: { status: 'RUNNING', startedAt: NOW.toISOString() }, written: true },
  { row: 'another runner’s row', item: { status: 'RUNNING', startedAt: '2026-11-20T00:00:00.000Z' }, written: false },
  { row: 'a cancelled row', item: { status: 'CANCELLED' }, written: false },
  { row: 'no row', item: {}, written: false },
])('a refusal by $row: written before = $written', ({ item, written }) => {
  expect(isAlreadyWritten(item, beginUpdate('runs', 'run-1', NOW))).toBe(written);
});
