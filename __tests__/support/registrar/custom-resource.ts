/** Of AWS's documentation: its shape, with names of our own. */
const STACK_ID = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/jobs/6f1d6f2e-0000-4000-8000-000000000001';

export const RESPONSE_URL =
  'https://cloudformation-custom-resource-response-euwest1.s3.eu-west-1.amazonaws.com/answer?X-Amz-Signature=0';

/** The properties of the seed's README. */
export const SEED_PROPERTIES = {
  ServiceToken: 'arn:aws:lambda:eu-west-1:123456789012:function:overtime-registrar',
  SchedulerDynamoDBTable: 'schedules',
  Region: 'eu-west-1',
  Name: 'Do Accruals Nightly Processing',
  CronTime: '*/2 * * * *',
  TaskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/accruals:7',
  ECSClusterArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/jobs',
};

type Properties = Readonly<Record<string, unknown>>;

/** An event as JSON brings it: without what is `undefined`. */
export function resourceEvent(
  RequestType: string,
  ResourceProperties: Properties,
  others: Properties = {},
): Record<string, unknown> {
  const event = {
    RequestType,
    ResponseURL: RESPONSE_URL,
    StackId: STACK_ID,
    RequestId: '4f3c1a52-0000-4000-8000-000000000002',
    ResourceType: 'AWS::CloudFormation::CustomResource',
    LogicalResourceId: 'DoAccrualsScheduledJob',
    ResourceProperties,
    ...others,
  };
  return JSON.parse(JSON.stringify(event));
}
