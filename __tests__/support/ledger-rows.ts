import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { WriteResult } from '../../handlers/shared/ledger/table';
import type { LedgerWrite } from '../../handlers/shared/ledger/update';
import type { RunRecord } from '../../handlers/shared/run';
import { parseRunRecord } from '../../handlers/shared/run-record';
import type { FakeTable } from './fake-dynamodb';

/** A run of three attempts whose first is being started. */
export const STARTING_RECORD: RunRecord = {
  runId: 'run-1',
  status: 'STARTING',
  attempt: 1,
  maxAttempts: 3,
  functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:resize',
  requestHash: 'hash',
  timeoutSeconds: 60,
  inputBytes: 2,
  createdAt: '2026-11-21T00:00:00.000Z',
  expiresAt: 1_800_000_000,
  open: 'open',
  checkAt: '2026-11-21T00:05:00.000Z',
  cluster: 'overtime',
  taskDefinition: 'family:1',
  taskArn: 'arn:aws:ecs:eu-west-1:123456789012:task/overtime/1',
};

export const RUNNING_RECORD: RunRecord = {
  ...STARTING_RECORD,
  status: 'RUNNING',
  startedAt: '2026-11-21T00:01:00.000Z',
  invokedAt: '2026-11-21T00:01:02.000Z',
  runnerId: 'runner-1',
};

/** A run of a container, in its one attempt, which may take 300 s. */
export const CONTAINER_RECORD: RunRecord = {
  runId: 'run-1',
  status: 'STARTING',
  attempt: 1,
  maxAttempts: 1,
  container: 'app',
  requestHash: 'hash',
  timeoutSeconds: 300,
  inputBytes: 0,
  createdAt: '2026-11-21T00:00:00.000Z',
  expiresAt: 1_800_000_000,
  open: 'open',
  checkAt: '2026-11-21T00:01:00.000Z',
  cluster: 'overtime',
  taskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/report:12',
  taskArn: 'arn:aws:ecs:eu-west-1:123456789012:task/overtime/1',
};

/** What the table makes of a write, as sendWrite in handlers/shared/ledger/table.ts tells it. */
export function applyWrite(table: FakeTable, { update, isWritten }: LedgerWrite): WriteResult {
  const answer = table.update({
    ...update,
    Key: marshall(update.Key ?? {}),
    ExpressionAttributeValues: marshall(update.ExpressionAttributeValues ?? {}, { removeUndefinedValues: true }),
  });
  if (answer.kind === 'invalid') {
    throw new Error(answer.message);
  }
  const record = answer.item === undefined ? undefined : parseRunRecord(unmarshall(answer.item));
  if (record !== undefined && (answer.kind === 'updated' || isWritten(record))) {
    return { kind: 'written', record };
  }
  return { kind: 'refused', record };
}
