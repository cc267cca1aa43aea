import { writeOutputs } from '../../stacks/parts/outputs';
import { QueueWorker } from '../../stacks/queue-worker';
import type { QueueWorkerProps } from '../../stacks/queue-worker-props';
import { type StackView, viewModule } from './stack-view';

export const CLUSTER_ARN = 'arn:aws:ecs:eu-west-1:111122223333:cluster/overtime';
export const LOG_GROUP_ARN = 'arn:aws:logs:eu-west-1:111122223333:log-group:/ecs/overtime';
export const PAYLOADS_ARN = 'arn:aws:s3:::overtime-payloads-1';

const RENDER: Partial<QueueWorkerProps> = { functionName: 'render', runtime: 'nodejs22.x' };

/**
 * A queue worker of scenes.
 *
 * @param work what works on them: without a word a function
 */
export function viewQueueWorker(
  props: Partial<QueueWorkerProps> = {},
  work: Partial<QueueWorkerProps> = RENDER,
): StackView {
  return viewModule((stack) => {
    const built = new QueueWorker(stack, 'Default', {
      name: 'scenes',
      clusterArn: CLUSTER_ARN,
      subnetIds: ['subnet-0a'],
      securityGroupIds: ['sg-0a'],
      assignPublicIp: true,
      logGroupName: '/ecs/overtime',
      logGroupArn: LOG_GROUP_ARN,
      payloadBucketName: 'overtime-payloads-1',
      payloadBucketArn: PAYLOADS_ARN,
      programKey: 'programs/0a/runner-program.js.gz',
      programSha256: '0a',
      ...work,
      ...props,
    });
    writeOutputs(stack, built.outputs);
  });
}
