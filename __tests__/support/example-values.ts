import { EXAMPLE_ACCOUNT } from '../../local/role-calls';
import type { ExampleValues } from './module-roles';

const REPOSITORIES = [`arn:aws:ecr:us-east-1:${EXAMPLE_ACCOUNT}:repository/overtime`];

/** What the deployments of the end-to-end tests have, for the roles to be what they are there. */
export const EXAMPLE_VALUES: ExampleValues = {
  '*': { 'var.name': 'overtime' },
  runner: {
    'local.pulled_repository_arns': REPOSITORIES,
    'var.destination_arns': [
      'arn:aws:s3:::results',
      `arn:aws:events:us-east-1:${EXAMPLE_ACCOUNT}:event-bus/results`,
      `arn:aws:sns:us-east-1:${EXAMPLE_ACCOUNT}:results`,
      `arn:aws:sqs:us-east-1:${EXAMPLE_ACCOUNT}:results`,
      `arn:aws:sqs:us-east-1:${EXAMPLE_ACCOUNT}:results.fifo`,
    ],
  },
  'scheduler-service': { 'local.pulled_repository_arns': REPOSITORIES },
  starter: {
    'var.task_definitions': [{ family: 'overtime-nodejs22-x86_64' }],
    'var.container_task_definitions': ['foreign', 'process-employee-purchases', 'seed-job', 'waits'],
    'var.container_role_arns': ['execution', 'purchases-execution'].map(
      (name) => `arn:aws:iam::${EXAMPLE_ACCOUNT}:role/${name}`,
    ),
    'var.cluster_arns': [`arn:aws:ecs:us-east-1:${EXAMPLE_ACCOUNT}:cluster/main`],
    'each.value': `arn:aws:sqs:us-east-1:${EXAMPLE_ACCOUNT}:requests`,
  },
  'queue-worker': {
    'aws_sqs_queue.dead_letters.arn': `arn:aws:sqs:us-east-1:${EXAMPLE_ACCOUNT}:overtime-dead-letters`,
    'each.key': 'worker',
    'local.bucket_arn': 'arn:aws:s3:::overtime-objects-UNIQUE',
    'local.function_arns': { worker: `arn:aws:lambda:us-east-1:${EXAMPLE_ACCOUNT}:function:some-function` },
    'local.image_repository_arns': REPOSITORIES,
    'local.outputs_arn': 'arn:aws:s3:::overtime-objects-UNIQUE/*',
    'local.queue_arn': `arn:aws:sqs:us-east-1:${EXAMPLE_ACCOUNT}:overtime`,
    'local.task_role_arn': `arn:aws:iam::${EXAMPLE_ACCOUNT}:role/overtime-worker-UNIQUE`,
  },
  activities: {
    'each.key': 'QueueGranules',
    'local.function_arns': { QueueGranules: `arn:aws:lambda:us-east-1:${EXAMPLE_ACCOUNT}:function:some-function` },
    'local.image_repository_arns': REPOSITORIES,
  },
};
