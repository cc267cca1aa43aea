import type { Modules } from '../deployment';
import type { Problem } from '../parts/checks';
import { boolean, type Kind, number, optional, record, text, textList, textRecord } from '../parts/fields';
import { type StarterProps, starterProblems } from '../starter';
import { type Kinds, within } from './fields-of-module';

const invokerRecord: Kind = {
  allowed: 'a record of { principal, sourceArn }, both texts',
  fits: (value) =>
    record.fits(value) &&
    Object.values(value as object).every(
      (one: unknown) =>
        textRecord.fits(one) &&
        Object.keys(one as object)
          .sort()
          .join() === ['principal', 'sourceArn'].join(),
    ),
};

const STARTER: Kinds<NonNullable<Modules['starter']>> = {
  taskRoleArns: optional(textList),
  containerTaskDefinitions: optional(textList),
  containerRoleArns: optional(textList),
  clusterArns: optional(textList),
  runTimeoutSeconds: optional(number),
  runRetentionDays: optional(number),
  architecture: optional(text),
  logRetentionDays: optional(number),
  launchBurst: optional(number),
  launchesPerSecond: optional(number),
  overflowCauses: optional(textList),
  alarmActions: optional(textList),
  requestQueueArns: optional(textRecord),
  invokers: optional(invokerRecord),
  eventRequests: optional(textRecord),
  functionUrl: optional(boolean),
};

export function starterModuleProblems(value: unknown): readonly Problem[] {
  return within<StarterProps>('modules.starter', value, STARTER, starterProblems);
}
