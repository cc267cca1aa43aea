import fc from 'fast-check';
import { NEW_FLEET, withBeat, withoutScheduler } from '../../../handlers/scheduler/fleet';
import { FleetView } from '../../../handlers/scheduler/fleet-view';
import { standsBefore } from '../../../handlers/scheduler/rendezvous';

const beats = (values: Readonly<Record<string, number>>) => ({ ...NEW_FLEET, version: 1, beats: values });

describe('which schedulers are alive', () => {
  test('one whose beat stood still for longer than allowed is dead, by the clock of who looks', () => {
    const view = new FleetView('self', 6_000);
    view.see(beats({ self: 1, other: 7 }), 0);
    view.see(beats({ self: 2, other: 7 }), 6_000);
    expect(view.alive).toEqual(['self', 'other']);

    view.see(beats({ self: 3, other: 7 }), 6_001);

    expect([view.alive, view.dead, view.isAlive('other')]).toEqual([['self'], ['other'], false]);
  });

  test('one that beats is alive, however late its first beat was seen', () => {
    const view = new FleetView('self', 6_000);
    view.see(beats({ other: 7 }), 0);
    view.see(beats({ other: 8 }), 60_000);

    expect(view.alive).toEqual(['self', 'other']);
  });

  test('one that has left is dead at once, and one that nobody knows is dead', () => {
    const view = new FleetView('self', 6_000);
    view.see(beats({ self: 1, other: 7 }), 0);
    view.see(withoutScheduler(beats({ self: 1, other: 7 }), 'other'), 1);

    expect([view.isAlive('other'), view.isAlive(''), view.isAlive('self')]).toEqual([false, false, true]);
  });

  test('a beat takes the dead out, and the watermark only rises', () => {
    const fleet = { ...beats({ self: 1, gone: 4 }), watermark: 100 };

    expect(withBeat(fleet, 'self', { number: 2, watermark: 90, dead: ['gone'] })).toEqual({
      version: 1,
      beats: { self: 2 },
      watermark: 100,
    });
    expect(withBeat(fleet, 'new', { number: 1, watermark: undefined, dead: [] })).toMatchObject({ watermark: 100 });
    expect(withBeat(fleet, 'self', { number: 2, watermark: 110, dead: [] })).toMatchObject({ watermark: 110 });
  });
});

describe('the line for a schedule', () => {
  const members = fc.uniqueArray(fc.uuid(), { minLength: 1, maxLength: 6 });

  test('has each scheduler at one place', () => {
    fc.assert(
      fc.property(members, fc.string(), (names, id) => {
        const places = names.map((name) => standsBefore(id, name, names));
        expect(places.toSorted()).toEqual(names.map((_, place) => place));
      }),
    );
  });

  test('is shared evenly: of 10,000 schedules each of 5 has its fifth, give or take a tenth of it', () => {
    const names = ['a', 'b', 'c', 'd', 'e'].map((name) => `scheduler-${name}`);
    for (const name of names) {
      const own = Array.from({ length: 10_000 }, (_, index) => standsBefore(`schedule-${index}`, name, names)).filter(
        (place) => place === 0,
      );
      expect(own.length).toBeGreaterThan(1_800);
      expect(own.length).toBeLessThan(2_200);
    }
  });
});
