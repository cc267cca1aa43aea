import { type ActivitiesProps, activitiesProblems } from '../activities-props';
import type { Modules } from '../deployment';
import type { Activities, Activity } from '../parts/activity';
import type { Problem } from '../parts/checks';
import { type Kind, number, optional, readFields, record, text, textList, textRecord } from '../parts/fields';
import type { ImageConfig } from '../parts/worker';
import { type Kinds, readItems, within } from './fields-of-module';

const IMAGE_CONFIG: Kinds<ImageConfig> = {
  entryPoint: optional(textList),
  command: optional(textList),
  workingDirectory: optional(text),
};

const imageConfig: Kind = {
  allowed: 'an object of { entryPoint, command, workingDirectory }, each of which may be left out',
  fits: (value) => readFields('', value, IMAGE_CONFIG).problems.length === 0,
};

const ACTIVITIES: Kinds<NonNullable<Modules['activities']>> = {
  activities: record,
  alarmActions: optional(textList),
  failedTasksThreshold: optional(number),
  lateStartSeconds: optional(number),
};
const ACTIVITY: Kinds<Activity> = {
  functionName: optional(text),
  qualifier: optional(text),
  packageType: optional(text),
  imageConfig: optional(imageConfig),
  runtime: optional(text),
  architecture: optional(text),
  image: optional(text),
  command: optional(textList),
  commands: optional(textList),
  cpu: optional(number),
  memoryMiB: optional(number),
  ephemeralStorageGiB: optional(number),
  count: optional(number),
  capacity: optional(text),
  environment: optional(textRecord),
  concurrency: optional(number),
  heartbeatSeconds: optional(number),
  timeoutSeconds: optional(number),
  idleSeconds: optional(number),
  retries: optional(number),
  policyArns: optional(textList),
  taskRoleArn: optional(text),
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
