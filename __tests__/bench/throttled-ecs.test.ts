import { ThrottledEcs } from '../../bench/support/pacing/ecs';
import { workOffLine } from '../../bench/support/pacing/line';

function ecsAt(clock: { now: number }) {
  const ecs = new ThrottledEcs(() => clock.now);
  let calls = 0;
  const accepted = (count: number) =>
    Array.from({ length: count }, () => {
      calls += 1;
      return ecs.runTask(`task-${calls}`);
    }).filter((answer) => answer === 'accepted').length;
  return { ecs, accepted };
}

test('twenty calls of RunTask are let through at once, and then twenty a second', () => {
  const clock = { now: 0 };
  const { ecs, accepted } = ecsAt(clock);

  expect(accepted(100)).toBe(20);
  clock.now = 1_000;
  expect(accepted(100)).toBe(20);
  clock.now = 1_100;
  expect(accepted(100)).toBe(2);
  expect(ecs.refused).toBe(258);
  expect(ecs.lastStartAt).toBe(1_100);
});

test('a bucket is never fuller than it can be', () => {
  const clock = { now: 0 };
  const { accepted } = ecsAt(clock);
  accepted(20);
  clock.now = 3_600_000;

  expect(accepted(100)).toBe(20);
});

test('the same client token starts one task', () => {
  const ecs = new ThrottledEcs(() => 0);

  expect([ecs.runTask('one'), ecs.runTask('one')]).toEqual(['accepted', 'accepted']);
  expect(ecs.starts).toBe(1);
});

test('a line is worked off as fast as the buckets let through, and all of it', () => {
  const { starts, lastStartMilliseconds } = workOffLine(1_000, { burst: 20, launchesPerSecond: 20 });

  expect(starts).toBe(1_000);
  expect(lastStartMilliseconds).toBeGreaterThanOrEqual((1_000 - 20) * 50);
  expect(lastStartMilliseconds).toBeLessThan((1_000 - 20) * 50 * 1.02);
});
