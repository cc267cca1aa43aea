import { CRON_VALUES, DAYS, MONTHS } from './schedule-formats';

/** A schedule expression of EventBridge Scheduler's, or why it has none that means the same. */
export type EventBridgeExpression =
  | { readonly kind: 'expression'; readonly expression: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** https://github.com/harrisiirak/cron-parser#predefined-expressions; @secondly has no counterpart. */
export const ALIASED: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@hourly': '0 * * * *',
  '@minutely': '* * * * *',
  '@weekdays': '0 0 * * 1-5',
  '@weekends': '0 0 * * 0,6',
};

/** A field of numbers: where `*` and a step without an end begin and end. */
export interface NumberField {
  readonly index: number;
  readonly first: number;
  readonly last: number;
}

export const NUMBER_FIELDS = {
  minutes: { index: 0, first: 0, last: 59 },
  hours: { index: 1, first: 0, last: 23 },
  days: { index: 2, first: 1, last: 31 },
  months: { index: 3, first: 1, last: 12 },
} as const satisfies Readonly<Record<string, NumberField>>;

function list(value: string, names?: readonly string[]): string {
  const name = names === undefined ? '' : `|(${names.join('|')})(-(${names.join('|')}))?`;
  const item = `(([*]|${value}(-${value})?)(/[1-9][0-9]*)?${name})`;
  return `${item}(,${item})*`;
}

const { minute, hour, dayOfMonth, month, dayOfWeek } = CRON_VALUES;
const DAY = `(${dayOfWeek}|${DAYS.join('|')})`;

/** A rule for a cron expression in capitals and with single blanks: which it has to match, or must not. */
export interface CronRule {
  readonly pattern: string;
  readonly isToMatch: boolean;
  /** Why EventBridge cannot have one that breaks it, and what to give. */
  readonly reason: string;
}

/**
 * What can be translated. EventBridge documents neither a last weekday of the month nor W for it, and knows days of the
 * week and of the month in one expression only as both at once, where cron takes either.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */
export const CRON_RULES: readonly CronRule[] = [
  {
    pattern: '^(0+ )?[^ ]+( [^ ]+){4}$',
    isToMatch: true,
    reason: 'it fires once a minute at most: leave the field of seconds out, or give 0',
  },
  { pattern: '(^|[ ,])H', isToMatch: false, reason: 'it does not know H: give a value' },
  {
    pattern: '^(0+ )?[^ ]+ [^ ]+ ([*?] [^ ]+ [^ ]+|[^ ]+ [^ ]+ [*?])$',
    isToMatch: true,
    reason: 'it takes a day of the month or a day of the week, not both: make two schedules of it',
  },
  {
    pattern: `^(0+ )?${list(minute)} ${list(hour)} ([?L]|${list(dayOfMonth)}) ${list(month, MONTHS)} ([?]|${DAY}#[1-5]|${list(DAY)})$`,
    isToMatch: true,
    reason:
      'it takes values, ranges, steps and lists, L alone as the day of the month, and one day with # alone as the day of the week',
  },
];

/** A range of a cron expression in capitals. */
export const CRON_RANGE = '([0-9]+|[A-Z]{3})-([0-9]+|[A-Z]{3})';

/** What names stand for, as cron-parser counts. */
export const CRON_NUMBERS: Readonly<Record<string, string>> = Object.fromEntries([
  ...MONTHS.map((name, index) => [name, String(index + 1)]),
  ...DAYS.map((name, index) => [name, String(index)]),
]);

/** cron-parser refuses one, and its values would be none: `SAT-SUN` would fire on no day, and `MON,SAT-SUN` on Mondays. */
export const FALLING_RANGE =
  'a range goes from the lower to the higher: give two, such as 22-23,0-2, or 6-7 for Saturday and Sunday';

export function hasFallingRange(text: string): boolean {
  const numberOf = (value = '') => Number(CRON_NUMBERS[value] ?? value);
  return [...text.matchAll(new RegExp(CRON_RANGE, 'g'))].some(([, from, to]) => numberOf(from) > numberOf(to));
}

/** A cron expression as cron-parser reads it, in EventBridge's six fields. */
export function eventBridgeCron(cronTime: string): EventBridgeExpression {
  const text = (ALIASED[cronTime] ?? cronTime).toUpperCase().replaceAll(/ +/g, ' ');
  const broken = CRON_RULES.find(({ pattern, isToMatch }) => new RegExp(pattern).test(text) !== isToMatch);
  if (broken !== undefined) {
    return { kind: 'refused', reason: broken.reason };
  }
  if (hasFallingRange(text)) {
    return { kind: 'refused', reason: FALLING_RANGE };
  }
  const fields = text.split(' ').slice(-5);
  const [minutes, hours, days, months] = Object.values(NUMBER_FIELDS).map((field) =>
    numberField(fields[field.index] ?? '', field),
  );
  const weekday = weekdayField(fields[4] ?? '');
  const day = weekday === '?' ? days : '?';
  return { kind: 'expression', expression: `cron(${[minutes, hours, day, months, weekday, '*'].join(' ')})` };
}

function numberField(field: string, { first, last }: NumberField): string {
  if (field === '?') {
    return '*';
  }
  if (/^([*]|[0-9]+)\/[0-9]+$/.test(field)) {
    return field.replace('*', String(first));
  }
  const values = field
    .split(',')
    .flatMap((item) => (item.includes('/') ? valuesOf(item, first, last).map(String) : [item]));
  return values.join(',');
}

/** The values from `first` to `last` that `10-30/5`, `5/10`, `1-5`, `*` or `7` means. */
function valuesOf(item: string, first: number, last: number): readonly number[] {
  const [, from = '', , to, , step] = /^([*]|[0-9]+)(-([0-9]+))?(\/([0-9]+))?$/.exec(item) ?? [];
  const start = from === '*' ? first : Number(from);
  const isOne = from !== '*' && to === undefined && step === undefined;
  const end = isOne ? start : Number(to ?? last);
  const all = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  return all.filter((value) => value >= start && value <= end && (value - start) % Number(step ?? 1) === 0);
}

/** Sunday is 0 and 7 in cron; `*` is the whole week once. */
const LAST_WEEKDAY = 7;

/** Days by their names, as EventBridge counts from Sunday as 1. */
function weekdayField(field: string): string {
  if (field === '*' || field === '?') {
    return '?';
  }
  const numbers = DAYS.reduce((text, day, index) => text.replaceAll(day, String(index)), field);
  const [, nthDay, nth] = /^([0-7])#([1-5])$/.exec(numbers) ?? [];
  if (nthDay !== undefined) {
    return `${(Number(nthDay) % DAYS.length) + 1}#${nth}`;
  }
  const days = numbers
    .split(',')
    .flatMap((item) => valuesOf(item, 0, item.startsWith('*') ? LAST_WEEKDAY - 1 : LAST_WEEKDAY));
  return [...new Set(days.map((day) => DAYS[day % DAYS.length]))].join(',');
}

/** Of EventBridge's units. */
export const RATE_FOR_EVENTBRIDGE = '^(?:rate[(])?([1-9][0-9]*) (minute|hour|day)s?[)]?$';

/** A period in EventBridge's spelling: with one of them the unit stands in the singular, and else in the plural. */
export function eventBridgeRate(rate: string): EventBridgeExpression {
  const [, value, unit] = new RegExp(RATE_FOR_EVENTBRIDGE).exec(rate) ?? [];
  return value === undefined
    ? { kind: 'refused', reason: 'its periods are whole minutes, hours or days' }
    : { kind: 'expression', expression: `rate(${value} ${unit}${value === '1' ? '' : 's'})` };
}
