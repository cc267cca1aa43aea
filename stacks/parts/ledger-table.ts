import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import type { IResolvable } from 'cdktf';
import type { Construct } from 'constructs';

export interface LedgerTableProps {
  readonly name: string;
  readonly deletionProtection: boolean | IResolvable;
}

/** What a list of runs shows. An index keeps a copy of what it projects, and is paid for it at each write. */
const SUMMARY = [
  'attempt',
  'createdAt',
  'endedAt',
  'exitCode',
  'functionArn',
  'invokedAt',
  'startedAt',
  'status',
  'taskArn',
  'taskDefinition',
];

const KEYS = { status: 'S', createdAt: 'S', unqualifiedFunctionArn: 'S', createdDay: 'S', open: 'S', checkAt: 'S' };

function summaryIndex(name: string, hashKey: string) {
  const rangeKey = 'createdAt';
  const nonKeyAttributes = SUMMARY.filter((attribute) => attribute !== hashKey && attribute !== rangeKey);
  return { name, hashKey, rangeKey, projectionType: 'INCLUDE', nonKeyAttributes };
}

/** The table of runs. Its keys, indexes and time to live are those of RunRecord in handlers/shared/run.ts. */
export function ledgerTable(scope: Construct, props: LedgerTableProps): DynamodbTable {
  return new DynamodbTable(scope, 'ledger', {
    name: `${props.name}-runs`,
    billingMode: 'PAY_PER_REQUEST',
    hashKey: 'runId',
    attribute: Object.entries({ runId: 'S', ...KEYS }).map(([name, type]) => ({ name, type })),
    globalSecondaryIndex: [
      summaryIndex('by-day', 'createdDay'),
      summaryIndex('by-function', 'unqualifiedFunctionArn'),
      summaryIndex('by-status', 'status'),
      // Runs that have ended leave it: the sweep reads those alone that somebody may have to close.
      { name: 'open', hashKey: 'open', rangeKey: 'checkAt', projectionType: 'KEYS_ONLY' },
    ],
    ttl: { attributeName: 'expiresAt', enabled: true },
    pointInTimeRecovery: { enabled: true },
    serverSideEncryption: { enabled: true },
    deletionProtectionEnabled: props.deletionProtection,
  });
}
