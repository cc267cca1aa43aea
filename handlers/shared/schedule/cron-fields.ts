import { nextBit } from './bits';

/**
 * A cron expression, taken apart. Sets are bits, as schedules come by the hundred thousand; those of 60 are in halves, of
 * the values to 29 and from 30 on.
 */
export interface CronFields {
  readonly seconds: readonly [number, number];
  readonly minutes: readonly [number, number];
  readonly hours: number;
  /** 1 to 31. */
  readonly days: number;
  /** Whether the month's last day is one of the days. */
  readonly hasLastDay: boolean;
  /** Whether the day-of-month field restricts: `*` and `?` do not. */
  readonly restrictsDays: boolean;
  /** 1 to 12. */
  readonly months: number;
  /** 0 (Sunday) to 6. */
  readonly weekdays: number;
  /** Weekdays of which the month's last one is meant. */
  readonly lastWeekdays: number;
  /** Which one of the month's is meant, 1 to 5; 0 for all. */
  readonly nthWeekday: number;
  readonly restrictsWeekdays: boolean;
  /** Rising. @default - every year */
  readonly years?: readonly number[];
}

const DAY_MILLISECONDS = 86_400_000;
const ALL_HOURS = 2 ** 24 - 1;

/** After 400 years the calendar begins anew, weekdays included. */
const CALENDAR_CYCLE_YEARS = 400;

/** Whether the expression fires in each hour: then it is a cadence, and not a time of day. */
export function isCadence(fields: CronFields): boolean {
  return fields.hours === ALL_HOURS;
}

/** The smallest member of a set in halves that is not below `from`, or -1. */
function nextOfSixty(halves: readonly [number, number], from: number): number {
  if (from >= 60) {
    return -1;
  }
  const low = from < 30 ? nextBit(halves[0], from) : -1;
  if (low !== -1) {
    return low;
  }
  const high = nextBit(halves[1], Math.max(from - 30, 0));
  return high === -1 ? -1 : high + 30;
}

/** The days of a month that match, as bits 1 to 31. */
function matchingDays(fields: CronFields, year: number, month: number): number {
  const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const all = (-1 >>> (31 - length)) & ~1;
  const byDay = (fields.days & all) | (fields.hasLastDay ? 1 << length : 0);
  if (!fields.restrictsWeekdays) {
    return byDay;
  }
  const firstWeekday = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  let byWeekday = 0;
  for (let day = 1; day <= length; day += 1) {
    const weekday = 1 << ((firstWeekday + day - 1) % 7);
    const isMeant = fields.nthWeekday === 0 || Math.ceil(day / 7) === fields.nthWeekday;
    if (((fields.weekdays & weekday) !== 0 && isMeant) || ((fields.lastWeekdays & weekday) !== 0 && day > length - 7)) {
      byWeekday |= 1 << day;
    }
  }
  return fields.restrictsDays ? byDay | byWeekday : byWeekday;
}

/** The first matching second of a day that is not before `from`, both counted from midnight; -1 if there is none. */
function nextSecondOfDay(fields: CronFields, from: number): number {
  const hour = Math.floor(from / 3600);
  const minute = Math.floor(from / 60) % 60;
  const first = (nextHour: number) =>
    nextHour === -1 ? -1 : nextHour * 3600 + nextOfSixty(fields.minutes, 0) * 60 + nextOfSixty(fields.seconds, 0);
  if (nextBit(fields.hours, hour) !== hour) {
    return first(nextBit(fields.hours, hour));
  }
  const second = nextOfSixty(fields.seconds, from % 60);
  if (second !== -1 && nextOfSixty(fields.minutes, minute) === minute) {
    return hour * 3600 + minute * 60 + second;
  }
  const nextMinute = nextOfSixty(fields.minutes, minute + 1);
  return nextMinute === -1
    ? first(nextBit(fields.hours, hour + 1))
    : hour * 3600 + nextMinute * 60 + nextOfSixty(fields.seconds, 0);
}

/** The first matching day that is not before the given one, as milliseconds of its midnight. */
function nextDay(fields: CronFields, from: { year: number; month: number; day: number }): number | undefined {
  const { years } = fields;
  for (let year = from.year; year <= from.year + CALENDAR_CYCLE_YEARS; year += 1) {
    if (years !== undefined && !years.includes(year)) {
      if (year > (years.at(-1) ?? year)) {
        return undefined;
      }
      continue;
    }
    const isFirstYear = year === from.year;
    let month = nextBit(fields.months, isFirstYear ? from.month : 1);
    while (month !== -1) {
      const earliest = isFirstYear && month === from.month ? from.day : 1;
      const day = nextBit(matchingDays(fields, year, month), earliest);
      if (day !== -1) {
        return Date.UTC(year, month - 1, day);
      }
      month = nextBit(fields.months, month + 1);
    }
  }
  return undefined;
}

/**
 * The first matching local time that is not before `from`; `undefined` if there is none ever. Local times are
 * milliseconds that read as such in UTC; `from` is a whole second.
 */
export function nextMatch(fields: CronFields, from: number): number | undefined {
  const midnight = Math.floor(from / DAY_MILLISECONDS) * DAY_MILLISECONDS;
  const second = nextSecondOfDay(fields, (from - midnight) / 1000);
  const date = new Date(second === -1 ? midnight + DAY_MILLISECONDS : midnight);
  const day = nextDay(fields, {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
  });
  if (day === undefined) {
    return undefined;
  }
  return day === midnight ? day + second * 1000 : day + nextSecondOfDay(fields, 0) * 1000;
}
