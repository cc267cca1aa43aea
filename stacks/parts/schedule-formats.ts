import type { Bounds, Format } from './formats';

// What a schedule may say, as far as a pattern can tell: handlers/shared/schedule/row.ts is the judge of every row.

export const DST_POLICIES = ['skip', 'after', 'once', 'both'] as const;
export const OVERLAP_POLICIES = ['allow', 'skip', 'replace', 'buffer'] as const;
export const CATCH_UP_POLICIES = ['none', 'latest', 'all'] as const;

/** https://github.com/harrisiirak/cron-parser#predefined-expressions */
const CRON_ALIASES = [
  'yearly',
  'annually',
  'monthly',
  'weekly',
  'daily',
  'hourly',
  'minutely',
  'secondly',
  'weekdays',
  'weekends',
];

export const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const;
export const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;

/** Values of each field, as patterns that JavaScript and RE2 know. */
export const CRON_VALUES = {
  minute: '[0-5]?[0-9]',
  hour: '(0?[0-9]|1[0-9]|2[0-3])',
  dayOfMonth: '(0?[1-9]|[12][0-9]|3[01])',
  month: '(0?[1-9]|1[0-2])',
  dayOfWeek: '[0-7]',
} as const;

/** In either case, as a pattern of the one language cannot say so in the other's words. */
function anyCase(names: readonly string[]): string {
  const letters = names.map((name) => [...name].map((letter) => `[${letter}${letter.toLowerCase()}]`).join(''));
  return `(${letters.join('|')})`;
}

function items(value: string, others: readonly string[] = []): string {
  const item = `(${[...others, `([*]|${value}(-${value})?|[Hh]([(]${value}-${value}[)])?)(/[1-9][0-9]*)?`].join('|')})`;
  return `${item}(,${item})*`;
}

const { minute, hour, dayOfMonth, month, dayOfWeek } = CRON_VALUES;
const WEEKDAY = `(${dayOfWeek}|${anyCase(DAYS)})`;
const FIELDS = [
  items(minute),
  items(hour),
  items(dayOfMonth, ['[?]', '[Ll]']),
  items(`(${month}|${anyCase(MONTHS)})`),
  items(WEEKDAY, ['[?]', `${WEEKDAY}[Ll]`, `${WEEKDAY}#[1-5]`]),
].join(' +');

export const CRON_TIME: Format = {
  pattern: new RegExp(`^(@(${CRON_ALIASES.join('|')})|(${items(minute)} +)?${FIELDS})$`),
  allowed: `a cron expression of five fields (minute, hour, day of month, month, day of week), of six with a second before them, or @${CRON_ALIASES.join(', @')}`,
};

const PERIOD = '[1-9][0-9]{0,8} (second|minute|hour|day|week)s?';

export const RATE: Format = {
  pattern: new RegExp(`^(${PERIOD}|rate[(]${PERIOD}[)])$`),
  allowed: 'a period such as rate(5 minutes), 90 seconds, 1 hour, 2 days or 1 week',
};

export const INSTANT: Format = {
  pattern: /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,3})?(Z|[+-][0-9]{2}:[0-9]{2})$/,
  allowed: 'an instant of ISO 8601 with its zone, such as 2026-12-24T18:00:00Z',
};

/** A request of a schedule: which run it is, is the slot's to say, and nobody waits for it. */
export const NOT_IN_REQUEST = ['action', 'idempotencyKey', 'wait'];

export const REQUEST = `a request to the starter with arn or taskDefinition, without ${NOT_IN_REQUEST.join(', ')}`;

export const TIME_ZONE: Format = {
  pattern: /^[A-Za-z]+([/_+-][A-Za-z0-9]+)*$/,
  allowed: 'the IANA name of a time zone, such as Europe/Berlin',
};

export const JITTER_SECONDS: Bounds = { minimum: 0, maximum: 24 * 60 * 60 };
export const STARTING_DEADLINE_SECONDS: Bounds = { minimum: 1, maximum: 7 * 24 * 60 * 60 };
