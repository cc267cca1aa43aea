import fc from 'fast-check';
import {
  decideTurn,
  joinLineUpdate,
  leaveLineUpdate,
  type PacerRow,
  type TurnOf,
} from '../../../handlers/starter/pacer';
import { type Launch, type PacerModel, playPacer } from '../../support/starter/pacer-world';

const LIMITS = { burst: 100, launchesPerSecond: 20 };
const TIME = { earliest: 1_000_000, latest: 1_000_800 };

/** By how much the fullest span has too many: none where it is not above zero. */
function excess(launches: readonly Launch[], { limits, latency }: PacerModel): number {
  const times = launches.map(({ launchedAt }) => launchedAt).sort((one, other) => one - other);
  const perMillisecond = limits.launchesPerSecond / 1000;
  return Math.max(
    ...times.flatMap((from, first) =>
      times.slice(first).map((to, index) => {
        // The table gives a turn so long after its launch was asked for, by which time the range may have passed.
        const span = to - from + latency;
        return index + 1 - (limits.burst + perMillisecond * span);
      }),
    ),
  );
}

describe('starters with wrong clocks', () => {
  const model = fc.record({
    limits: fc.record({ burst: fc.integer({ min: 1, max: 120 }), launchesPerSecond: fc.integer({ min: 1, max: 200 }) }),
    skews: fc.array(fc.integer({ min: -300_000, max: 300_000 }), { minLength: 1, maxLength: 6 }),
    arrivals: fc.array(
      fc.record({
        gap: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 0, max: 20 }) }, fc.integer({ min: 0, max: 3000 })),
        starter: fc.nat({ max: 5 }),
      }),
      { minLength: 1, maxLength: 120 },
    ),
    latency: fc.constantFrom(0, 0, 3, 80),
  });

  test('never launch more than the burst and the rate allow in any span, and lose none', () => {
    fc.assert(
      fc.property(model, (given) => {
        const launches = playPacer(given);

        expect(launches.map(({ arrival }) => arrival).sort((one, other) => one - other)).toEqual([
          ...given.arrivals.keys(),
        ]);
        expect(excess(launches, given)).toBeLessThanOrEqual(1e-6);
      }),
      { numRuns: 150 },
    );
  });

  test('launch nothing before what stands in the line already', () => {
    fc.assert(
      fc.property(model, (given) => {
        const launches = playPacer(given);
        const overtaken = launches.filter(({ queuedAt, launchedAt }) =>
          launches.some(
            (other) => queuedAt !== undefined && other.arrivedAt > queuedAt && other.launchedAt < launchedAt,
          ),
        );

        expect(overtaken).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test('launch 1,000 at once as fast as 100 at once and 20 a second allow, but for a second of doubt', () => {
    const arrivals = Array.from({ length: 1_000 }, (_, starter) => ({ gap: 0, starter }));
    const launches = playPacer({ limits: LIMITS, skews: [-300_000, 0, 300_000], arrivals, latency: 5 });
    const last = Math.max(...launches.map(({ launchedAt }) => launchedAt));

    expect(launches.length).toBe(1_000);
    expect(last).toBeGreaterThanOrEqual(44_950);
    expect(last).toBeLessThan(46_500);
  });
});

describe('a turn', () => {
  const decide = (row: PacerRow | undefined, turnOf: TurnOf = 'newcomer', limits = LIMITS) =>
    decideTurn(row, { tableName: 'ledger', limits, time: TIME, turnOf });
  const HAS_NO_LINE = ' AND (attribute_not_exists(#line) OR #lineUntil < :earliest)';

  test('of a newcomer is had at once where nothing is known of the row', () => {
    expect(decide(undefined)).toEqual({
      kind: 'take',
      update: {
        TableName: 'ledger',
        Key: { runId: 'pacer' },
        UpdateExpression: 'SET #paidUntil = :paid',
        ConditionExpression: `(attribute_not_exists(#paidUntil) OR #paidUntil <= :idle)${HAS_NO_LINE}`,
        ExpressionAttributeNames: { '#paidUntil': 'paidUntil', '#line': 'line', '#lineUntil': 'lineUntil' },
        ExpressionAttributeValues: { ':paid': 1_000_850, ':idle': 1_000_800, ':earliest': 1_000_000 },
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    });
  });

  test('of a burst adds to what is paid, so that many at once do not fail each other', () => {
    expect(decide({ paidUntil: 1_003_000 })).toMatchObject({
      kind: 'take',
      update: {
        UpdateExpression: 'SET #paidUntil = #paidUntil + :interval',
        ConditionExpression: `#paidUntil > :latest AND #paidUntil <= :due${HAS_NO_LINE}`,
        ExpressionAttributeValues: {
          ':interval': 50,
          ':latest': 1_000_800,
          ':due': 1_004_950,
          ':earliest': 1_000_000,
        },
      },
    });
  });

  test('of one that was queued keeps the line, and does not mind it', () => {
    expect(decide({ paidUntil: 1_003_000, line: 'run-2-1', lineUntil: 1_200_000 }, 'queued')).toMatchObject({
      kind: 'take',
      update: {
        UpdateExpression: 'SET #paidUntil = #paidUntil + :interval, #lineUntil = :lineUntil',
        ConditionExpression: '#paidUntil > :latest AND #paidUntil <= :due',
        ExpressionAttributeValues: { ':lineUntil': 1_300_800 },
      },
    });
  });

  test.each<[string, PacerRow, TurnOf, object]>([
    ['a line', { line: 'run-2-1', lineUntil: 1_000_000 }, 'newcomer', { kind: 'line' }],
    ['a line that has expired', { line: 'run-2-1', lineUntil: 999_999 }, 'newcomer', { kind: 'take' }],
    ['the burst just used up', { paidUntil: 1_004_951 }, 'newcomer', { kind: 'wait', milliseconds: 1 }],
    ['three launches too many', { paidUntil: 1_005_100 }, 'queued', { kind: 'wait', milliseconds: 150 }],
    ['room for the last of a burst', { paidUntil: 1_004_950 }, 'newcomer', { kind: 'take' }],
  ])('with %s: %j, %s', (_, row, turnOf, decision) => {
    expect(decide(row, turnOf)).toMatchObject(decision);
  });

  test('waits where only the latest time that it may be is late enough', () => {
    expect(decide({ paidUntil: 1_000_500 }, 'queued', { burst: 1, launchesPerSecond: 20 })).toEqual({
      kind: 'wait',
      milliseconds: 500,
    });
  });
});

test('a line is joined by whoever comes, and left by its last alone', () => {
  expect(joinLineUpdate('ledger', 'run-1-1', TIME)).toEqual({
    TableName: 'ledger',
    Key: { runId: 'pacer' },
    UpdateExpression: 'SET #line = :line, #lineUntil = :lineUntil',
    ExpressionAttributeNames: { '#line': 'line', '#lineUntil': 'lineUntil' },
    ExpressionAttributeValues: { ':line': 'run-1-1', ':lineUntil': 1_300_800 },
  });
  expect(leaveLineUpdate('ledger', 'run-1-1')).toEqual({
    TableName: 'ledger',
    Key: { runId: 'pacer' },
    UpdateExpression: 'REMOVE #line, #lineUntil',
    ConditionExpression: '#line = :line',
    ExpressionAttributeNames: { '#line': 'line', '#lineUntil': 'lineUntil' },
    ExpressionAttributeValues: { ':line': 'run-1-1' },
  });
});
