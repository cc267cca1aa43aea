/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based */

export type TranslatedCron =
  /** Minute, hour, day of month, month, day of week, as cron-parser reads them. */
  | { readonly kind: 'translated'; readonly fields: readonly string[]; readonly years?: readonly number[] }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

const YEARS = { least: 1970, most: 2199 } as const;
const YEARS_ALLOWED =
  'give *, or years from 1970 to 2199, with lists (2026,2028), ranges (2026-2028) and steps (2026/2)';
const WEEKDAYS_ALLOWED =
  'give 1 to 7 (1 is Sunday in cron(...)) or SUN to SAT, with lists, ranges, 6L (the last Friday), 6#2, or ?';

/** The years of one item of the list, such as `2026`, `2026-2028` or `2026/2`. */
function yearsOf(item: string): readonly number[] | undefined {
  const match = /^(?:(\d{4})(?:-(\d{4}))?|\*)(?:\/(\d{1,3}))?$/.exec(item);
  if (match === null) {
    return undefined;
  }
  const [, start, end, step] = match;
  const first = start === undefined ? YEARS.least : Number(start);
  const isRange = end !== undefined || start === undefined || step !== undefined;
  const last = end === undefined ? (isRange ? YEARS.most : first) : Number(end);
  const by = step === undefined ? 1 : Number(step);
  if (first < YEARS.least || last > YEARS.most || first > last || by === 0) {
    return undefined;
  }
  return Array.from({ length: Math.floor((last - first) / by) + 1 }, (_, index) => first + index * by);
}

function parseYears(text: string): readonly number[] | undefined {
  const items = text.split(',').map(yearsOf);
  const all = items.flatMap((years) => years ?? []);
  return items.includes(undefined) ? undefined : [...new Set(all)].sort((one, other) => one - other);
}

/** Weekdays are 1 (Sunday) to 7 here, and 0 to 6 there; what follows `/` or `#` counts, and is no weekday. */
function translateWeekdays(text: string): string | undefined {
  if (/(?<![#/\d])(?:0|[89]|\d{2,})/.test(text)) {
    return undefined;
  }
  // A step without an end goes to Saturday there, and to the second name of Sunday here.
  const ended = text.replace(/(^|,)(\w+)\//g, (_, before, start) => `${before}${start}-SAT/`);
  const names = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
  const whole = ended === 'L' ? 'SAT' : ended.replace(/-SAT\//g, '-7/');
  const numbered = whole.replace(/(?<![#/\d])[1-7]/g, (day) => String(Number(day) - 1));
  return numbered.replace(/[A-Z]{3}/gi, (name) => {
    const index = names.indexOf(name.toUpperCase());
    return index === -1 ? name : String(index);
  });
}

/** What stands between the brackets of `cron(...)`, in the terms of cron-parser; what those cannot say is refused by name. */
export function translateAwsCron(inner: string): TranslatedCron {
  const texts = inner.split(/\s+/);
  const [minute, hour, days, month, weekdays, year] = texts;
  if (
    texts.length !== 6 ||
    minute === undefined ||
    hour === undefined ||
    days === undefined ||
    month === undefined ||
    weekdays === undefined ||
    year === undefined
  ) {
    const count = inner === '' ? 'none' : String(texts.length);
    const fields = 'minute, hour, day of month, month, day of week, year';
    return { kind: 'wrong', problems: [`cron(...) has 6 fields (${fields}), and this one ${count}`] };
  }
  const translated = translateWeekdays(weekdays);
  const years = parseYears(year);
  const problems = [
    ...((days === '?') === (weekdays === '?')
      ? ['one of day of month and day of week must be ?, as in cron(0 9 ? * MON-FRI *), and the other not']
      : []),
    ...(translated === undefined ? [`its day of week is ${JSON.stringify(weekdays)}: ${WEEKDAYS_ALLOWED}`] : []),
    ...(years === undefined ? [`its year is ${JSON.stringify(year)}: ${YEARS_ALLOWED}`] : []),
  ];
  if (problems.length > 0 || translated === undefined || years === undefined) {
    return { kind: 'wrong', problems };
  }
  const fields = [minute, hour, days, month, translated];
  return { kind: 'translated', fields, ...(year === '*' ? {} : { years }) };
}
