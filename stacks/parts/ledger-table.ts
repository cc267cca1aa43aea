import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import type { IResolvable } from 'cdktf';
import type { Construct } from 'constructs';

export interface LedgerTableProps {
  readonly name: string;
  readonly deletionProtection: boolean | IResolvable;
}

/** The table of runs. Its key and its time to live are those of RunRecord in handlers/shared/run.ts. */
export function ledgerTable(scope: Construct, props: LedgerTableProps): DynamodbTable {
  return new DynamodbTable(scope, 'ledger', {
    name: `${props.name}-runs`,
    billingMode: 'PAY_PER_REQUEST',
    hashKey: 'runId',
    attribute: [{ name: 'runId', type: 'S' }],
    ttl: { attributeName: 'expiresAt', enabled: true },
    pointInTimeRecovery: { enabled: true },
    serverSideEncryption: { enabled: true },
    deletionProtectionEnabled: props.deletionProtection,
  });
}
