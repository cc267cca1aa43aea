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

const LAST_WEEKDAY = '(item == "*" || can(regex("^[*]/", item)) ? 6 : 7)';

function weekdayField(field: string): string {
  const numbers = DAYS.reduce((text, day, index) => `replace(${text}, "${day}", "${index}")`, field);
  const nth = `join("#", [tonumber(split("#", ${numbers})[0]) % 7 + 1, split("#", ${numbers})[1]])`;
  const names = `join(",", distinct([for value in flatten([for item in split(",", ${numbers}) : ${valuesOf('item', 0, LAST_WEEKDAY)}]) : ${literal(DAYS)}[value % 7]]))`;
  return `contains(["*", "?"], ${field}) ? "?" : can(regex("#", ${field})) ? ${nth} : ${names}`;
}

/** A list of the last five fields of a cron expression. */
export function cronFields(cronTime: string): string {
  const all = `split(" ", ${plainCronExpression(cronTime)})`;
  return `slice(${all}, length(${all}) - 5, length(${all}))`;
}

/** EventBridge's expression, of a list of five fields. */
export function cronOf(fields: string): string {
  const { minutes, hours, days, months } = NUMBER_FIELDS;
  const field = (index: number) => `${fields}[${index}]`;
  const number = (of: NumberField) => numberField(field(of.index), of);
  const isWeekly = `!contains(["*", "?"], ${field(4)})`;
  const parts = [
    number(minutes),
    number(hours),
    `${isWeekly} ? "?" : ${number(days)}`,
    number(months),
    weekdayField(field(4)),
    '"*"',
  ];
  return `format("cron(%s)", join(" ", [${parts.join(', ')}]))`;
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
