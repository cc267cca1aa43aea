import {
  awaySeconds,
  heldSeconds,
  leaseMilliseconds,
  returnSeconds,
  secondsLeft,
  visibilitySeconds,
} from '../../../../../handlers/runner/worker/queue/visibility';

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

test('a lease ends before its message is seen again', () => {
  expect(leaseMilliseconds(30_000)).toBeLessThan(visibilitySeconds(30_000) * 1_000);
  expect(leaseMilliseconds(100)).toBe(8_000);
});

test.each([
  ['as long as wanted', 90, 0, 90],
  ['as long as wanted, long after', 90, 43_000_000, 90],
  ['what is left of the twelve hours, but for a minute', 90, 43_100_000, 40],
  ['nothing when they are over', 90, 43_200_000, 0],
])('after its receipt a message can be hidden for %s', (_, wanted, passedMilliseconds, seconds) => {
  expect(secondsLeft(wanted, 1_000, 1_000 + passedMilliseconds)).toBe(seconds);
});

test.each([
  ['until the lease ends', 88_000, 1, 89],
  ['longer, the more often it was asked for', 5_000, 6, 64],
])('a message of a job that another worker has is hidden %s', (_, milliseconds, receiveCount, seconds) => {
  expect(heldSeconds(milliseconds, receiveCount)).toBe(seconds);
});

test.each([
  ['until the lease ends, at first', 88_000, 0, 89],
  ['twice as long as before', 88_000, 90_500, 182],
  ['a quarter of an hour at most', 88_000, 700_000, 900],
  ['a quarter of an hour at most, whatever the lease', 43_198_000, 0, 900],
  ['until the lease ends where clocks differ', 88_000, -5_000, 89],
])('a copy of a message of a job that another worker has is away %s', (_, lease, away, seconds) => {
  expect(awaySeconds(lease, away)).toBe(seconds);
});
