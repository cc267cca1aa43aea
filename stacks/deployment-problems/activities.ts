import { type ActivitiesProps, activitiesProblems } from '../activities-props';
import type { Modules } from '../deployment';
import type { Activities, Activity } from '../parts/activity';
import type { Problem } from '../parts/checks';
import { number, optional, readFields, record, textList } from '../parts/fields';
import { type Kinds, readItems, within } from './fields-of-module';
import { WORKER } from './worker';

const ACTIVITIES: Kinds<NonNullable<Modules['activities']>> = {
  activities: record,
  alarmActions: optional(textList),
  failedTasksThreshold: optional(number),
  lateStartSeconds: optional(number),
};
const ACTIVITY: Kinds<Activity> = {
  ...WORKER,
  commands: optional(textList),
  count: optional(number),
  heartbeatSeconds: optional(number),
  timeoutSeconds: optional(number),
  idleSeconds: optional(number),
  retries: optional(number),
};

/** What its workers run on is what the runner and cluster modules say. */
export function activitiesModuleProblems(
  value: unknown,
  modules: Partial<Record<keyof Modules, unknown>>,
): readonly Problem[] {
  const where = 'modules.activities';
  const { known } = readFields(where, value, ACTIVITIES);
  const activities = readItems(`${where}.activities`, known.activities as Activities | undefined, ACTIVITY);
  const { runnerImages } = (modules.runner ?? {}) as { readonly runnerImages?: ActivitiesProps['runnerImages'] };
  const { ec2Capacity: instances } = (modules.cluster ?? {}) as { readonly ec2Capacity?: unknown };
  return [
    ...activities.problems,
    ...within<ActivitiesProps>(where, value, ACTIVITIES, (props) =>
      activitiesProblems({
        ...props,
        ...(runnerImages === undefined ? {} : { runnerImages }),
        ...(instances === undefined ? {} : { ec2CapacityProvider: 'of the cluster' }),
        ...(activities.problems.length === 0 ? {} : { activities: activities.right }),
      }).filter(({ field }) => field !== 'runnerImages'),
    ),
  ];
}
