import { resolveRequest, slotKey } from '../../../../handlers/shared/schedule/slot-key';
import { scheduleOf } from '../../../support/schedules';

const SLOT = Date.UTC(2026, 10, 27, 11, 40);

describe('the key of a slot', () => {
  test('says the schedule and the slot', () => {
    expect(slotKey('nightly', SLOT)).toBe('schedule:nightly:2026-11-27T11:40:00.000Z');
  });

  test('of a long id has a hash in its place, and at most 256 characters', () => {
    const fits = 'x'.repeat(256 - 'schedule::2026-11-27T11:40:00.000Z'.length);

    expect(slotKey(fits, SLOT)).toBe(`schedule:${fits}:2026-11-27T11:40:00.000Z`);
    expect(slotKey(`${fits}x`, SLOT)).toMatch(/^schedule:[0-9a-f]{64}:2026-11-27T11:40:00\.000Z$/);
    expect(slotKey(`${fits}x`, SLOT)).not.toBe(slotKey(`${fits}y`, SLOT));
  });
});

describe('the request of a slot', () => {
  test("is the schedule's, with its key and without context attributes, at whatever depth", () => {
    const schedule = scheduleOf({
      id: 'nightly',
      rate: '1 minute',
      definition_arn: undefined,
      request: {
        arn: 'export',
        input: {
          day: '<aws.scheduler.scheduled-time>',
          text: 'of <aws.scheduler.schedule-arn> at <aws.scheduler.scheduled-time>, <aws.scheduler.attempt-number>',
          list: ['<aws.scheduler.execution-id>', 5, null, true],
          '<aws.scheduler.schedule-arn>': '<aws.scheduler.unheard-of>',
        },
        retries: 2,
      },
    });

    expect(resolveRequest(schedule, SLOT)).toEqual({
      arn: 'export',
      input: {
        day: '2026-11-27T11:40:00Z',
        text: 'of nightly at 2026-11-27T11:40:00Z, 1',
        list: [expect.stringMatching(/^[0-9a-f]{16}$/), 5, null, true],
        '<aws.scheduler.schedule-arn>': '<aws.scheduler.unheard-of>',
      },
      retries: 2,
      idempotencyKey: 'schedule:nightly:2026-11-27T11:40:00.000Z',
    });
    expect(resolveRequest(schedule, SLOT)).toEqual(resolveRequest(schedule, SLOT));
  });

  test("of a seed's row starts its task definition in its cluster", () => {
    expect(resolveRequest(scheduleOf({ id: 'a', rate: '1 minute', ecs_cluster_arn: 'jobs' }), SLOT)).toEqual({
      taskDefinition: 'job',
      cluster: 'jobs',
      idempotencyKey: 'schedule:a:2026-11-27T11:40:00.000Z',
    });
  });
});
