import { measure } from '../../bench/measure';

test('the subjects take turns, and warm-ups do not count', async () => {
  const order: string[] = [];
  const subject = (name: string) => ({
    name,
    version: '1',
    run: async () => {
      order.push(name);
      return { time: order.length };
    },
  });
  const lines: string[] = [];

  const measured = await measure(
    { title: 'what', metrics: [{ name: 'time', unit: 'ms' }], subjects: [subject('ours'), subject('theirs')] },
    { warmUps: 1, runs: 2 },
    (line) => lines.push(line),
  );

  expect(order).toEqual(['ours', 'theirs', 'ours', 'theirs', 'ours', 'theirs']);
  expect(measured).toEqual({
    title: 'what',
    metrics: [{ name: 'time', unit: 'ms' }],
    subjects: [
      { name: 'ours', version: '1', samples: [{ time: 3 }, { time: 5 }] },
      { name: 'theirs', version: '1', samples: [{ time: 4 }, { time: 6 }] },
    ],
  });
  expect(lines[0]).toBe('what, warm-up, ours: {"time":1}');
  expect(lines[2]).toBe('what, run 1, ours: {"time":3}');
});
