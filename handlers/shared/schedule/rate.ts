const UNIT_MILLISECONDS: Readonly<Record<string, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

const RATE = /^(?:rate\(\s*(\d{1,9}) (second|minute|hour|day|week)s?\s*\)|(\d{1,9}) (second|minute|hour|day|week)s?)$/;

/** Ten years: longer is a typing error. */
const LONGEST_MILLISECONDS = 3660 * 86_400_000;

export const RATE_ALLOWED =
  'give a period such as "90 seconds", "5 minutes", "1 hour", "2 days", "1 week" or rate(5 minutes), of 1 second to 10 years';

/** The period of a rate in milliseconds; `undefined` where it is none. */
export function parseRate(text: string): number | undefined {
  const match = RATE.exec(text.trim());
  if (match === null) {
    return undefined;
  }
  const unit = UNIT_MILLISECONDS[match[2] ?? match[4] ?? ''] ?? 0;
  const milliseconds = Number(match[1] ?? match[3]) * unit;
  return milliseconds >= 1000 && milliseconds <= LONGEST_MILLISECONDS ? milliseconds : undefined;
}
