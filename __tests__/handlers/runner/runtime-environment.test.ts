import type { FunctionDescription } from '../../../handlers/runner/function-description';
import { logStreamName, runtimeEnvironment } from '../../../handlers/runner/runtime-environment';

const DESCRIPTION: FunctionDescription = {
  functionName: 'fn',
  version: '7',
  runtime: 'nodejs22.x',
  handler: 'index.handler',
  memoryMiB: 1_024,
  logGroupName: '/aws/lambda/fn',
  variables: {},
  codeSha256: '',
  codeBytes: 0,
  codeUrl: '',
};

function environment(task: Record<string, string>, variables: Record<string, string>) {
  return runtimeEnvironment({
    task,
    description: { ...DESCRIPTION, variables },
    functionArn: 'arn:aws-cn:lambda:cn-north-1:123456789012:function:fn:7',
    taskRegion: 'us-east-1',
    runtimeApiAddress: '127.0.0.1:9001',
    taskRoot: '/var/task',
    layersRoot: '/opt',
    logStreamName: '2026/11/21/[7]run-1',
  });
}

test('is the one that Lambda gives, in the Region of the function', () => {
  expect(environment({}, { TABLE: 'orders' })).toEqual({
    TABLE: 'orders',
    TZ: ':UTC',
    NODE_PATH: '/opt/nodejs/node22/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules',
    _HANDLER: 'index.handler',
    AWS_REGION: 'cn-north-1',
    AWS_DEFAULT_REGION: 'cn-north-1',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
    AWS_LAMBDA_FUNCTION_NAME: 'fn',
    AWS_LAMBDA_FUNCTION_VERSION: '7',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/fn',
    AWS_LAMBDA_LOG_STREAM_NAME: '2026/11/21/[7]run-1',
    AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001',
    LAMBDA_TASK_ROOT: '/var/task',
    LAMBDA_RUNTIME_DIR: '/var/runtime',
  });
});

test.each([
  { rule: 'the task’s variables are passed on', name: 'PATH', task: '/bin', own: undefined, value: '/bin' },
  { rule: 'the function’s own come over them', name: 'PATH', task: '/bin', own: '/opt/bin', value: '/opt/bin' },
  { rule: 'the function may set its time zone', name: 'TZ', task: 'x', own: 'Asia/Tokyo', value: 'Asia/Tokyo' },
  {
    rule: 'the runner’s settings stay with it',
    name: 'OVERTIME_RUN',
    task: 'secret',
    own: undefined,
    value: undefined,
  },
  {
    rule: 'the task’s credentials stay the task’s',
    name: 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    task: '/v2/task',
    own: '/evil',
    value: '/v2/task',
  },
  { rule: 'so do its keys', name: 'AWS_ACCESS_KEY_ID', task: 'task', own: 'own', value: 'task' },
  { rule: 'so does what ECS says of it', name: 'ECS_CONTAINER_METADATA_URI_V4', task: 'ecs', own: 'x', value: 'ecs' },
  { rule: 'what Lambda reserves is Lambda’s', name: '_HANDLER', task: 'x', own: 'y', value: 'index.handler' },
  { rule: 'an endpoint of the function’s own wins', name: 'AWS_ENDPOINT_URL', task: 'a', own: 'b', value: 'b' },
])('$rule: $name', ({ name, task, own, value }) => {
  expect(environment({ [name]: task }, own === undefined ? {} : { [name]: own })[name]).toBe(value);
});

test('a log stream’s name has the day in UTC, the version and the run', () => {
  expect(logStreamName(new Date('2026-11-20T23:59:59Z'), '$LATEST', 'run-1')).toBe('2026/11/20/[$LATEST]run-1');
});
