// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

const EXECUTIONS =
  'join(":", ["arn", data.aws_partition.partition.partition, "lambda", data.aws_region.region.id, ' +
  'data.aws_caller_identity.account.account_id, "function:*:*/durable-execution/*"])';

/** What runner and watcher may do to deliver outcomes; `arns` is the list of destinations, as Terraform has it. */
export function deliveryStatements(arns: string): readonly object[] {
  return [
    {
      Sid: 'SendTaskOutcomes',
      Effect: 'Allow',
      Action: ['states:SendTaskFailure', 'states:SendTaskSuccess'],
      Resource: '*',
    },
    {
      Sid: 'SendOutcomes',
      Effect: 'Allow',
      Action: [
        'events:PutEvents',
        'lambda:InvokeFunction',
        'lambda:SendDurableExecutionCallbackFailure',
        'lambda:SendDurableExecutionCallbackSuccess',
        's3:PutObject',
        'sns:Publish',
        'sqs:SendMessage',
      ],
      Resource: `\${concat([${EXECUTIONS}], ${arns}, formatlist("%s/aws/lambda/async/*", ${arns}))}`,
    },
  ];
}

/** What the runner alone may do besides: it says that a run goes on. */
export const HEARTBEAT_STATEMENTS: readonly object[] = [
  { Sid: 'SendTaskHeartbeats', Effect: 'Allow', Action: ['states:SendTaskHeartbeat'], Resource: '*' },
  {
    Sid: 'SendCallbackHeartbeats',
    Effect: 'Allow',
    Action: ['lambda:SendDurableExecutionCallbackHeartbeat'],
    Resource: `\${${EXECUTIONS}}`,
  },
];
