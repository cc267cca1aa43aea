import { type DatabaseTriggerProps, databaseTriggerProblems } from '../database-trigger';
import type { Modules } from '../deployment';
import type { Problem } from '../parts/checks';
import type { TableTrigger } from '../parts/database-checks';
import { boolean, type Kind, number, optional, readFields, record, text, textList, textRecord } from '../parts/fields';
import { type Kinds, within } from './fields-of-module';

const ruleList: Kind = {
  allowed: 'a list of { pattern, request }, both texts',
  fits: (value) =>
    Array.isArray(value) &&
    value.every(
      (one: unknown) =>
        textRecord.fits(one) &&
        Object.keys(one as object)
          .sort()
          .join() === 'pattern,request',
    ),
};

const triggerRecord: Kind = {
  allowed: 'an object of { schema, table, columns, operations }, the last two lists of texts and operations optional',
  fits: (value) => record.fits(value) && Object.values(value as object).every(isTrigger),
};

const TRIGGER: Kinds<TableTrigger> = { schema: text, table: text, columns: textList, operations: optional(textList) };
const DATABASE_TRIGGER: Kinds<NonNullable<Modules['database-trigger']>> = {
  engine: text,
  databaseIdentifier: text,
  rules: optional(ruleList),
  noMatch: optional(text),
  cluster: optional(text),
  subnetIds: optional(textList),
  securityGroupIds: optional(textList),
  coalesceSeconds: optional(number),
  coalesceKey: optional(text),
  coalesceRows: optional(number),
  triggers: optional(triggerRecord),
  mode: optional(text),
  databaseUsers: optional(textList),
  outboxSchema: optional(text),
  outboxSeconds: optional(number),
  databaseName: optional(text),
  parameterGroup: optional(boolean),
  reservedConcurrency: optional(number),
  alarmActions: optional(textList),
  architecture: optional(text),
  logRetentionDays: optional(number),
};

export function databaseTriggerModuleProblems(value: unknown): readonly Problem[] {
  return within<DatabaseTriggerProps>('modules.database-trigger', value, DATABASE_TRIGGER, databaseTriggerProblems);
}

function isTrigger(value: unknown): boolean {
  return record.fits(value) && readFields('', value, TRIGGER).problems.length === 0;
}
