import { HISTORY_ENTRIES, NEW_STATE, type ScheduleState } from '../../../handlers/scheduler/state';
import { dropBuffered, finishClaim } from '../../../handlers/scheduler/transitions';
import { utf8Bytes } from '../../../handlers/shared/payload';

const SLOT = Date.parse('2026-11-27T10:01:00Z');
const LONG = 'é'.repeat(2_000_000);

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const ITEM_BYTES = 400 * 1024;

test('outcomes whose reasons have megabytes make an item that DynamoDB takes', () => {
  let state: ScheduleState = NEW_STATE;
  for (let slot = SLOT; state.history.length < HISTORY_ENTRIES; slot += 1_000) {
    const claimed = { ...state, claims: [{ slot, by: 'scheduler-1', giveUpAt: slot }] };
    state = finishClaim(claimed, slot, 'scheduler-1', { kind: 'refused', reason: LONG }, slot) ?? state;
  }

  expect(state.claims).toEqual([]);
  expect(utf8Bytes(JSON.stringify(state))).toBeLessThan(ITEM_BYTES / 4);
});

test('a slot that waited is given up with the beginning of a long reason', () => {
  const { bufferedSlot, history } = dropBuffered({ ...NEW_STATE, bufferedSlot: SLOT }, LONG, SLOT);

  expect(bufferedSlot).toBeUndefined();
  expect(history).toEqual([
    {
      slot: '2026-11-27T10:01:00.000Z',
      decision: 'skipped',
      reason: 'é'.repeat(1_000),
      at: '2026-11-27T10:01:00.000Z',
    },
  ]);
});
