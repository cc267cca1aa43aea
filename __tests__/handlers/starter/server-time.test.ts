import fc from 'fast-check';
import { type ClockOffset, observe, serverTime } from '../../../handlers/starter/server-time';

describe("the time by a server's clock", () => {
  test('is our own where the server has not answered yet', () => {
    expect(serverTime(5_000, undefined)).toEqual({ earliest: 5_000, latest: 5_000 });
  });

  test('is known to a second and the time that an answer takes', () => {
    const offset = observe(undefined, { date: 300_000, sentAt: 1_000, receivedAt: 1_040 });

    expect(serverTime(2_000, offset)).toEqual({ earliest: 300_960, latest: 302_000 });
  });

  test('is known the better the more answers there are', () => {
    const first = observe(undefined, { date: 300_000, sentAt: 900, receivedAt: 900 });
    const second = observe(first, { date: 301_000, sentAt: 1_000, receivedAt: 1_000 });

    expect(second).toEqual({ least: 300_000, most: 300_100, since: 900 });
  });

  test.each([
    ['the first answer is older than a minute', 300_900 - 61_000],
    ['our clock was set back', 300_900 + 61_000],
  ])('starts anew where %s', (_, since) => {
    const known: ClockOffset = { least: 5, most: 6, since };

    expect(observe(known, { date: 300_000, sentAt: 300_900, receivedAt: 300_900 })).toEqual({
      least: -900,
      most: 100,
      since: 300_900,
    });
  });

  test('starts anew where two answers contradict each other', () => {
    const known: ClockOffset = { least: 5_000, most: 6_000, since: 300_000 };

    expect(observe(known, { date: 300_000, sentAt: 300_900, receivedAt: 300_900 })).toMatchObject({ least: -900 });
  });

  test('lies in its range, whatever is wrong with our clock', () => {
    const answers = fc.array(fc.record({ gap: fc.nat(9_000), there: fc.nat(200), back: fc.nat(200) }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(fc.integer({ min: -300_000, max: 300_000 }), answers, fc.nat(5_000), (skew, given, later) => {
        let now = 1_000_000;
        let offset: ClockOffset | undefined;
        for (const { gap, there, back } of given) {
          const sent = now + gap;
          now = sent + there + back;
          const date = Math.floor((sent + there) / 1000) * 1000;
          offset = observe(offset, { date, sentAt: sent + skew, receivedAt: now + skew });
        }
        const { earliest, latest } = serverTime(now + later + skew, offset);

        expect(earliest).toBeLessThanOrEqual(now + later);
        expect(latest).toBeGreaterThanOrEqual(now + later);
      }),
    );
  });
});
