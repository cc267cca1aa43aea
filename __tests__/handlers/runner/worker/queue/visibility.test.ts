import { returnSeconds, visibilitySeconds } from '../../../../../handlers/runner/worker/queue/visibility';

test.each([
  ['three times the time between two renewals', 30_000, 90],
  ['rounded up', 10_100, 31],
  ['ten seconds at least', 100, 10],
  ["SQS's twelve hours at most", 86_400_000, 43_200],
])('a message stays hidden for %s', (_, renewalMilliseconds, seconds) => {
  expect(visibilitySeconds(renewalMilliseconds)).toBe(seconds);
});

test.each([
  [1, 2],
  [2, 4],
  [9, 512],
  [10, 900],
  [1_000, 900],
])('a message that failed for the %p. time comes back after %p seconds', (receiveCount, seconds) => {
  expect(returnSeconds(receiveCount)).toBe(seconds);
});
