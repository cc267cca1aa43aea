import { TerraformLocal } from 'cdktf';
import type { Construct } from 'constructs';
import type { QueueWorkerProps } from '../queue-worker-props';
import { QUEUE_WORKER_DEFAULTS as DEFAULTS } from './queue-worker';
import { expression } from './terraform-text';
import { workerRow } from './worker-rows';

/**
 * What of the props Terraform decides by, in its spelling: in a generated module they are variables, and null stands for
 * what is left out.
 */
function settingsOf(props: QueueWorkerProps) {
  return {
    ...workerRow(props),
    message_event: props.messageEvent ?? null,
    batch_size: props.batchSize ?? DEFAULTS.batchSize,
    batch_window_seconds: props.batchWindowSeconds ?? DEFAULTS.batchWindowSeconds,
    report_batch_item_failures: props.reportBatchItemFailures ?? true,
    timeout_seconds: props.timeoutSeconds ?? null,
    idle_seconds: props.idleSeconds ?? DEFAULTS.idleSeconds,
    max_receive_count: props.maxReceiveCount ?? DEFAULTS.maxReceiveCount,
    unpack: props.unpack ?? DEFAULTS.unpack,
    output_bucket_name: props.outputBucketName ?? null,
    output_prefix: props.outputPrefix ?? null,
    output_required: props.outputRequired ?? false,
    read_only_root: props.readOnlyRoot ?? false,
    queue: props.queue ?? DEFAULTS.queue,
    queue_arn: props.queueArn ?? null,
    fifo: props.fifo ?? false,
    queue_kms_key_arn: props.queueKmsKeyArn ?? null,
    bucket: props.bucket ?? DEFAULTS.bucket,
    bucket_name: props.bucketName ?? null,
    bucket_events: props.bucketEvents ?? null,
    bucket_kms_key_arn: props.bucketKmsKeyArn ?? null,
    prefixes: props.prefixes ?? [],
    suffixes: props.suffixes ?? [],
    ignore_case: props.ignoreCase ?? false,
    workers: props.workers ?? DEFAULTS.workers,
    capacity_fallback: props.capacityFallback ?? null,
  };
}

/** Objects are no event of a function's. */
const MESSAGE_EVENT =
  'local.settings.message_event != null ? local.settings.message_event : local.settings.command == null ? "sqs" : "objects"';

/** `local.settings`, and `local.by_name`: the worker by its name, as workers of activities are by their keys. */
export function queueWorkerRows(scope: Construct, props: QueueWorkerProps): TerraformLocal {
  new TerraformLocal(scope, 'name', props.name);
  new TerraformLocal(scope, 'settings', settingsOf(props));
  new TerraformLocal(scope, 'message_event', expression(MESSAGE_EVENT));
  return new TerraformLocal(scope, 'by_name', expression('{ for name in [local.name] : name => local.settings }'));
}
