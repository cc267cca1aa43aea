import fc from 'fast-check';
import { parseScheduleRow } from '../../../../handlers/shared/schedule/row';
import { scheduleOf } from '../../../support/schedules';

/** What the seed's custom resource put into its table. */
const SEED_ROW = {
  id: '0f2c0f4e-5d4c-4b0c-8f7e-1d2f3a4b5c6d',
  cron_time: '*/2 * * * *',
  name: 'Do Accruals Nightly Processing',
  definition_arn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/accruals:7',
  ecs_cluster_arn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/jobs',
  last_updated: '2015-11-27T11:40:00.000Z',
};

const OUR_ROW = {
  id: 'nightly',
  name: 'Nightly export',
  cron_time: '30 2 * * *',
  time_zone: 'Europe/London',
  dst_policy: 'after',
  start_at: '2026-12-01T00:00:00',
  end_at: '2027-12-01T00:00:00Z',
  jitter_seconds: 60,
  enabled: false,
  overlap: 'skip',
  catch_up: 'all',
  starting_deadline_seconds: 600,
  request: { arn: 'export', input: { day: '<aws.scheduler.scheduled-time>' } },
};

const problemsOf = (item: unknown) => {
  const parsed = parseScheduleRow(item);
  return parsed.kind === 'malformed' ? parsed.problems : [];
};

describe('a row of the seed', () => {
  test('is a schedule that starts its task definition in its cluster', () => {
    expect(parseScheduleRow(SEED_ROW)).toEqual({
      kind: 'schedule',
      schedule: {
        id: SEED_ROW.id,
        name: SEED_ROW.name,
        timing: {
          kind: 'cron',
          expression: '*/2 * * * *',
          timeZone: 'UTC',
          dstPolicy: 'once',
          fields: expect.any(Object),
        },
        jitterSeconds: 0,
        isEnabled: true,
        overlap: 'allow',
        catchUp: 'latest',
        startingDeadlineSeconds: 3600,
        request: { taskDefinition: SEED_ROW.definition_arn, cluster: SEED_ROW.ecs_cluster_arn },
        revision: expect.any(String),
      },
    });
  });

  test.each([{ name: '' }, { name: undefined }])('takes its id for a name that is not there: %p', ({ name }) => {
    expect(scheduleOf({ ...SEED_ROW, name: name ?? '' }).name).toBe(SEED_ROW.id);
  });
});

describe('a row of ours', () => {
  test('has its times in its zone, and its policies', () => {
    expect(parseScheduleRow(OUR_ROW)).toEqual({
      kind: 'schedule',
      schedule: {
        id: 'nightly',
        name: 'Nightly export',
        timing: {
          kind: 'cron',
          expression: '30 2 * * *',
          timeZone: 'Europe/London',
          dstPolicy: 'after',
          fields: expect.any(Object),
        },
        startAt: Date.UTC(2026, 11, 1),
        endAt: Date.UTC(2027, 11, 1),
        jitterSeconds: 60,
        isEnabled: false,
        overlap: 'skip',
        catchUp: 'all',
        startingDeadlineSeconds: 600,
        request: { arn: 'export', input: { day: '<aws.scheduler.scheduled-time>' } },
        revision: expect.any(String),
      },
    });
  });

  test.each([
    [{ rate: '5 minutes' }, { kind: 'rate', milliseconds: 300_000 }],
    [{ rate: 'rate(1 hour)' }, { kind: 'rate', milliseconds: 3_600_000 }],
    [{ at: '2026-12-24T18:00:00+01:00' }, { kind: 'at', instant: Date.UTC(2026, 11, 24, 17) }],
    [
      { at: 'at(2026-07-24T18:00:00)', time_zone: 'Asia/Tokyo' },
      { kind: 'at', instant: Date.UTC(2026, 6, 24, 9) },
    ],
    [
      { at: '2026-03-29T01:30', time_zone: 'Europe/London', dst_policy: 'after' },
      { kind: 'at', instant: Date.UTC(2026, 2, 29, 1) },
    ],
  ])('%p is %p', (attributes, timing) => {
    expect(scheduleOf(attributes).timing).toEqual(timing);
  });
});

describe('the revision', () => {
  test('is the same whenever the row was written, and in whatever order the request is kept', () => {
    const { revision } = scheduleOf({ cron_time: '* * * * *', last_updated: 'once', ...request({ a: 1, b: 2 }) });

    expect(scheduleOf({ cron_time: '* * * * *', last_updated: 'later', ...request({ b: 2, a: 1 }) }).revision).toBe(
      revision,
    );
  });

  test.each([
    { cron_time: '1 * * * *' },
    { name: 'other' },
    { enabled: false },
    { overlap: 'skip' },
    { ...request({ a: 2, b: 2 }) },
    { ...request({ a: 1, b: { c: 3 } }) },
  ])('is another one with %p', (change) => {
    const row = { cron_time: '* * * * *', ...request({ a: 1, b: 2 }) };

    expect(scheduleOf({ ...row, ...change }).revision).not.toBe(scheduleOf(row).revision);
  });
});

function request(input: object) {
  return { request: { arn: 'export', input }, definition_arn: undefined };
}

describe('a malformed row', () => {
  test('tells all its problems at once, those of attributes that hide others included', () => {
    expect(
      parseScheduleRow({
        id: 'nightly',
        cron_time: '99 * * * *',
        time_zone: 'Mars/Olympus',
        timezone: 'UTC',
        enabled: 'true',
        jitter_seconds: '5',
        start_at: 'tomorrow',
        request: { input: 1 },
      }),
    ).toEqual({
      kind: 'malformed',
      id: 'nightly',
      problems: [
        'jitter_seconds is "5": give a whole number of seconds from 0 to 86,400',
        'enabled is "true": give true or false, not as a text',
        expect.stringMatching(/^request is an object: give a request to the starter with arn or taskDefinition/),
        'time_zone is "Mars/Olympus": give an IANA name such as Europe/London or UTC',
        expect.stringMatching(/^cron_time is "99 \* \* \* \*": its minute is "99": give 0 to 59/),
        expect.stringMatching(/^start_at is "tomorrow": give a date and time/),
        expect.stringMatching(/^"timezone" is no attribute of a schedule: those are id, name, cron_time/),
      ],
    });
  });

  test.each([
    [{ definition_arn: 'job' }, 'cron_time, rate, at are all missing: give one of them'],
    [
      { cron_time: '* * * * *', rate: '1 hour', definition_arn: 'job' },
      'cron_time, rate, at are 2 of three: give one of them',
    ],
    [{ rate: '1 hour' }, 'definition_arn, request are both missing: give one of them'],
    [{ rate: '0 minutes', definition_arn: 'job' }, 'rate is "0 minutes": give a period such as "90 seconds"'],
    [{ rate: '5 fortnights', definition_arn: 'job' }, 'rate is "5 fortnights": give a period'],
    [{ at: '2026-02-30T00:00:00Z', definition_arn: 'job' }, 'at is "2026-02-30T00:00:00Z": give a date and time'],
    [{ at: '2026-02-28', definition_arn: 'job' }, 'at is "2026-02-28": give a date and time'],
    [
      { rate: '1 hour', definition_arn: 'job', request: { arn: 'f' } },
      'request, definition_arn, ecs_cluster_arn say the same: give the first or the others',
    ],
    [
      { rate: '1 hour', definition_arn: 'job', start_at: '2027-01-01T00:00Z', end_at: '2027-01-01T00:00Z' },
      'start_at, end_at are "2027-01-01T00:00Z" and "2027-01-01T00:00Z": give an end after the start',
    ],
    [
      { rate: '1 hour', definition_arn: 'job', overlap: 'forbid' },
      'overlap is "forbid": give one of "allow", "skip", "replace", "buffer"',
    ],
    [
      { rate: '1 hour', definition_arn: 'job', starting_deadline_seconds: 0 },
      'starting_deadline_seconds is 0: give a whole number of seconds from 1 to 604,800',
    ],
    [
      { rate: '1 hour', request: { arn: 'f', idempotencyKey: 'k' } },
      'request is an object: give a request to the starter',
    ],
    [{ rate: '1 hour', request: { arn: 'f', wait: true } }, 'request is an object: give a request to the starter'],
  ])('%p', (attributes, problem) => {
    expect(problemsOf({ id: 'one', ...attributes })).toEqual([expect.stringContaining(problem)]);
  });

  test.each([
    [{ rate: '1 hour', definition_arn: 'job' }, ['id is missing: give a text of 1 to 512 characters']],
    [{ id: '', rate: '1 hour', definition_arn: 'job' }, ['id is "": give a text of 1 to 512 characters']],
    [null, ['A row is an object, and this one is null']],
    [[], ['A row is an object, and this one is a list of 0 items']],
    ['row', ['A row is an object, and this one is "row"']],
  ])('%p gives %p', (item, problems) => {
    expect(problemsOf(item)).toEqual(problems);
  });

  test('names its attributes as whoever wrote it calls them', () => {
    const names = new Proxy({}, { get: (_, name) => (name === 'cron_time' ? 'CronTime' : String(name)) });
    const parsed = parseScheduleRow({ id: 'one', cron_time: '', definition_arn: 'job' }, names as never);

    expect(parsed).toMatchObject({ problems: [expect.stringMatching(/^CronTime is "": it is empty/)] });
  });

  test('whatever an item holds, reading it answers', () => {
    const property = fc.property(
      fc.record(
        {
          id: fc.anything(),
          cron_time: fc.anything(),
          rate: fc.anything(),
          at: fc.anything(),
          time_zone: fc.anything(),
          start_at: fc.anything(),
          request: fc.anything(),
          definition_arn: fc.anything(),
          enabled: fc.anything(),
          jitter_seconds: fc.anything(),
        },
        { requiredKeys: [] },
      ),
      (item) => {
        const parsed = parseScheduleRow(item);

        expect(parsed.kind === 'schedule' ? 1 : parsed.problems.length).toBeGreaterThan(0);
      },
    );

    fc.assert(property);
  });
});
