import { fullJitter } from '../../../handlers/starter/backoff';

const LIMITS = { firstMilliseconds: 500, mostMilliseconds: 10_000 };

test.each([
  [1, 0, 0],
  [1, 0.5, 250],
  [1, 0.999, 499],
  [3, 0.999, 1998],
  [6, 0.5, 5000],
  [2000, 0.999, 9990],
])('after %i failures, with %d from the generator, waits %i ms', (failures, random, milliseconds) => {
  expect(fullJitter(failures, random, LIMITS)).toBe(milliseconds);
});
