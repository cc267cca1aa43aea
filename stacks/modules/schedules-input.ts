import { MAP_KEY } from '../parts/formats';
import { type Input, structureInput } from '../parts/inputs';
import { each, eachKey, ofFormat, oneOf, type Rule, wholeNumberWithin } from '../parts/rules';
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
} from '../parts/schedule-formats';
import { SCHEDULE_FIELDS, type Schedules } from '../parts/schedules';
import { literal } from '../parts/terraform-text';

const TYPE = `map(object({ ${Object.entries(SCHEDULE_FIELDS)
  .map(([name, type]) => `${name} = optional(${type})`)
  .join(', ')} }))`;

type Field = keyof typeof SCHEDULE_FIELDS;

/** The field keeps the rule in each item that has it. */
function eachGiven(field: Field, { holds, allowed }: Rule): Rule {
  const value = `item.${field}`;
  return {
    holds: (map) => `alltrue([for item in ${map} : ${value} == null ? true : ${holds(value)}])`,
    allowed: `as ${field} of each ${allowed}`,
  };
}

/** Each item has exactly one of the fields. */
function exactlyOne(fields: readonly Field[]): Rule {
  return each({
    holds: (item) =>
      `length([for value in [${fields.map((field) => `${item}.${field}`).join(', ')}] : true if value != null]) == 1`,
    allowed: `exactly one of ${fields.join(', ')}`,
  });
}

const JSON_REQUEST: Rule = {
  holds: (value) =>
    `try(length(try(jsondecode(${value}).arn, jsondecode(${value}).taskDefinition)) > 0 && length(setintersection(keys(jsondecode(${value})), ${literal(NOT_IN_REQUEST)})) == 0, false)`,
  allowed: `the JSON text of ${REQUEST}, such as jsonencode({ arn = "report", memoryMiB = 4096 })`,
};

/** The schedules of either engine; that of EventBridge adds what it cannot do. */
export function schedulesInput(rules: readonly Rule[] = []): Input<Schedules> {
  return structureInput<Schedules>(TYPE, {
    description: [
      'Schedules by their ids: the fields of a row of the table of schedules.',
      'When: cron_time (five fields, six with seconds, or an alias) with time_zone and dst_policy, or rate, or at; start_at and end_at bound it, jitter_seconds spreads it.',
      'What: request, the JSON text of a request to the starter, or definition_arn and ecs_cluster_arn of a task that is started as it is.',
      'How: overlap, catch_up, starting_deadline_seconds, enabled.',
    ].join(' '),
    default: {},
    rules: [
      eachKey(MAP_KEY),
      exactlyOne(['cron_time', 'rate', 'at']),
      exactlyOne(['request', 'definition_arn']),
      eachGiven('cron_time', ofFormat(CRON_TIME)),
      eachGiven('rate', ofFormat(RATE)),
      eachGiven('at', ofFormat(INSTANT)),
      eachGiven('time_zone', ofFormat(TIME_ZONE)),
      eachGiven('dst_policy', oneOf(DST_POLICIES)),
      eachGiven('start_at', ofFormat(INSTANT)),
      eachGiven('end_at', ofFormat(INSTANT)),
      eachGiven('jitter_seconds', wholeNumberWithin(JITTER_SECONDS)),
      eachGiven('overlap', oneOf(OVERLAP_POLICIES)),
      eachGiven('catch_up', oneOf(CATCH_UP_POLICIES)),
      eachGiven('starting_deadline_seconds', wholeNumberWithin(STARTING_DEADLINE_SECONDS)),
      eachGiven('request', JSON_REQUEST),
      ...rules,
    ],
  });
}
