import { DataAwsSqsQueue } from '@cdktf/provider-aws/lib/data-aws-sqs-queue';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueueRedriveAllowPolicy } from '@cdktf/provider-aws/lib/sqs-queue-redrive-allow-policy';
import { Fn, Op, TerraformLocal, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { closeQueue, RETENTION_SECONDS } from './queues';
import { expression } from './terraform-text';

/**
 * SQS counts each time that a message is received: those too in which a worker was stopped and gave it back, or found that
 * another has it. The worker counts tries, and sets aside what has used them up; SQS sets aside what no worker ever does.
 */
const RECEIVES_PER_TRY = 10;

/** Of others that receive messages. The worker says its own. */
const VISIBILITY_SECONDS = 120;

export interface WorkQueues {
  readonly arn: string;
  readonly url: string;
  readonly name: string;
  readonly deadLetters: SqsQueue;
}

/** What both queues have: the longest retention that there is, encryption, and the order of a FIFO queue. */
function kept() {
  return {
    messageRetentionSeconds: RETENTION_SECONDS,
    fifoQueue: Token.asAny(expression('local.settings.fifo')),
    // Null where the queue is not FIFO: only that one takes it.
    contentBasedDeduplication: Token.asAny(expression('local.settings.fifo ? true : null')),
    // One or the other: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html
    sqsManagedSseEnabled: Token.asAny(expression('local.settings.queue_kms_key_arn == null ? true : null')),
    kmsMasterKeyId: expression('local.settings.queue_kms_key_arn'),
  };
}

/** The queue, or the one that exists, and that of what is set aside. */
export function workQueues(scope: Construct, name: string, maxReceiveCount: number): WorkQueues {
  const suffix = expression('local.settings.fifo ? ".fifo" : ""');
  const deadLetters = new SqsQueue(scope, 'dead_letters', { name: `${name}-dead-letters${suffix}`, ...kept() });
  const ifNew = Token.asNumber(expression('local.settings.queue == "new" ? 1 : 0'));
  new SqsQueue(scope, 'queue', {
    count: ifNew,
    name: `${name}${suffix}`,
    ...kept(),
    visibilityTimeoutSeconds: VISIBILITY_SECONDS,
    redrivePolicy: Fn.jsonencode({
      deadLetterTargetArn: deadLetters.arn,
      maxReceiveCount: Op.mul(maxReceiveCount, RECEIVES_PER_TRY),
    }),
  });
  new DataAwsSqsQueue(scope, 'existing_queue', {
    count: Token.asNumber(expression('local.settings.queue == "new" ? 0 : 1')),
    name: expression('element(split(":", local.settings.queue_arn), 5)'),
  });
  const either = (id: string, attribute: string) =>
    new TerraformLocal(
      scope,
      id,
      expression(`one(concat(aws_sqs_queue.queue[*].${attribute}, data.aws_sqs_queue.existing_queue[*].${attribute}))`),
    );
  const arn = either('queue_arn', 'arn').asString;
  closeQueue(scope, 'dead_letters', { queueUrl: deadLetters.url, queueArn: deadLetters.arn });
  closeQueue(scope, 'queue', { count: ifNew, queueUrl: expression('aws_sqs_queue.queue[0].url'), queueArn: arn });
  new SqsQueueRedriveAllowPolicy(scope, 'dead_letters_source', {
    queueUrl: deadLetters.url,
    redriveAllowPolicy: Fn.jsonencode({ redrivePermission: 'byQueue', sourceQueueArns: [arn] }),
  });
  return {
    arn,
    url: either('queue_url', 'url').asString,
    name: new TerraformLocal(scope, 'queue_name', expression('element(split(":", local.queue_arn), 5)')).asString,
    deadLetters,
  };
}
