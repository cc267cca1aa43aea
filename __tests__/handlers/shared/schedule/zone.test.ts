import { parseInstant } from '../../../../handlers/shared/schedule/local-time';
import type { DstPolicy } from '../../../../handlers/shared/schedule/schedule';
import { findZone, Zone } from '../../../../handlers/shared/schedule/zone';

const HOUR = 3_600_000;

describe('a zone', () => {
  test.each([
    ['UTC', '2026-11-27T00:00:00Z', 0],
    ['America/New_York', '2026-11-27T00:00:00Z', -5],
    ['America/New_York', '2026-07-27T00:00:00Z', -4],
    ['Asia/Kathmandu', '2026-07-27T00:00:00Z', 5.75],
    ['Pacific/Apia', '2011-12-30T09:59:59Z', -10],
    ['Pacific/Apia', '2011-12-30T10:00:00Z', 14],
  ])('%s at %s has %s hours', (name, instant, hours) => {
    expect(new Zone(name).offsetAt(Date.parse(instant))).toBe(hours * HOUR);
  });

  test('had seconds in its offset before there were time zones', () => {
    expect(new Zone('America/New_York').offsetAt(Date.UTC(1850, 0, 1))).toBe(-(4 * HOUR + 56 * 60_000 + 2000));
  });

  test.each([
    ['America/New_York', '2026-03-08T07:00:00Z', -5, -4],
    ['Australia/Lord_Howe', '2026-04-04T15:00:00Z', 11, 10.5],
    ['Pacific/Apia', '2011-12-30T10:00:00Z', -10, 14],
    ['Africa/Casablanca', '2026-03-22T02:00:00Z', 0, 1],
  ])('%s changes at %s, to the second', (name, at, before, after) => {
    const zone = new Zone(name);
    const instant = Date.parse(at);

    expect(zone.stretchAt(instant)).toMatchObject({ from: instant, offset: after * HOUR, offsetBefore: before * HOUR });
    expect(zone.stretchAt(instant - 1000)).toMatchObject({ to: instant, offset: before * HOUR });
  });

  test('agrees with Intl at each hour of ten years, in zones with odd rules', () => {
    for (const name of [
      'Africa/Casablanca',
      'America/Sao_Paulo',
      'Australia/Lord_Howe',
      'Asia/Gaza',
      'Europe/Istanbul',
    ]) {
      const zone = new Zone(name);
      const wrong: string[] = [];
      for (let at = Date.UTC(2012, 0, 1); at < Date.UTC(2022, 0, 1); at += 7 * HOUR) {
        if (zone.stretchAt(at).offset !== zone.offsetAt(at)) {
          wrong.push(new Date(at).toISOString());
        }
      }

      expect(wrong).toEqual([]);
    }
  });

  test.each(['Mars/Olympus', '+01:00', '', ' UTC', 'Europe/London; DROP'])('there is none called %p', (name) => {
    expect(findZone(name)).toBeUndefined();
  });
});

describe('an instant out of a text', () => {
  const read = (text: string, name: string, policy: DstPolicy = 'once') => {
    const instant = parseInstant(text, new Zone(name), policy);
    return instant === undefined ? undefined : new Date(instant).toISOString();
  };

  test.each([
    ['2026-11-27T09:30:00Z', 'Asia/Tokyo', 'once', '2026-11-27T09:30:00.000Z'],
    ['2026-11-27T09:30:00.25+01:00', 'Asia/Tokyo', 'once', '2026-11-27T08:30:00.250Z'],
    ['2026-11-27T09:30:00-05:30', 'Asia/Tokyo', 'once', '2026-11-27T15:00:00.000Z'],
    ['2026-11-27T09:30', 'Asia/Tokyo', 'once', '2026-11-27T00:30:00.000Z'],
    ['2026-03-08T02:30:00', 'America/New_York', 'once', '2026-03-08T07:30:00.000Z'],
    ['2026-03-08T02:30:00', 'America/New_York', 'skip', '2026-03-08T07:30:00.000Z'],
    ['2026-03-08T02:30:00', 'America/New_York', 'after', '2026-03-08T07:00:00.000Z'],
    ['2026-11-01T01:30:00', 'America/New_York', 'both', '2026-11-01T05:30:00.000Z'],
    ['2011-12-30T12:00:00', 'Pacific/Apia', 'once', '2011-12-30T22:00:00.000Z'],
    ['2026-11-27T24:00:00Z', 'UTC', 'once', undefined],
    ['2026-11-27T23:60:00Z', 'UTC', 'once', undefined],
    ['2026-13-27T23:00:00Z', 'UTC', 'once', undefined],
    ['2026-02-29T23:00:00Z', 'UTC', 'once', undefined],
    ['2026-02-28T23:00:00+24:00', 'UTC', 'once', undefined],
    ['27 November 2026', 'UTC', 'once', undefined],
  ] as const)('%s in %s under %s is %s', (text, name, policy, expected) => {
    expect(read(text, name, policy)).toBe(expected);
  });
});
