import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import type { IResolvable } from 'cdktf';
import type { Construct } from 'constructs';

export interface ScheduleTablesProps {
  readonly name: string;
  readonly deletionProtection: boolean | IResolvable;
}

export interface ScheduleTables {
  /** The rows of schedules: anybody may write them. */
  readonly schedules: DynamodbTable;
  /** What became of each schedule, and when it was changed: registrar and scheduler alone write it. */
  readonly states: DynamodbTable;
}

/** By which the scheduler reads what was changed lately: handlers/shared/schedule/. */
export const CHANGES_INDEX = 'changes';

const KEPT = {
  billingMode: 'PAY_PER_REQUEST',
  hashKey: 'id',
  pointInTimeRecovery: { enabled: true },
  serverSideEncryption: { enabled: true },
} as const;

/**
 * Two tables, as the rows of the first are written by people and programs that know nothing of the second's attributes,
 * and would overwrite them. The stream tells the registrar of every row that somebody else writes: keys alone, as it
 * reads the row itself when that matters.
 */
export function scheduleTables(scope: Construct, { name, deletionProtection }: ScheduleTablesProps): ScheduleTables {
  const schedules = new DynamodbTable(scope, 'schedules', {
    ...KEPT,
    name: `${name}-schedules`,
    attribute: [{ name: 'id', type: 'S' }],
    streamEnabled: true,
    streamViewType: 'KEYS_ONLY',
    deletionProtectionEnabled: deletionProtection,
  });
  const states = new DynamodbTable(scope, 'schedule_states', {
    ...KEPT,
    name: `${name}-schedule-states`,
    attribute: ['change_minute', 'changed_at', 'id'].map((attribute) => ({ name: attribute, type: 'S' })),
    globalSecondaryIndex: [
      { name: CHANGES_INDEX, hashKey: 'change_minute', rangeKey: 'changed_at', projectionType: 'KEYS_ONLY' },
    ],
    deletionProtectionEnabled: deletionProtection,
  });
  return { schedules, states };
}
