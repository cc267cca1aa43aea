import type { Modules } from '../deployment';
import type { Problem } from '../parts/checks';
import { boolean, number, optional, readFields, record, text, textList } from '../parts/fields';
import type { ScheduleDeclaration, Schedules } from '../parts/schedules';
import { type AnySchedulerProps, schedulerProblems } from '../scheduler-props';
import { type Kinds, readItems, within } from './fields-of-module';

const SCHEDULER_OF_EVENTBRIDGE: Kinds<Extract<NonNullable<Modules['scheduler']>, { readonly engine: 'eventbridge' }>> =
  {
    engine: text,
    schedules: optional(record),
    alarmActions: optional(textList),
  };
const SCHEDULER: Kinds<Exclude<NonNullable<Modules['scheduler']>, { readonly engine: 'eventbridge' }>> = {
  ...SCHEDULER_OF_EVENTBRIDGE,
  engine: optional(text),
  otherTableArns: optional(textList),
  schedulerCount: optional(number),
  cpu: optional(number),
  memoryMiB: optional(number),
  capacity: optional(text),
  image: optional(text),
  imageRepositoryArns: optional(textList),
  baseImagePrefix: optional(text),
  architecture: optional(text),
  tableDeletionProtection: optional(boolean),
  logRetentionDays: optional(number),
  latenessMilliseconds: optional(number),
};
const SCHEDULE: Kinds<ScheduleDeclaration> = {
  cronTime: optional(text),
  rate: optional(text),
  at: optional(text),
  timeZone: optional(text),
  dstPolicy: optional(text),
  startAt: optional(text),
  endAt: optional(text),
  jitterSeconds: optional(number),
  enabled: optional(boolean),
  overlap: optional(text),
  catchUp: optional(text),
  startingDeadlineSeconds: optional(number),
  name: optional(text),
  request: optional(record),
  definitionArn: optional(text),
  ecsClusterArn: optional(text),
};

export function schedulerModuleProblems(value: unknown): readonly Problem[] {
  const where = 'modules.scheduler';
  const isOfEventBridge = record.fits(value) && (value as { readonly engine?: unknown }).engine === 'eventbridge';
  const kinds = isOfEventBridge ? SCHEDULER_OF_EVENTBRIDGE : SCHEDULER;
  const { known } = readFields<string>(where, value, kinds);
  const schedules = readItems(`${where}.schedules`, known['schedules'] as Schedules | undefined, SCHEDULE);
  return [
    ...schedules.problems,
    ...within<AnySchedulerProps>(where, value, kinds, (props) =>
      schedulerProblems({ ...props, ...(schedules.problems.length === 0 ? {} : { schedules: schedules.right }) }),
    ),
  ];
}
