import { CronExpressionParser } from 'cron-parser';
import { translateAwsCron } from './aws-cron';
import { bitsOf } from './bits';
import { type CronFields, nextMatch } from './cron-fields';

export type ParsedCron =
  | { readonly kind: 'cron'; readonly fields: CronFields }
  /** Sentences that name the field, its value and what is allowed, without the expression itself. */
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

interface FieldRule {
  readonly name: string;
  /** How many values the field has: a longer step than that would say something else than it means. */
  readonly size: number;
  readonly allowed: string;
}

const COMMON = 'lists (1,15), ranges (1-5), steps (*/15, 1-9/2) or H';

const FIELDS: readonly FieldRule[] = [
  { name: 'second', size: 60, allowed: `0 to 59, *, ${COMMON}` },
  { name: 'minute', size: 60, allowed: `0 to 59, *, ${COMMON}` },
  { name: 'hour', size: 24, allowed: `0 to 23, *, ${COMMON}` },
  { name: 'day of month', size: 31, allowed: `1 to 31, L (the last), *, ?, ${COMMON}` },
  { name: 'month', size: 12, allowed: `1 to 12 or JAN to DEC, *, ${COMMON}` },
  {
    name: 'day of week',
    size: 8,
    allowed: `0 to 7 (0 and 7 are Sunday) or SUN to SAT, 5L (the last Friday), 5#2 (the second Friday), *, ?, ${COMMON}`,
  },
];

/** cron-parser has them as well, and exports no list: a test compares the two. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
  ['@minutely', '* * * * *'],
  ['@secondly', '* * * * * *'],
  ['@weekdays', '0 0 * * 1-5'],
  ['@weekends', '0 0 * * 0,6'],
]);

const FORMS =
  'give 5 fields (minute, hour, day of month, month, day of week), 6 (second before them), ' +
  `cron(...) as EventBridge has it, or one of ${[...ALIASES.keys()].join(', ')}`;

/** Whether an expression ever fires is asked from here on: before the first year of `cron(...)`. */
const LONG_AGO = Date.UTC(1970, 0, 1);

function wrong(...problems: readonly string[]): ParsedCron {
  return { kind: 'wrong', problems };
}

function numbers(values: readonly (number | string)[]): readonly number[] {
  return values.filter((value) => typeof value === 'number');
}

function halves(values: readonly (number | string)[]): readonly [number, number] {
  const all = numbers(values);
  return [bitsOf(all.filter((value) => value < 30)), bitsOf(all.filter((v) => v >= 30).map((v) => v - 30))];
}

/** cron-parser's reading, as sets. */
function readFields(expression: string, seed: string): CronFields {
  // The date is given because the parser else asks for the time.
  const { fields } = CronExpressionParser.parse(expression, { currentDate: LONG_AGO, tz: 'UTC', hashSeed: seed });
  const weekdays: readonly (number | string)[] = fields.dayOfWeek.values;
  const last = weekdays.flatMap((value) => (typeof value === 'string' ? [Number(value.charAt(0)) % 7] : []));
  return {
    seconds: halves(fields.second.values),
    minutes: halves(fields.minute.values),
    hours: bitsOf(fields.hour.values),
    days: bitsOf(numbers(fields.dayOfMonth.values)),
    hasLastDay: fields.dayOfMonth.hasLastChar,
    restrictsDays: !fields.dayOfMonth.isWildcard,
    months: bitsOf(fields.month.values),
    weekdays: bitsOf(numbers(weekdays).map((value) => value % 7)),
    lastWeekdays: bitsOf(last),
    nthWeekday: fields.dayOfWeek.nthDay,
    restrictsWeekdays: !fields.dayOfWeek.isWildcard,
  };
}

function tryRead(expression: string, seed: string): CronFields | undefined {
  try {
    return readFields(expression, seed);
  } catch {
    return undefined;
  }
}

/** What cron-parser lets pass and means something else than it says. */
function hasLongStep(text: string, size: number): boolean {
  return [...text.matchAll(/\/(\d+)/g)].some(([, step]) => Number(step) > size);
}

/** What is wrong with one field, when all others were `*`. */
function fieldProblem(text: string, index: number, seed: string): string | undefined {
  const rule = FIELDS[index];
  if (rule === undefined) {
    return undefined;
  }
  const value = `its ${rule.name} is ${JSON.stringify(text)}`;
  if (/\dW|LW/i.test(text)) {
    return `${value}: W (the nearest workday) is not supported: give the days of the week`;
  }
  if (hasLongStep(text, rule.size)) {
    return `${value}: the longest step is ${rule.size}`;
  }
  const alone = FIELDS.map((_, other) => (other === index ? text : '*')).join(' ');
  // Whether a day exists in the months is not the field's own affair.
  return tryRead(alone, seed) !== undefined ? undefined : `${value}: give ${rule.allowed}`;
}

const NEVER = 'no day matches it, in any year: give a day that its months have';

/** Each field is looked at by itself only where the whole is refused, as that takes six times as long. */
function parseSixFields(texts: readonly string[], seed: string, years: readonly number[] | undefined): ParsedCron {
  const passes = texts.every((text, index) => !hasLongStep(text, FIELDS[index]?.size ?? 0));
  const read = passes ? tryRead(texts.join(' '), seed) : undefined;
  if (read === undefined) {
    const problems = texts.flatMap((text, index) => fieldProblem(text, index, seed) ?? []);
    return wrong(...(problems.length > 0 ? problems : [NEVER]));
  }
  const fields = years === undefined ? read : { ...read, years };
  return nextMatch(fields, LONG_AGO) === undefined ? wrong(NEVER) : { kind: 'cron', fields };
}

/** `cron(...)` of EventBridge. */
function parseAws(inner: string, seed: string): ParsedCron {
  const translated = translateAwsCron(inner);
  return translated.kind === 'wrong'
    ? wrong(...translated.problems)
    : parseSixFields(['0', ...translated.fields], seed, translated.years);
}

function parseText(expression: string, seed: string): ParsedCron {
  const alias = ALIASES.get(expression);
  if (alias !== undefined) {
    return parseText(alias, seed);
  }
  const aws = /^cron\((.*)\)$/.exec(expression)?.[1];
  if (aws !== undefined) {
    return parseAws(aws.trim(), seed);
  }
  const texts = expression.split(/\s+/);
  if (expression.startsWith('@')) {
    return wrong(`there is no such alias: ${FORMS}`);
  }
  if (texts.length < 5 || texts.length > 6) {
    const count =
      expression === '' ? 'it is empty' : `it has ${texts.length} ${texts.length === 1 ? 'field' : 'fields'}`;
    return wrong(`${count}: ${FORMS}`);
  }
  return parseSixFields(texts.length === 5 ? ['0', ...texts] : texts, seed, undefined);
}

/** An `H` that stands for a value, as against that of THU. */
const HASHED = /(?:^|[\s,])H/;

const known = new Map<string, ParsedCron>();

/** Bounds what expressions out of rows can make of the table. */
const MOST_KNOWN = 20_000;

/**
 * Reads a cron expression of 5 or 6 fields, or an alias, as cron-parser 5 does, but for what that one guesses at: a text that
 * is empty or too short, and a step that is longer than its field. EventBridge's `cron(...)` is translated, and means there
 * what it means here. `seed` decides what `H` stands for.
 */
export function parseCron(text: string, seed: string): ParsedCron {
  const expression = text.trim();
  const key = HASHED.test(expression) ? `${seed}\n${expression}` : expression;
  const found = known.get(key);
  if (found !== undefined) {
    return found;
  }
  const parsed = parseText(expression, seed);
  if (known.size >= MOST_KNOWN) {
    known.clear();
  }
  known.set(key, parsed);
  return parsed;
}
