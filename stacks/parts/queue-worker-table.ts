import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import type { Construct } from 'constructs';

/**
 * Who works on what, what was done lately, and who may start workers. Its key and its time to live are those of
 * handlers/runner/worker/queue/claims.
 */
export function jobsTable(scope: Construct, name: string): DynamodbTable {
  return new DynamodbTable(scope, 'jobs', {
    name: `${name}-jobs`,
    billingMode: 'PAY_PER_REQUEST',
    hashKey: 'id',
    attribute: [{ name: 'id', type: 'S' }],
    ttl: { attributeName: 'expires_at', enabled: true },
    pointInTimeRecovery: { enabled: true },
    serverSideEncryption: { enabled: true },
  });
}
