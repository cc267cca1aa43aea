import { parseScheduleRow } from '../../../handlers/shared/schedule/row';
import type { Schedule } from '../../../handlers/shared/schedule/schedule';

/** A schedule of every minute, as its row says it. */
export function scheduleOf(row: Readonly<Record<string, unknown>> = {}): Schedule {
  const timing = 'rate' in row || 'at' in row ? {} : { cron_time: '* * * * *' };
  const parsed = parseScheduleRow({ id: 'report', ...timing, definition_arn: 'report:7', ...row });
  if (parsed.kind !== 'schedule') {
    throw new Error(parsed.problems.join('; '));
  }
  return parsed.schedule;
}

/** Times of one morning: `at('10:05')`. */
export const at = (time: string): number => Date.parse(`2026-11-27T${time}Z`.replace(/T(\d\d:\d\d)Z/, 'T$1:00Z'));
