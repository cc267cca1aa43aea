import { Fn, Token } from 'cdktf';
import { matching, oneOf, type Problem, refuseUnless, wholeNumber } from './checks';
import { MAP_KEY } from './formats';
import {
  CATCH_UP_POLICIES,
  CRON_TIME,
  DST_POLICIES,
  INSTANT,
  JITTER_SECONDS,
  NOT_IN_REQUEST,
  OVERLAP_POLICIES,
  RATE,
  REQUEST,
  STARTING_DEADLINE_SECONDS,
  TIME_ZONE,
} from './schedule-formats';
import { snakeCase } from './terraform-text';

/** What to run, and when. Exactly one of `cronTime`, `rate` and `at`, and either `request` or the task definition. */
export interface ScheduleDeclaration {
  /**
   * A cron expression of five fields, of six with seconds, or an alias such as `@daily`.
   *
   * @default - `rate` or `at` says when
   */
  readonly cronTime?: string;
  /**
   * A period, such as `rate(5 minutes)`.
   *
   * @default - `cronTime` or `at` says when
   */
  readonly rate?: string;
  /**
   * The one instant, in ISO 8601: `2026-12-24T18:00:00Z`.
   *
   * @default - `cronTime` or `rate` says when
   */
  readonly at?: string;
  /**
   * The zone of the cron expression, by its IANA name.
   *
   * @default UTC
   */
  readonly timeZone?: string;
  /**
   * What becomes of local times that a change of the clock leaves out or shows twice: handlers/shared/schedule/schedule.ts.
   *
   * @default once
   */
  readonly dstPolicy?: (typeof DST_POLICIES)[number];
  /**
   * The first instant that may be a slot, in ISO 8601.
   *
   * @default - no bound
   */
  readonly startAt?: string;
  /**
   * The first instant that may be none any more, in ISO 8601.
   *
   * @default - no bound
   */
  readonly endAt?: string;
  /**
   * How much later than its slot a run may be started at most, in seconds.
   *
   * @default 0
   */
  readonly jitterSeconds?: number;
  /**
   * Whether it fires.
   *
   * @default - it does, until somebody pauses it
   */
  readonly enabled?: boolean;
  /**
   * What happens to a slot while the run of an earlier one is alive.
   *
   * @default allow
   */
  readonly overlap?: (typeof OVERLAP_POLICIES)[number];
  /**
   * Which of the slots that nobody fired in time are fired late.
   *
   * @default latest
   */
  readonly catchUp?: (typeof CATCH_UP_POLICIES)[number];
  /**
   * How late a slot may still be fired, in seconds.
   *
   * @default 3600
   */
  readonly startingDeadlineSeconds?: number;
  /**
   * A name for people.
   *
   * @default - the schedule's key
   */
  readonly name?: string;
  /**
   * A request to the starter, without an idempotency key.
   *
   * @default - the task definition below is started as it is
   */
  readonly request?: Readonly<Record<string, unknown>>;
  /**
   * A task definition to start as it is, by ARN or by family and revision.
   *
   * @default - `request` says what to run
   */
  readonly definitionArn?: string;
  /**
   * The cluster of that task.
   *
   * @default - the starter's
   */
  readonly ecsClusterArn?: string;
}

/** By the schedule's id. */
export type Schedules = Readonly<Record<string, ScheduleDeclaration>>;

const TIMINGS = ['cronTime', 'rate', 'at'] as const;

/** Terraform's names of the fields, with their types: those of a row of the schedules table. */
export const SCHEDULE_FIELDS = {
  cron_time: 'string',
  rate: 'string',
  at: 'string',
  time_zone: 'string',
  dst_policy: 'string',
  start_at: 'string',
  end_at: 'string',
  jitter_seconds: 'number',
  enabled: 'bool',
  overlap: 'string',
  catch_up: 'string',
  starting_deadline_seconds: 'number',
  name: 'string',
  request: 'string',
  definition_arn: 'string',
  ecs_cluster_arn: 'string',
} as const;

export function scheduleProblems(field: string, schedules: Schedules | undefined): readonly Problem[] {
  if (schedules === undefined || Token.isUnresolved(schedules)) {
    return [];
  }
  return Object.entries(schedules).flatMap(([id, one]) => [
    ...matching(`${field} key`, id, MAP_KEY.pattern, MAP_KEY.allowed),
    ...declarationProblems(`${field}.${id}`, one),
  ]);
}

function declarationProblems(where: string, one: ScheduleDeclaration): readonly Problem[] {
  return [
    ...exactlyOne(where, one, TIMINGS),
    ...exactlyOne(where, one, ['request', 'definitionArn']),
    ...matching(`${where}.cronTime`, one.cronTime, CRON_TIME.pattern, CRON_TIME.allowed),
    ...matching(`${where}.rate`, one.rate, RATE.pattern, RATE.allowed),
    ...matching(`${where}.at`, one.at, INSTANT.pattern, INSTANT.allowed),
    ...matching(`${where}.timeZone`, one.timeZone, TIME_ZONE.pattern, TIME_ZONE.allowed),
    ...oneOf(`${where}.dstPolicy`, one.dstPolicy, DST_POLICIES),
    ...matching(`${where}.startAt`, one.startAt, INSTANT.pattern, INSTANT.allowed),
    ...matching(`${where}.endAt`, one.endAt, INSTANT.pattern, INSTANT.allowed),
    ...wholeNumber(`${where}.jitterSeconds`, one.jitterSeconds, JITTER_SECONDS),
    ...oneOf(`${where}.overlap`, one.overlap, OVERLAP_POLICIES),
    ...oneOf(`${where}.catchUp`, one.catchUp, CATCH_UP_POLICIES),
    ...refuseUnless(isRequest, `${where}.request`, one.request, REQUEST),
    ...wholeNumber(`${where}.startingDeadlineSeconds`, one.startingDeadlineSeconds, STARTING_DEADLINE_SECONDS),
  ];
}

function isRequest(request: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(request);
  return (
    ['arn', 'taskDefinition'].some((name) => names.includes(name)) &&
    !NOT_IN_REQUEST.some((name) => names.includes(name))
  );
}

function exactlyOne(
  where: string,
  one: ScheduleDeclaration,
  fields: readonly (keyof ScheduleDeclaration)[],
): readonly Problem[] {
  const given = fields.filter((field) => one[field] !== undefined);
  return given.length === 1 ? [] : [{ field: where, value: one, allowed: `exactly one of ${fields.join(', ')}` }];
}

/** A generated module's variable has Terraform's spelling already, and passes as it is. */
export function scheduleRows(schedules: Schedules): unknown {
  return Token.isUnresolved(schedules)
    ? schedules
    : Object.fromEntries(Object.entries(schedules).map(([id, declaration]) => [id, scheduleRow(declaration)]));
}

function scheduleRow({ request, ...others }: ScheduleDeclaration): Readonly<Record<string, unknown>> {
  const fields = Object.entries(others).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(fields.map(([field, value]) => [snakeCase(field), value])),
    // As text: Terraform can say neither the type of a request nor write one as an attribute of DynamoDB's.
    ...(request === undefined ? {} : { request: Fn.jsonencode(request) }),
  };
}
