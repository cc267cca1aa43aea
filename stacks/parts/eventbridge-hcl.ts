import { NUMBER_FIELDS, type NumberField, RATE_FOR_EVENTBRIDGE } from './eventbridge-expression';
import { plainCronExpression } from './eventbridge-problems';
import { DAYS } from './schedule-formats';
import { literal } from './terraform-text';

// stacks/parts/eventbridge-expression.ts in Terraform's words: what a variable holds Terraform alone knows.

/** The values between `first` and `last` that an item such as `10-30/5` means. */
function valuesOf(item: string, first: number, last: string): string {
  const start = `tonumber(replace(regex("^[0-9*]+", ${item}), "*", "${first}"))`;
  // After a dash, else the end of the field for a star or a step, else the value itself.
  const end = `tonumber(try(regex("-([0-9]+)", ${item})[0], can(regex("[*/]", ${item})) ? ${last} : ${item}))`;
  const step = `tonumber(try(regex("/([0-9]+)", ${item})[0], 1))`;
  return `[for value in range(${first}, ${last} + 1) : value if value >= ${start} && value <= ${end} && (value - ${start}) % ${step} == 0]`;
}

function numberField(field: string, { first, last }: NumberField): string {
  const alone = `replace(${field}, "*", "${first}")`;
  const all = `join(",", flatten([for item in split(",", ${field}) : can(regex("/", item)) ? [for value in ${valuesOf('item', first, String(last))} : tostring(value)] : [item]]))`;
  return `${field} == "?" ? "*" : can(regex("^([*]|[0-9]+)/[0-9]+$", ${field})) ? ${alone} : ${all}`;
}

const LAST_WEEKDAY = '(can(regex("^[*]", item)) ? 6 : 7)';

/** Of a field whose names of days are numbers already. */
function weekdayField(numbers: string): string {
  const nth = `format("%d#%s", tonumber(split("#", ${numbers})[0]) % 7 + 1, split("#", ${numbers})[1])`;
  const values = `flatten([for item in split(",", ${numbers}) : ${valuesOf('item', 0, LAST_WEEKDAY)}])`;
  const names = `join(",", distinct([for value in ${values} : ${literal(DAYS)}[value % 7]]))`;
  return `contains(["*", "?"], ${numbers}) ? "?" : can(regex("#", ${numbers})) ? ${nth} : ${names}`;
}

/** Of the schedules with a cron expression, what `value` makes of `row` and `id`. */
function ofCron(value: string): string {
  return `{ for id, row in local.declared_schedules : id => ${value} if try(row.cron_time, null) != null }`;
}

/** Locals, each after those that it builds on; the last is EventBridge's cron expression by the schedule's id. */
export function cronLocals(): Readonly<Record<string, string>> {
  const { minutes, hours, days, months } = NUMBER_FIELDS;
  const field = (index: number) => `local.cron_fields[id][${index}]`;
  const number = (of: NumberField) => numberField(field(of.index), of);
  const isDaily = `contains(["*", "?"], ${field(4)})`;
  return {
    cron_texts: ofCron(plainCronExpression('row.cron_time')),
    cron_fields: ofCron('reverse(slice(reverse(split(" ", local.cron_texts[id])), 0, 5))'),
    cron_numbers: ofCron(DAYS.reduce((text, day, index) => `replace(${text}, "${day}", "${index}")`, field(4))),
    cron_minutes: ofCron(number(minutes)),
    cron_hours: ofCron(number(hours)),
    cron_days: ofCron(`${isDaily} ? (${number(days)}) : "?"`),
    cron_months: ofCron(number(months)),
    cron_weekdays: ofCron(weekdayField('local.cron_numbers[id]')),
    cron_expressions: ofCron(
      `format("cron(%s %s %s %s %s *)", ${['minutes', 'hours', 'days', 'months', 'weekdays'].map((name) => `local.cron_${name}[id]`).join(', ')})`,
    ),
  };
}

/** EventBridge's expression of a period. */
export function rateOf(rate: string): string {
  const [value, unit] = [0, 1].map((index) => `regex(${literal(RATE_FOR_EVENTBRIDGE)}, ${rate})[${index}]`);
  return `format("rate(%s %s%s)", ${value}, ${unit}, ${value} == "1" ? "" : "s")`;
}

/** EventBridge's expression of an instant of UTC. */
export function atOf(at: string): string {
  return `format("at(%s)", trimsuffix(${at}, "Z"))`;
}
