import { Token } from 'cdktf';
import { type Problem, refuseUnless } from './checks';
import {
  ALIASED,
  CRON_NUMBERS,
  CRON_RANGE,
  CRON_RULES,
  FALLING_RANGE,
  hasFallingRange,
  RATE_FOR_EVENTBRIDGE,
} from './eventbridge-expression';
import type { Rule } from './rules';
import type { ScheduleDeclaration, Schedules } from './schedules';
import { literal } from './terraform-text';

/** What EventBridge Scheduler asks of one field of a schedule, where it is given. */
interface FieldRule {
  readonly field: keyof ScheduleDeclaration & keyof typeof TERRAFORM_NAMES;
  readonly fits: (value: string | number) => boolean;
  /** The same as an HCL expression, of the value. */
  readonly holds: (value: string) => string;
  /** What to give, and why nothing else. */
  readonly allowed: string;
}

const TERRAFORM_NAMES = {
  overlap: 'overlap',
  catchUp: 'catch_up',
  dstPolicy: 'dst_policy',
  startingDeadlineSeconds: 'starting_deadline_seconds',
  cronTime: 'cron_time',
  rate: 'rate',
  at: 'at',
  startAt: 'start_at',
  endAt: 'end_at',
} as const;

function only(field: FieldRule['field'], wanted: string, reason: string): FieldRule {
  return {
    field,
    fits: (value) => value === wanted,
    holds: (value) => `${value} == ${literal(wanted)}`,
    allowed: `${wanted}, as EventBridge Scheduler ${reason}`,
  };
}

/** Whole seconds of UTC: it has no other instants, and the provider would see a change in another spelling of one. */
const UTC = '^[^.]*Z$';

function instantOfUtc(field: FieldRule['field']): FieldRule {
  return {
    field,
    fits: (value) => new RegExp(UTC).test(String(value)),
    holds: (value) => `can(regex(${literal(UTC)}, ${value}))`,
    allowed: 'an instant of UTC in whole seconds, as EventBridge Scheduler has no others, such as 2026-12-24T18:00:00Z',
  };
}

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html */
const EVENT_AGE_SECONDS = { minimum: 60, maximum: 24 * 60 * 60 } as const;

const { minimum, maximum } = EVENT_AGE_SECONDS;

/** In capitals with single blanks, and aliases as what they stand for. */
function plainCron(value: string): string {
  return (ALIASED[value] ?? value).toUpperCase().replaceAll(/ +/g, ' ');
}

export function plainCronExpression(value: string): string {
  return `replace(upper(lookup(${mapLiteral(ALIASED)}, ${value}, ${value})), "/ +/", " ")`;
}

function mapLiteral(map: Readonly<Record<string, string>>): string {
  return `{ ${Object.entries(map)
    .map(([key, value]) => `${literal(key)} = ${literal(value)}`)
    .join(', ')} }`;
}

/** Whether no range of a cron expression falls, in Terraform's words; what is no range at all is another rule's. */
function risingExpression(value: string): string {
  const end = (index: number) => `tonumber(lookup(${mapLiteral(CRON_NUMBERS)}, pair[${index}], pair[${index}]))`;
  const pairs = `regexall(${literal(CRON_RANGE)}, ${plainCronExpression(value)})`;
  return `alltrue([for pair in ${pairs} : try(${end(0)} <= ${end(1)}, true)])`;
}

/** Each thing that EventBridge Scheduler cannot do, by name and with the reason. */
const FIELD_RULES: readonly FieldRule[] = [
  only('overlap', 'allow', 'starts each run whatever became of the one before'),
  only('catchUp', 'none', 'fires no slot that it missed; it tries one again until starting_deadline_seconds are over'),
  only('dstPolicy', 'skip', 'leaves out a local time that does not exist, and fires one that is there twice once'),
  {
    field: 'startingDeadlineSeconds',
    fits: (value) => Number(value) >= minimum && Number(value) <= maximum,
    holds: (value) => `${value} >= ${minimum} && ${value} <= ${maximum}`,
    allowed: `${minimum} to ${maximum}, as EventBridge Scheduler tries for so long`,
  },
  ...CRON_RULES.map(
    ({ pattern, isToMatch, reason }): FieldRule => ({
      field: 'cronTime',
      fits: (value) => new RegExp(pattern).test(plainCron(String(value))) === isToMatch,
      holds: (value) => `can(regex(${literal(pattern)}, ${plainCronExpression(value)})) == ${isToMatch}`,
      allowed: `an expression that EventBridge Scheduler has too: ${reason}`,
    }),
  ),
  {
    field: 'cronTime',
    fits: (value) => !hasFallingRange(plainCron(String(value))),
    holds: risingExpression,
    allowed: `an expression that EventBridge Scheduler has too: ${FALLING_RANGE}`,
  },
  {
    field: 'rate',
    fits: (value) => new RegExp(RATE_FOR_EVENTBRIDGE).test(String(value)),
    holds: (value) => `can(regex(${literal(RATE_FOR_EVENTBRIDGE)}, ${value}))`,
    allowed: 'whole minutes, hours or days, as EventBridge Scheduler has no other periods',
  },
  instantOfUtc('at'),
  instantOfUtc('startAt'),
  instantOfUtc('endAt'),
];

/** What EventBridge Scheduler cannot do of what is declared. */
export function eventBridgeProblems(where: string, schedules: Schedules | undefined): readonly Problem[] {
  if (schedules === undefined || Token.isUnresolved(schedules)) {
    return [];
  }
  return Object.entries(schedules).flatMap(([id, one]) =>
    FIELD_RULES.flatMap(({ field, fits, allowed }) =>
      refuseUnless(fits, `${where}.${id}.${field}`, one[field], allowed),
    ),
  );
}

/** The same for a variable of a generated module. */
export const EVENTBRIDGE_RULES: readonly Rule[] = FIELD_RULES.map(({ field, holds, allowed }) => {
  const value = `item.${TERRAFORM_NAMES[field]}`;
  return {
    holds: (map) => `alltrue([for item in ${map} : ${value} == null ? true : ${holds(value)}])`,
    allowed: `as ${TERRAFORM_NAMES[field]} of each ${allowed}`,
  };
});
