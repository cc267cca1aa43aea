import { EXAMPLE_ACCOUNT } from '../../local/role-calls';

interface ForbiddenCall {
  /** What it is, after "may not". */
  readonly why: string;
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

const TO_TASKS = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' };
const CLUSTER = arn('ecs', 'cluster/overtime');
const PAYLOADS = 'arn:aws:s3:::overtime-payloads-UNIQUE';

function arn(service: string, resource: string): string {
  return `arn:aws:${service}:us-east-1:${EXAMPLE_ACCOUNT}:${resource}`;
}

function role(name: string): string {
  return `arn:aws:iam::${EXAMPLE_ACCOUNT}:role/${name}`;
}

/** What no role of any module may do. */
export const FORBIDDEN_CALLS: readonly ForbiddenCall[] = [
  {
    why: 'run a task of another family',
    action: 'ecs:RunTask',
    resource: arn('ecs', 'task-definition/payroll:1'),
    context: { 'ecs:cluster': CLUSTER },
  },
  {
    why: 'run a task in another cluster',
    action: 'ecs:RunTask',
    resource: arn('ecs', 'task-definition/overtime-nodejs22-x86_64:1'),
    context: { 'ecs:cluster': arn('ecs', 'cluster/payroll') },
  },
  {
    why: 'tag a task that is there',
    action: 'ecs:TagResource',
    resource: arn('ecs', 'task/overtime/UUID'),
    context: { 'ecs:cluster': CLUSTER },
  },
  {
    why: 'stop a task that carries no run',
    action: 'ecs:StopTask',
    resource: arn('ecs', 'task/payroll/UUID'),
    context: { 'ecs:cluster': arn('ecs', 'cluster/payroll') },
  },
  { why: 'look into a task', action: 'ecs:ExecuteCommand', resource: arn('ecs', 'task/overtime/UUID') },
  { why: 'register a task definition', action: 'ecs:RegisterTaskDefinition', resource: '*' },
  { why: 'pass any other role to ECS', action: 'iam:PassRole', resource: role('administrator'), context: TO_TASKS },
  {
    why: "pass the starter's role to ECS",
    action: 'iam:PassRole',
    resource: role('overtime-starter-UNIQUE'),
    context: TO_TASKS,
  },
  {
    why: "pass the tasks' role to another service",
    action: 'iam:PassRole',
    resource: role('overtime-task-UNIQUE'),
    context: { 'iam:PassedToService': 'lambda.amazonaws.com' },
  },
  { why: 'take a role', action: 'sts:AssumeRole', resource: role('administrator') },
  { why: 'make a role', action: 'iam:CreateRole', resource: role('administrator') },
  { why: 'widen a role', action: 'iam:PutRolePolicy', resource: role('overtime-starter-UNIQUE') },
  { why: 'invoke another function', action: 'lambda:InvokeFunction', resource: arn('lambda', 'function:payroll') },
  {
    why: "change the starter's code",
    action: 'lambda:UpdateFunctionCode',
    resource: arn('lambda', 'function:overtime-starter'),
  },
  {
    why: "change a function's settings",
    action: 'lambda:UpdateFunctionConfiguration',
    resource: arn('lambda', 'function:some-function'),
  },
  {
    why: 'fetch a function of another account',
    action: 'lambda:GetFunction',
    resource: 'arn:aws:lambda:us-east-1:210987654321:function:payroll',
  },
  { why: 'read another bucket', action: 's3:GetObject', resource: 'arn:aws:s3:::payroll/inputs/a.json' },
  { why: 'write another bucket', action: 's3:PutObject', resource: 'arn:aws:s3:::payroll/outputs/a.json' },
  {
    why: 'replace the program of the tasks',
    action: 's3:PutObject',
    resource: `${PAYLOADS}/programs/HASH/runner-program.js.gz`,
  },
  { why: 'delete an object', action: 's3:DeleteObject', resource: `${PAYLOADS}/inputs/run-ID.json` },
  {
    why: 'delete an object that is work',
    action: 's3:DeleteObject',
    resource: 'arn:aws:s3:::overtime-objects-UNIQUE/a.zip',
  },
  { why: "change the bucket's policy", action: 's3:PutBucketPolicy', resource: PAYLOADS },
  { why: 'write another table', action: 'dynamodb:PutItem', resource: arn('dynamodb', 'table/payroll') },
  { why: 'read another table', action: 'dynamodb:Query', resource: arn('dynamodb', 'table/payroll/index/by-day') },
  { why: 'delete a run', action: 'dynamodb:DeleteItem', resource: arn('dynamodb', 'table/overtime-runs') },
  { why: 'read the whole ledger', action: 'dynamodb:Scan', resource: arn('dynamodb', 'table/overtime-runs') },
  {
    why: 'delete what is known of a job',
    action: 'dynamodb:DeleteItem',
    resource: arn('dynamodb', 'table/overtime-jobs'),
  },
  { why: 'delete the ledger', action: 'dynamodb:DeleteTable', resource: arn('dynamodb', 'table/overtime-runs') },
  { why: 'send to another queue', action: 'sqs:SendMessage', resource: arn('sqs', 'payroll') },
  { why: 'read another queue', action: 'sqs:ReceiveMessage', resource: arn('sqs', 'payroll') },
  {
    why: 'take a message that was set aside',
    action: 'sqs:ReceiveMessage',
    resource: arn('sqs', 'overtime-dead-letters'),
  },
  { why: 'empty a queue', action: 'sqs:PurgeQueue', resource: arn('sqs', 'overtime-launches.fifo') },
  {
    why: "take another activity's tasks",
    action: 'states:GetActivityTask',
    resource: arn('states', 'activity:payroll'),
  },
  { why: 'start a workflow', action: 'states:StartExecution', resource: arn('states', 'stateMachine:payroll') },
  {
    why: 'decrypt by itself',
    action: 'kms:Decrypt',
    resource: arn('kms', 'key/11111111-2222-3333-4444-555555555555'),
  },
  {
    why: 'write into another log',
    action: 'logs:PutLogEvents',
    resource: arn('logs', 'log-group:/aws/lambda/payroll:log-stream:a'),
  },
  { why: 'delete a log', action: 'logs:DeleteLogGroup', resource: arn('logs', 'log-group:/ecs/overtime') },
  {
    why: 'read a secret',
    action: 'secretsmanager:GetSecretValue',
    resource: arn('secretsmanager', 'secret:payroll-AbCdEf'),
  },
  { why: 'read a parameter', action: 'ssm:GetParameter', resource: arn('ssm', 'parameter/payroll') },
];
