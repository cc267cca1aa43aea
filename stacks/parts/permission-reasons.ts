// What __tests__/modules/permissions.test.ts cannot see from the calls that programs make on the local AWS. It refuses
// what is not used and not here, and what is here and used after all.

/** A permission that no end-to-end test uses, and why a role has it nonetheless. */
export interface UnusedPermission {
  /** Of the statement. */
  readonly sid: string;
  readonly actions: readonly string[];
  /**
   * Those of the statement's resources that nothing needs by themselves.
   *
   * @default - none, where an action of the statement is used
   */
  readonly resources?: RegExp;
  /**
   * The roles, each after its module, where others use the same.
   *
   * @default - every role that has the statement
   */
  readonly roles?: readonly string[];
  readonly why: string;
}

/** A statement whose resources are more than those that somebody named. */
export interface WidePermission {
  readonly sid: string;
  readonly why: string;
}

const LAMBDA_ITSELF = "Lambda does it in the function's name, for which the local AWS asks nobody.";

const ECS_ITSELF = 'ECS pulls images with it, which the local AWS does not do.';

const ECS_AGENT = 'The ECS agent of an instance does it; the local AWS has no instances.';

const DESTINATIONS =
  'One list for all kinds of destination: an ARN has effect on the actions of its own kind alone, as sendOutcomes says.';

const STAND_IN = 'Tested against a stand-in for AWS: __tests__/e2e/programs/runner/run-delivery.test.ts.';

const RUNNER = ['runner.task_role'];
const WATCHER = ['runner.watcher_role'];
const WORKER = ['activities.worker_role'];
const QUEUE_WORKER = ['queue-worker.worker_role'];

const ENCRYPTED = 'For a key of your own; the local AWS encrypts nothing.';

export const UNUSED_PERMISSIONS: readonly UnusedPermission[] = [
  { sid: 'FindEcs', actions: ['ecs:DiscoverPollEndpoint'], why: ECS_AGENT },
  {
    sid: 'JoinCluster',
    actions: [
      'ecs:DeregisterContainerInstance',
      'ecs:RegisterContainerInstance',
      'ecs:SubmitAttachmentStateChanges',
      'ecs:SubmitContainerStateChange',
      'ecs:SubmitTaskStateChange',
    ],
    why: ECS_AGENT,
  },
  {
    sid: 'HearFromEcs',
    actions: ['ecs:Poll', 'ecs:StartTelemetrySession', 'ecs:UpdateContainerInstancesState'],
    why: ECS_AGENT,
  },
  { sid: 'LogInToRegistry', actions: ['ecr:GetAuthorizationToken'], why: ECS_ITSELF },
  {
    sid: 'PullImages',
    actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    why: ECS_ITSELF,
  },
  { sid: 'SendToDeadLetterQueue', actions: ['sqs:SendMessage'], why: LAMBDA_ITSELF },
  {
    sid: 'ConsumeLaunches',
    actions: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
    why: LAMBDA_ITSELF,
  },
  {
    sid: 'ConsumeRequests',
    actions: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
    why: LAMBDA_ITSELF,
  },
  {
    sid: 'ConsumeRows',
    actions: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
    why: LAMBDA_ITSELF,
  },
  {
    sid: 'ReadChanges',
    actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
    why: LAMBDA_ITSELF,
  },
  {
    sid: 'InvokeRouter',
    actions: ['lambda:InvokeFunction'],
    why: 'The database does it; those of the tests call by way of a program of theirs.',
  },
  {
    sid: 'DecryptFunctions',
    actions: ['kms:Decrypt'],
    why: 'Lambda asks for it where a function has a key of its own; the local AWS encrypts nothing.',
  },
  {
    sid: 'ReadProgram',
    actions: ['s3:GetObject'],
    roles: [...RUNNER, ...WORKER, ...QUEUE_WORKER],
    why: "Tasks on AWS's own images read it: __tests__/e2e/containers, where there is a container engine.",
  },
  {
    sid: 'FetchFunctions',
    actions: [],
    resources: /:function:\*:\*$/,
    roles: RUNNER,
    why: 'A function with a qualifier: for a list in function_arns, whose ARNs have none.',
  },
  {
    sid: 'FetchFunction',
    actions: [],
    resources: /:function:some-function:\*$/,
    why: 'An activity may name a qualifier; the one of the tests does not.',
  },
  {
    sid: 'FetchLayers',
    actions: ['lambda:GetLayerVersion'],
    roles: [...WORKER, ...QUEUE_WORKER],
    why: "The worker's runner fetches layers as that of a run, whose test has one.",
  },
  {
    sid: 'ReadOutputs',
    actions: ['s3:GetObject'],
    why: "The function's own code reads there what a state before it left; the one of the tests is handed nothing so large.",
  },
  {
    sid: 'WriteOutputs',
    actions: ['s3:PutObject'],
    roles: WORKER,
    why: 'An output too large for a state: __tests__/e2e/programs/runner/activity-worker.test.ts.',
  },
  {
    sid: 'ReadPayloads',
    actions: ['s3:GetObject'],
    roles: WATCHER,
    why: 'A record of a run that has its payloads in the bucket carries them, where the watcher has to send it.',
  },
  {
    sid: 'SendTaskOutcomes',
    actions: ['states:SendTaskFailure', 'states:SendTaskSuccess'],
    roles: WATCHER,
    why: 'The watcher delivers what a runner could not, by the same code; in the tests that is to a queue.',
  },
  {
    sid: 'SendOutcomes',
    actions: [
      'events:PutEvents',
      'lambda:InvokeFunction',
      'lambda:SendDurableExecutionCallbackFailure',
      'lambda:SendDurableExecutionCallbackSuccess',
      's3:PutObject',
      'sns:Publish',
    ],
    resources: /./,
    roles: WATCHER,
    why: 'The watcher delivers what a runner could not, by the same code; in the tests that is to a queue.',
  },
  {
    sid: 'SendOutcomes',
    actions: [],
    resources: /^arn:aws:s3:::results$|:results$|\/async\/\*$/,
    roles: RUNNER,
    why: DESTINATIONS,
  },
  {
    sid: 'SendOutcomes',
    actions: [
      'lambda:InvokeFunction',
      'lambda:SendDurableExecutionCallbackFailure',
      'lambda:SendDurableExecutionCallbackSuccess',
    ],
    resources: /\/durable-execution\/\*$/,
    roles: RUNNER,
    why: STAND_IN,
  },
  { sid: 'SendCallbackHeartbeats', actions: ['lambda:SendDurableExecutionCallbackHeartbeat'], why: STAND_IN },
  {
    sid: 'SettleRuns',
    actions: ['lambda:InvokeFunction'],
    why: 'The starter hands over a run that it ends itself and of which somebody is to hear: __tests__/handlers/starter/cancel.test.ts.',
  },
  {
    sid: 'ReadRuns',
    actions: ['dynamodb:GetItem'],
    why: 'Overlap policies ask whether the run before is alive: __tests__/handlers/scheduler/overlap.test.ts.',
  },
  {
    sid: 'WriteRows',
    actions: ['s3:PutObject'],
    why: 'More rows than an invocation may carry: __tests__/handlers/router/coalesce.test.ts.',
  },
  {
    sid: 'ScaleWorkers',
    actions: ['ecs:DescribeServices', 'ecs:UpdateService'],
    why: 'For workers that are a service; those of the test are tasks: __tests__/handlers/dispatcher/aws.test.ts.',
  },
  {
    sid: 'LookAtObjects',
    actions: ['s3:GetObject'],
    why: 'A bucket that exists may have no versions; the one of the test has: __tests__/handlers/dispatcher/aws.test.ts.',
  },
  {
    sid: 'TellMissingObjects',
    actions: ['s3:ListBucket'],
    why: 'Nobody lists. S3 answers 404 only to those who might, and 403 to others; the local AWS answers 404 to all.',
  },
  {
    sid: 'WorkOnQueue',
    actions: ['sqs:SendMessage'],
    why: 'A copy, where work outlives the twelve hours of its message: __tests__/e2e/programs/runner/queue-worker-jobs.test.ts.',
  },
  {
    sid: 'WriteObjects',
    actions: ['s3:AbortMultipartUpload'],
    why: "A large output that is given up amid its parts: the SDK's own Upload does it, and no test does.",
  },
  { sid: 'UseQueueKey', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], why: ENCRYPTED },
  { sid: 'UseBucketKey', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], why: ENCRYPTED },
  { sid: 'ReadWithBucketKey', actions: ['kms:Decrypt'], why: ENCRYPTED },
];

export const WIDE_PERMISSIONS: readonly WidePermission[] = [
  {
    sid: 'FetchFunctions',
    why: 'Every function of the account and region, unless function_arns names some: which ones are run long is for the requests to say.',
  },
  { sid: 'DescribeFunctions', why: 'As FetchFunctions: the starter looks at what a request names.' },
  {
    sid: 'FetchLayers',
    why: 'Every layer of the account and region, unless layer_arns names some: a function has what it has.',
  },
  { sid: 'DescribeTasks', why: 'A request may name another cluster than that of the deployment.' },
  { sid: 'StopTasks', why: 'As DescribeTasks; the tag of a run is asked for, which only the starter gives.' },
  {
    sid: 'TagNewTasks',
    why: "The ARN of a task names its cluster: the call's own condition key is not needed besides.",
  },
  {
    sid: 'LookAtObjects',
    why: "Every object of the queue's own bucket: prefixes in any case are not for IAM to tell, and an object may be sent for by hand.",
  },
  { sid: 'ReadObjects', why: 'As LookAtObjects; and messages that others send may name any of them.' },
  {
    sid: 'WriteObjects',
    why: "Outputs lie beside their object, whose folder is anybody's choice: under output_prefix, where there is one.",
  },
];
