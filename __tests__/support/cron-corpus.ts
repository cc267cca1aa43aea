import fc from 'fast-check';

/** What a pair of the corpus is: an expression, a zone, and an instant to look from. */
export interface CorpusEntry {
  readonly expression: string;
  readonly timeZone: string;
  readonly instants: readonly number[];
}

const HOUR = 3_600_000;

/**
 * Instants near which the clock of a zone changes, and one at which it does not. Of Lord Howe only the gap: at its overlap
 * cron-parser loops until it gives up, for a second each time.
 */
const NEIGHBOURHOODS: Readonly<Record<string, readonly string[]>> = {
  UTC: ['2027-12-31T23:00:00Z'],
  'America/New_York': ['2026-03-08T07:00:00Z', '2026-11-01T06:00:00Z'],
  'Europe/London': ['2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z'],
  'Asia/Tehran': ['2021-03-21T20:30:00Z', '2021-09-21T19:30:00Z'],
  'Australia/Lord_Howe': ['2026-10-03T15:30:00Z'],
  'America/Sao_Paulo': ['2018-11-04T03:00:00Z', '2018-02-18T02:00:00Z'],
  'Pacific/Apia': ['2011-12-30T10:00:00Z'],
  'Africa/Casablanca': ['2026-02-15T02:00:00Z', '2026-03-22T02:00:00Z'],
  'Asia/Kolkata': ['2028-02-28T18:30:00Z'],
};

/** Where cron-parser and we nearly always disagree, a few entries say so. */
const RARE = ['Australia/Lord_Howe', 'Pacific/Apia'];

const neighbourhoods = fc.oneof(
  ...Object.entries(NEIGHBOURHOODS).map((entry) => ({
    weight: RARE.includes(entry[0]) ? 1 : 12,
    arbitrary: fc.constant(entry),
  })),
);

const valueIn = (least: number, most: number) => fc.integer({ min: least, max: most }).map(String);

/** @param wildcards how many of 100 are `*`: cron-parser goes day by day through those that are left out */
function field(wildcards: number, least: number, most: number, ...others: readonly string[]): fc.Arbitrary<string> {
  const value = valueIn(least, most);
  const range = fc
    .tuple(fc.integer({ min: least, max: most }), fc.integer({ min: least, max: most }))
    .map(([one, other]) => `${Math.min(one, other)}-${Math.max(one, other)}`);
  const step = fc.integer({ min: 1, max: most - least }).map((by) => `*/${by}`);
  const stepOfRange = fc.tuple(range, fc.integer({ min: 1, max: 5 })).map(([of, by]) => `${of}/${by}`);
  const list = fc
    .uniqueArray(fc.integer({ min: least, max: most }), { minLength: 2, maxLength: 4 })
    .map((values) => values.join(','));
  return fc.oneof(
    { weight: 2 * wildcards, arbitrary: fc.constant('*') },
    { weight: 100 - wildcards, arbitrary: value },
    { weight: 100 - wildcards, arbitrary: fc.oneof(range, step, stepOfRange, list, fc.constantFrom('*', ...others)) },
  );
}

const expressions = fc
  .record({
    second: fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 1, arbitrary: field(40, 0, 59, 'H') }),
    minute: field(40, 0, 59, 'H', 'H/20'),
    hour: fc.oneof(field(40, 0, 23, 'H'), valueIn(0, 3)),
    day: field(80, 1, 28, 'L', '31', '29', '?'),
    month: field(92, 1, 12, 'JAN', 'feb-Apr', '*/3'),
    weekday: field(75, 0, 6, 'MON', 'tue-THU', '5L', '1#2', '5#5', '7', '?'),
  })
  .map(({ second, minute, hour, day, month, weekday }) =>
    [second, minute, hour, day, month, weekday].filter((text) => text !== '').join(' '),
  );

/** What a sample may leave out. */
const PICKED: readonly CorpusEntry[] = [
  { expression: '0 2 30 * *', timeZone: 'Pacific/Apia', instants: [Date.UTC(2011, 11, 29, 12)] },
  { expression: '30 9 * * FRI', timeZone: 'Pacific/Apia', instants: [Date.UTC(2011, 11, 28, 12)] },
];

/** Always the same entries: `count` of them, each with `instants` instants, and a few picked by hand. */
export function cronCorpus(count: number, instants: number): readonly CorpusEntry[] {
  const entry = fc.tuple(expressions, neighbourhoods).chain(([expression, [timeZone, near]]) =>
    fc
      .array(
        fc
          .tuple(fc.constantFrom(...near), fc.integer({ min: -36 * HOUR, max: 12 * HOUR }))
          .map(([instant, away]) => Math.floor((Date.parse(instant) + away) / 1000) * 1000),
        { minLength: instants, maxLength: instants },
      )
      .map((all) => ({ expression, timeZone, instants: all })),
  );
  return [...fc.sample(entry, { numRuns: count, seed: 20_261_127 }), ...PICKED];
}
