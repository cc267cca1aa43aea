import { median, pairedRatio, summarise } from '../../bench/statistics';

test.each([
  { values: [3, 1, 2], middle: 2 },
  { values: [4, 1, 3, 2], middle: 2.5 },
  { values: [7], middle: 7 },
])('the median of $values is $middle', ({ values, middle }) => {
  expect(median(values)).toBe(middle);
});

test('nothing has no median', () => {
  expect(() => median([])).toThrow('There is no median of nothing.');
});

test('a summary has the median, both ends and the number of runs', () => {
  expect(summarise([5, 1, 3])).toEqual({ median: 3, minimum: 1, maximum: 5, runs: 3 });
});

test('the ratio is taken of runs that were neighbours, so that a machine that slows down slows both', () => {
  expect(pairedRatio([1, 10, 100], [2, 20, 200])).toEqual({ median: 0.5, minimum: 0.5, maximum: 0.5, runs: 3 });
});
