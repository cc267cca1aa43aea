import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import fc from 'fast-check';
import {
  HISTORY_ENTRIES,
  NEW_STATE,
  parseState,
  type ScheduleState,
  stateUpdate,
} from '../../../handlers/scheduler/state';
import { FakeTable } from '../../support/fake-dynamodb';

const TABLE = 'states';
const time = fc.integer({ min: 0, max: 4e12 });

const states: fc.Arbitrary<ScheduleState> = fc
  .record({
    revision: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
    lastSlot: fc.option(time, { nil: undefined }),
    bufferedSlot: fc.option(time, { nil: undefined }),
    runId: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
    claims: fc.array(fc.record({ slot: time, by: fc.string(), giveUpAt: time }), { maxLength: 3 }),
    history: fc.array(fc.constant({ slot: 'slot', decision: 'started', at: 'now' } as const), { maxLength: 30 }),
  })
  .map(({ claims, history, ...some }) => {
    const present = Object.entries(some).filter(([, value]) => value !== undefined);
    return { ...NEW_STATE, ...Object.fromEntries(present), claims, history };
  });

function write(table: FakeTable, before: ScheduleState, after: ScheduleState, writeId = 'write') {
  const update = stateUpdate(TABLE, 'report', before, after, writeId);
  return table.update({
    ...update,
    Key: marshall(update.Key ?? {}),
    ExpressionAttributeValues: marshall(update.ExpressionAttributeValues ?? {}),
  });
}

test('what is written is what is read, whatever was there before, and the registrar’s attributes stay', () => {
  fc.assert(
    fc.property(states, states, (first, second) => {
      const table = new FakeTable(TABLE, 'id');
      table.put({ id: 'report', change_minute: '2026-11-27T10:00', changed_at: '2026-11-27T10:00:00.000Z' });
      write(table, NEW_STATE, first);
      write(table, { ...NEW_STATE, version: 1 }, second);

      expect(parseState(table.get('report'))).toEqual({
        ...second,
        version: 2,
        writtenBy: 'write',
        writtenAt: Date.parse('2026-11-27T10:00:00.000Z'),
        history: second.history.slice(-HISTORY_ENTRIES),
      });
      expect(table.get('report')).toMatchObject({ change_minute: '2026-11-27T10:00' });
    }),
  );
});

test('of two writes on one version one is refused, and gets what the other wrote', () => {
  const table = new FakeTable(TABLE, 'id');
  write(table, NEW_STATE, { ...NEW_STATE, runId: 'run-1' }, 'one');

  const refused = write(table, NEW_STATE, { ...NEW_STATE, runId: 'run-2' }, 'other');

  expect(refused.kind).toBe('condition-failed');
  const item = refused.kind === 'condition-failed' && refused.item !== undefined ? unmarshall(refused.item) : undefined;
  expect(parseState(item)).toMatchObject({ version: 1, writtenBy: 'one', runId: 'run-1' });
});

test.each([
  ['the write', { changed_at: '2026-11-27T10:00:01.500Z', written_at: '2026-11-27T10:00:00.100Z' }, '10:00:00.100'],
  ['the note, where it says nothing of the write', { changed_at: '2026-11-27T10:00:01.500Z' }, '10:00:01.500'],
])('a row is as old as %s', (_, noted, time) => {
  expect(parseState({ id: 'report', ...noted }).writtenAt).toBe(Date.parse(`2026-11-27T${time}Z`));
});

test('an item that somebody else has written over is refused', () => {
  expect(() => parseState({ id: 'report', claims: 'none' })).toThrow();
  expect(() => parseState({ id: 'report', last_slot: 'yesterday' })).toThrow('not a time');
  expect(() => parseState({ id: 'report', written_at: 'yesterday' })).toThrow('not a time');
});
