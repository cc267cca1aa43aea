import fc from 'fast-check';
import { Catalogue } from '../../../handlers/scheduler/catalogue';
import { minutesBetween } from '../../../handlers/scheduler/minutes';
import { SlotCache } from '../../../handlers/scheduler/slot-cache';
import { nextSlot } from '../../../handlers/shared/schedule/slots';
import { at, scheduleOf } from '../../support/scheduler/example-schedules';

const NOW = at('10:00:30');

describe('the catalogue', () => {
  test('a row that says the same is not armed anew, also when it was written again', () => {
    const catalogue = new Catalogue();
    catalogue.put(scheduleOf({ last_updated: '2026-11-27T10:00:00Z' }), NOW, NOW);
    const firstDue = catalogue.firstDue;

    const kind = catalogue.put(scheduleOf({ last_updated: '2026-11-27T11:00:00Z' }), at('10:05:30'), at('10:05:30'));

    expect([kind, catalogue.firstDue, catalogue.seenAt('report')]).toEqual(['unchanged', firstDue, NOW]);
  });

  test('a changed schedule has its new time alone, and a disabled one has none', () => {
    const catalogue = new Catalogue();
    catalogue.put(scheduleOf(), NOW, NOW);
    catalogue.put(scheduleOf({ cron_time: '30 10 * * *' }), NOW, NOW);
    expect([catalogue.size, catalogue.armed, catalogue.firstDue]).toEqual([1, 1, at('10:30')]);

    catalogue.put(scheduleOf({ enabled: false }), NOW, NOW);
    expect([catalogue.size, catalogue.armed, catalogue.firstDue]).toEqual([1, 0, undefined]);
  });

  test('what is due comes in the order of its times, and is armed again for the slot after', () => {
    const catalogue = new Catalogue();
    catalogue.put(scheduleOf({ id: 'late', cron_time: '2 10 * * *' }), NOW, NOW);
    catalogue.put(scheduleOf({ id: 'soon' }), NOW, NOW);

    expect(catalogue.takeDue(at('10:00:59'))).toBeUndefined();
    expect(catalogue.takeDue(at('10:02'))).toEqual({ id: 'soon', slot: at('10:01'), fireAt: at('10:01') });
    catalogue.rearm('soon', at('10:01'));
    const two = [catalogue.takeDue(at('10:02')), catalogue.takeDue(at('10:02'))];

    expect(two.map((due) => due?.id).sort()).toEqual(['late', 'soon']);
    expect(catalogue.takeDue(at('10:02'))).toBeUndefined();
  });

  test('a schedule that is removed is due no more, and its place is taken by the next', () => {
    const catalogue = new Catalogue();
    catalogue.put(scheduleOf({ id: 'one' }), NOW, NOW);

    expect([catalogue.remove('one'), catalogue.remove('one'), catalogue.takeDue(at('11:00'))]).toEqual([
      true,
      false,
      undefined,
    ]);
    catalogue.put(scheduleOf({ id: 'other' }), NOW, NOW);
    catalogue.rearm('one', NOW);
    expect(catalogue.takeDue(at('11:00'))?.id).toBe('other');
  });
});

test('a slot that was kept is the slot that would be computed', () => {
  const schedules = [
    scheduleOf(),
    scheduleOf({ cron_time: '*/7 8-18 * * MON-FRI', time_zone: 'Europe/London', start_at: '2026-11-27T12:00:00Z' }),
    scheduleOf({ cron_time: '*/7 8-18 * * MON-FRI', time_zone: 'Europe/London', end_at: '2026-11-27T11:00:00Z' }),
    scheduleOf({ id: 'a', cron_time: 'H H * * *' }),
    scheduleOf({ id: 'b', cron_time: 'H H * * *' }),
    scheduleOf({ rate: '5 minutes' }),
    scheduleOf({ at: '2026-11-27T10:30:00Z' }),
  ];
  const question = fc.record({
    schedule: fc.constantFrom(...schedules),
    after: fc.integer({ min: at('00:00'), max: at('23:59') }),
  });
  fc.assert(
    fc.property(fc.array(question, { minLength: 1, maxLength: 30 }), (questions) => {
      const cache = new SlotCache();
      for (const { schedule, after } of questions) {
        expect(cache.next(schedule, after)).toBe(nextSlot(schedule, after));
      }
    }),
  );
});

test('the minutes of a span are named as the index names them, its ends included', () => {
  expect(minutesBetween(at('10:58:59'), at('11:01:00'))).toEqual([
    '2026-11-27T10:58',
    '2026-11-27T10:59',
    '2026-11-27T11:00',
    '2026-11-27T11:01',
  ]);
});
