import type { Kind } from './picture';

interface Resource {
  readonly kind: Kind;
  /** As AWS calls it. */
  readonly is: string;
}

/** The types of Terraform's resources that pictures show. */
const RESOURCES: Readonly<Record<string, Resource>> = {
  aws_cloudwatch_event_rule: { kind: 'service', is: 'EventBridge rule' },
  aws_dynamodb_table: { kind: 'table', is: 'DynamoDB table' },
  aws_ecs_cluster: { kind: 'service', is: 'ECS cluster' },
  aws_ecs_service: { kind: 'task', is: 'ECS service' },
  aws_ecs_task_definition: { kind: 'task', is: 'ECS tasks' },
  aws_lambda_function: { kind: 'function', is: 'Lambda function' },
  aws_s3_bucket: { kind: 'bucket', is: 'S3 bucket' },
  aws_scheduler_schedule: { kind: 'service', is: 'EventBridge Scheduler' },
  aws_sfn_activity: { kind: 'service', is: 'Step Functions activity' },
  aws_sqs_queue: { kind: 'queue', is: 'SQS queue' },
};

/** What AWS calls the resource at an address such as aws_dynamodb_table.ledger. */
export function resourceAt(address: string): Resource {
  const [type = ''] = address.split('.');
  const found = RESOURCES[type];
  if (found === undefined) {
    throw new Error(
      `The address ${JSON.stringify(address)} has a type that no picture shows yet: name it in RESOURCES of pictures/resources.ts, beside ${Object.keys(RESOURCES).join(', ')}.`,
    );
  }
  return found;
}
