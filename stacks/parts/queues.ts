import { SqsQueue, type SqsQueueConfig } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { denyPlainHttp } from './permissions';
import { policyDocument } from './policy-document';

/** The most that SQS keeps: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
export const RETENTION_SECONDS = 14 * 24 * 60 * 60;

/** How often the starter gets a launch before it is set aside. The sweep sends those anew that are still wanted. */
const LAUNCH_RECEIVES = 20;

/**
 * A little more than its consumer may take: while messages of a consumer that died are hidden, no launch behind them is
 * made. Not AWS's six times that, which is for consumers that are throttled, and here there is one.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
const LAUNCH_VISIBILITY_SECONDS = 90;

export interface ClosedQueueProps {
  readonly queueUrl: string;
  readonly queueArn: string;
  /** @default - one */
  readonly count?: number;
}

/** What every queue of ours has: it is closed to plain HTTP. */
export function closeQueue(scope: Construct, id: string, { queueUrl, queueArn, count }: ClosedQueueProps): void {
  new SqsQueuePolicy(scope, `${id}_policy`, {
    ...(count === undefined ? {} : { count }),
    queueUrl,
    policy: policyDocument([denyPlainHttp('sqs', queueArn)]),
  });
}

/** A queue that SQS encrypts, and that is closed to plain HTTP. */
export function closedQueue(scope: Construct, id: string, config: SqsQueueConfig): SqsQueue {
  const queue = new SqsQueue(scope, id, { ...config, sqsManagedSseEnabled: true });
  closeQueue(scope, id, { queueUrl: queue.url, queueArn: queue.arn });
  return queue;
}

export function deadLetterQueue(scope: Construct, id: string, name: string): SqsQueue {
  return closedQueue(scope, id, { name, messageRetentionSeconds: RETENTION_SECONDS });
}

export interface LaunchQueue {
  readonly queue: SqsQueue;
  readonly deadLetters: SqsQueue;
}

/**
 * The queue of starts that have to wait: for the account's launch rate, for capacity, for a retry. First in, first
 * out, and in one group, so that one consumer at a time starts them in order and at their pace.
 */
export function launchQueue(scope: Construct, name: string): LaunchQueue {
  const deadLetters = closedQueue(scope, 'launch_dead_letters', {
    name: `${name}-launches-dead-letters.fifo`,
    fifoQueue: true,
    messageRetentionSeconds: RETENTION_SECONDS,
  });
  const queue = closedQueue(scope, 'launches', {
    name: `${name}-launches.fifo`,
    fifoQueue: true,
    messageRetentionSeconds: RETENTION_SECONDS,
    visibilityTimeoutSeconds: LAUNCH_VISIBILITY_SECONDS,
    redrivePolicy: Fn.jsonencode({ deadLetterTargetArn: deadLetters.arn, maxReceiveCount: LAUNCH_RECEIVES }),
  });
  return { queue, deadLetters };
}
