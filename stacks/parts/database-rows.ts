import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { LambdaEventSourceMapping } from '@cdktf/provider-aws/lib/lambda-event-source-mapping';
import type { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { Fn, type IResolvable, Op, Token } from 'cdktf';
import type { Construct } from 'constructs';
import type { LambdaProgram } from './lambda-program';
import { closedQueue, deadLetterQueue } from './queues';

export interface DatabaseRows {
  readonly table: DynamodbTable;
  readonly queue: SqsQueue;
  readonly deadLetters: SqsQueue;
}

/** How often the router gets the message of a row before it is set aside. */
const RECEIVES = 10;

/** Longer than the router may take, 60 s, and than a lock of handlers/router/coalesce.ts holds, 75 s. */
const VISIBILITY_SECONDS = 90;

/**
 * Where rows wait for the others of their window. The table holds them, the queue only tells when a window is over.
 *
 * Not a FIFO queue whose batches would be the runs: Lambda takes 10 of its messages at once, and no batching window. Not
 * the batching window of a standard queue: Lambda reads it with several pollers, and each would make a run of what it
 * got. Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html and
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export function databaseRows(scope: Construct, name: string, coalesceSeconds: number): DatabaseRows {
  const table = new DynamodbTable(scope, 'rows', {
    name: `${name}-rows`,
    billingMode: 'PAY_PER_REQUEST',
    hashKey: 'window',
    rangeKey: 'item',
    attribute: ['window', 'item'].map((each) => ({ name: each, type: 'S' })),
    ttl: { attributeName: 'expiresAt', enabled: true },
    pointInTimeRecovery: { enabled: true },
    serverSideEncryption: { enabled: true },
  });
  const deadLetters = deadLetterQueue(scope, 'row_dead_letters', `${name}-row-dead-letters`);
  const queue = closedQueue(scope, 'rows_queue', {
    name: `${name}-rows`,
    delaySeconds: coalesceSeconds,
    visibilityTimeoutSeconds: VISIBILITY_SECONDS,
    redrivePolicy: Fn.jsonencode({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: RECEIVES }),
  });
  return { table, queue, deadLetters };
}

/** Whether rows wait at all; Terraform's to say, where the seconds are a variable. CDKTF loses a 0 in an operation. */
export function isCoalescing(coalesceSeconds: number): boolean | IResolvable {
  return Token.isUnresolved(coalesceSeconds) ? Op.gte(coalesceSeconds, 1) : coalesceSeconds > 0;
}

/** Many at once: all but the first message of a window have nothing to do. */
const BATCH_SIZE = 100;
const BATCH_SECONDS = 1;

/** Where no rows wait, nobody asks the queue for messages, and it costs nothing. */
export function endWindows(scope: Construct, program: LambdaProgram, rows: DatabaseRows, seconds: number): void {
  new LambdaEventSourceMapping(scope, 'windows', {
    eventSourceArn: rows.queue.arn,
    functionName: program.function.arn,
    enabled: isCoalescing(seconds),
    batchSize: BATCH_SIZE,
    maximumBatchingWindowInSeconds: BATCH_SECONDS,
    functionResponseTypes: ['ReportBatchItemFailures'],
    // Lambda refuses a queue that the role may not read yet.
    dependsOn: [program.policy],
  });
}
