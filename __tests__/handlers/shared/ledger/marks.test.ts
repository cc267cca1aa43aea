import { deliveredWrite, deliveryFailedWrite, leaveIndexWrite } from '../../../../handlers/shared/ledger/marks';
import type { LedgerWrite } from '../../../../handlers/shared/ledger/update';
import type { RunRecord } from '../../../../handlers/shared/run';
import { RUNNING_RECORD } from '../../../support/ledger-rows';

const NOW = new Date('2026-11-21T10:00:00.000Z');
const CLOSED: RunRecord = { ...RUNNING_RECORD, status: 'FAILED', delivery: { taskToken: 'first' } };

const WRITES: readonly (readonly [string, (record: RunRecord) => LedgerWrite])[] = [
  ['that the outcome was delivered', (record) => deliveredWrite('runs', record, NOW)],
  ['that it was not', (record) => deliveryFailedWrite('runs', record, 'why', NOW)],
  ['that nothing is left to do', (record) => leaveIndexWrite('runs', record)],
];

describe.each(WRITES)('the note %s', (_, write) => {
  test('is of the delivery that was seen, and not of one that replaced it', () => {
    const { ConditionExpression = '', ExpressionAttributeValues } = write(CLOSED).update;

    expect(ConditionExpression).toContain('#delivery = :is_delivery');
    expect(ExpressionAttributeValues).toMatchObject({ ':is_delivery': { taskToken: 'first' } });
  });

  test('is of a run without a delivery while it has none', () => {
    const { delivery, ...without } = CLOSED;

    expect(write(without).update.ConditionExpression).toContain('attribute_not_exists(#delivery)');
  });
});
