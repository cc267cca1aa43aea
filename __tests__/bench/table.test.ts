import { markdown } from '../../bench/table';

const samples = (...times: number[]) => times.map((time) => ({ time }));

function linesOf(metric: object, ours: number[], theirs: number[]): readonly string[] {
  const text = markdown({
    suite: 'suite',
    about: 'What it is.',
    notes: ['A note.'],
    command: 'npm run bench -- suite',
    machine: 'a machine',
    measuredAt: '2026-01-01T00:00:00.000Z',
    measured: [
      {
        title: 'case',
        metrics: [{ name: 'time', unit: 'ms', ...metric }],
        subjects: [
          { name: 'ours', version: '1.0', samples: samples(...ours) },
          { name: 'theirs', version: '2.0', samples: samples(...theirs) },
        ],
      },
    ],
  });
  return text.split('\n');
}

function rowsOf(metric: object, ours: number[], theirs: number[]): readonly string[] {
  return linesOf(metric, ours, theirs).filter(
    (line) => /^\| .*(ours|theirs) \|/.test(line) && !line.startsWith('| what'),
  );
}

test('a row has the median, the spread, the ratio to the peer and the goal', () => {
  expect(rowsOf({ atMostOfPeer: 0.5 }, [1, 2, 3], [10, 10, 10])).toEqual([
    '| case | time, ms | ours | 2.00 | 1.00 to 3.00 |  |  |',
    '|  |  | theirs | 10.0 | 10.0 to 10.0 | 0.20 | at most 0.5: met |',
  ]);
});

test.each([
  { metric: { atMostOfPeer: 0.1 }, goal: 'at most 0.1: missed' },
  { metric: { atMostAbovePeer: 5 }, goal: 'at most 5 ms above: 8.00, missed' },
  { metric: { atMostAbovePeer: 8 }, goal: 'at most 8 ms above: 8.00, met' },
  { metric: {}, goal: '' },
])('of 18 ms beside 10 ms the goal $metric reads "$goal"', ({ metric, goal }) => {
  const [, peer] = rowsOf(metric, [18, 18], [10, 10]);

  expect(peer?.split('|').at(-2)?.trim()).toBe(goal);
});

test.each([
  { atMost: 120, goal: 'at most 120 ms: met' },
  { atMost: 119, goal: 'at most 119 ms: missed' },
])('a limit of $atMost for ours alone, which takes 120, reads "$goal"', ({ atMost, goal }) => {
  const [ours] = rowsOf({ atMost }, [120], [1]);

  expect(ours?.split('|').at(-2)?.trim()).toBe(goal);
});

describe('where a peer is better', () => {
  const because = { theirs: 'It does nothing.', others: 'They do less.' };
  const reasons = (metric: object, ours: number[], theirs: number[]) => {
    const lines = linesOf({ because, ...metric }, ours, theirs);
    const head = lines.indexOf('Where a peer is better:');
    return head === -1 ? [] : lines.slice(head + 2, lines.indexOf('', head + 2));
  };

  test('the table says why', () => {
    expect(reasons({}, [3, 3], [2, 2])).toEqual(['- time, theirs (case): It does nothing.']);
  });

  test('it is more, not less, of what is counted by the second', () => {
    expect(reasons({ unit: 'per s' }, [3, 3], [2, 2])).toEqual([]);
    expect(reasons({ unit: 'per s' }, [2, 2], [3, 3])).toEqual(['- time, theirs (case): It does nothing.']);
  });

  test.each([
    { ours: [2, 2], theirs: [3, 3] },
    { ours: [2, 2], theirs: [2, 2] },
  ])('the reason is not told of ours $ours and theirs $theirs', ({ ours, theirs }) => {
    expect(reasons({}, ours, theirs)).toEqual([]);
  });

  test('a reason that nobody has given is missed', () => {
    expect(reasons({ because: {} }, [3, 3], [2, 2])).toEqual(['- time, theirs (case): nobody has looked into it yet.']);
  });
});

test('of nothing there is no share', () => {
  const [, peer] = rowsOf({}, [0, 0], [0, 0]);

  expect(peer).toBe('|  |  | theirs | 0 | 0 to 0 |  |  |');
});
