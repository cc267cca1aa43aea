import { beginWrite, invokedWrite } from '../../../../handlers/shared/ledger/attempt';
import { FakeTable } from '../../../support/fake-dynamodb';
import { applyWrite, RUNNING_RECORD, STARTING_RECORD } from '../../../support/ledger-rows';

const NOW = new Date('2026-11-21T00:01:00.000Z');
const TASK = STARTING_RECORD.taskArn;
const RUNNER = { tableName: 'runs', runId: 'run-1', attempt: 1, runnerId: 'runner-1' };

function tableWith(row: object | undefined) {
  const table = new FakeTable('runs', 'runId');
  if (row !== undefined) {
    table.put({ ...row });
  }
  return table;
}

test('to begin is one conditional update that gives the row back, and the row that refused', () => {
  expect(beginWrite(RUNNER, TASK, NOW).update).toEqual({
    TableName: 'runs',
    Key: { runId: 'run-1' },
    UpdateExpression:
      'SET #status = :status, #startedAt = :startedAt, #runnerId = :runnerId, #taskArn = :taskArn REMOVE #missingSince',
    ConditionExpression: '#status IN (:is_status_0, :is_status_1) AND #attempt = :is_attempt',
    ExpressionAttributeNames: {
      '#status': 'status',
      '#startedAt': 'startedAt',
      '#runnerId': 'runnerId',
      '#taskArn': 'taskArn',
      '#missingSince': 'missingSince',
      '#attempt': 'attempt',
    },
    ExpressionAttributeValues: {
      ':status': 'RUNNING',
      ':startedAt': NOW.toISOString(),
      ':runnerId': 'runner-1',
      ':taskArn': TASK,
      ':is_status_0': 'PENDING',
      ':is_status_1': 'STARTING',
      ':is_attempt': 1,
    },
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
});

describe('a runner of attempt 1', () => {
  test.each([
    { row: 'a PENDING row', item: { ...STARTING_RECORD, status: 'PENDING' }, kind: 'written' },
    { row: 'a STARTING row', item: STARTING_RECORD, kind: 'written' },
    { row: 'the row that its own lost write made', item: { ...RUNNING_RECORD }, kind: 'written' },
    {
      row: 'the row of a runner that began in the same millisecond',
      item: { ...RUNNING_RECORD, startedAt: NOW.toISOString(), runnerId: 'runner-2' },
      kind: 'refused',
    },
    { row: 'a row of attempt 2', item: { ...STARTING_RECORD, attempt: 2 }, kind: 'refused' },
    {
      row: 'a row that was cancelled after it began',
      item: { ...RUNNING_RECORD, status: 'CANCELLED' },
      kind: 'refused',
    },
    { row: 'no row', item: undefined, kind: 'refused' },
  ])('that begins on $row is $kind', ({ item, kind }) => {
    expect(applyWrite(tableWith(item), beginWrite(RUNNER, TASK, NOW)).kind).toBe(kind);
  });

  test('leaves the task that the starter noted, where it does not know its own', () => {
    const { record } = applyWrite(tableWith(STARTING_RECORD), beginWrite(RUNNER, undefined, NOW));

    expect(record).toEqual({
      ...STARTING_RECORD,
      status: 'RUNNING',
      startedAt: NOW.toISOString(),
      runnerId: 'runner-1',
    });
  });

  test.each([
    { row: 'its own', item: RUNNING_RECORD, kind: 'written' },
    { row: 'of another runner', item: { ...RUNNING_RECORD, runnerId: 'runner-2' }, kind: 'refused' },
    { row: 'of attempt 2', item: { ...RUNNING_RECORD, attempt: 2 }, kind: 'refused' },
    { row: 'closed', item: { ...RUNNING_RECORD, status: 'LOST' }, kind: 'refused' },
  ])('notes the invocation in a row that is $row: $kind', ({ item, kind }) => {
    expect(applyWrite(tableWith(item), invokedWrite(RUNNER, NOW)).kind).toBe(kind);
  });
});
