import type { FunctionDescription } from '../../../handlers/runner/function-description';
import { logStreamName, runtimeEnvironment } from '../../../handlers/runner/runtime-environment';
import { parseRuntime } from '../../../handlers/shared/lambda-runtime';

const DESCRIPTION: FunctionDescription = {
  functionName: 'fn',
  version: '7',
  runtime: { name: 'nodejs22.x', family: 'nodejs', version: '22' },
  handler: 'index.handler',
  architecture: 'x86_64',
  memoryMiB: 1_024,
  logGroupName: '/aws/lambda/fn',
  logFormat: undefined,
  logLevel: undefined,
  variables: {},
  layerArns: [],
  mountPaths: [],
  codeSha256: '',
  codeBytes: 0,
  codeUrl: '',
};

function environment(
  task: Record<string, string>,
  variables: Record<string, string>,
  description: FunctionDescription = DESCRIPTION,
  isAwsBootstrap = false,
) {
  return runtimeEnvironment({
    task,
    description: { ...description, variables },
    functionArn: 'arn:aws-cn:lambda:cn-north-1:123456789012:function:fn:7',
    taskRegion: 'us-east-1',
    runtimeApiAddress: '127.0.0.1:9001',
    taskRoot: '/var/task',
    layersRoot: '/opt',
    logStreamName: '2026/11/21/[7]run-1',
    isAwsBootstrap,
  });
}

test('is the one that Lambda gives, in the Region of the function', () => {
  expect(environment({}, { TABLE: 'orders' })).toEqual({
    TABLE: 'orders',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000',
    PATH: '/usr/local/bin:/usr/bin:/bin:/opt/bin',
    LD_LIBRARY_PATH: '/var/task:/var/task/lib:/opt/lib',
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
  { rule: 'the task’s variables are passed on', name: 'LANG', task: 'en', own: undefined, value: 'en' },
  { rule: 'the function’s own come over them', name: 'LANG', task: 'en', own: 'de', value: 'de' },
  { rule: 'the layers’ programs come last', name: 'PATH', task: '/bin', own: undefined, value: '/bin:/opt/bin' },
  { rule: 'once', name: 'PATH', task: '/opt/bin:/bin', own: undefined, value: '/opt/bin:/bin' },
  { rule: 'unless the function has its own path', name: 'PATH', task: '/bin', own: '/own', value: '/own' },
  {
    rule: 'the image’s libraries come before the function’s',
    name: 'LD_LIBRARY_PATH',
    task: '/var/lang/lib:/var/task/lib',
    own: undefined,
    value: '/var/lang/lib:/var/task/lib:/var/task:/opt/lib',
  },
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
  { rule: 'so does what ECS says of it', name: 'ECS_CONTAINER_METADATA_URI_V4', task: 'ecs', own: 'x', value: 'ecs' },
  {
    rule: 'a variable of the function’s that only begins like ECS’s is its own',
    name: 'ECS_CLUSTER',
    task: 'overtime',
    own: 'prod',
    value: 'prod',
  },
  {
    rule: 'the function may name its X-Ray daemon',
    name: 'AWS_XRAY_DAEMON_ADDRESS',
    task: 'x',
    own: '10.0.0.1:2000',
    value: '10.0.0.1:2000',
  },
  { rule: 'an endpoint of the function’s own wins', name: 'AWS_ENDPOINT_URL', task: 'a', own: 'b', value: 'b' },
])('$rule: $name', ({ name, task, own, value }) => {
  expect(environment({ [name]: task }, own === undefined ? {} : { [name]: own })[name]).toBe(value);
});

const LAMBDA_S_OWN = {
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
};

test.each(Object.entries(LAMBDA_S_OWN))(
  '%s, which Lambda reserves, is %s whatever task and function say',
  (name, value) => {
    expect(environment({ [name]: 'task' }, { [name]: 'own' })[name]).toBe(value);
  },
);

// Of the task they are valid: its own keys, or none where ECS gives the task's role by an address.
test.each(['AWS_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', '_X_AMZN_TRACE_ID'])(
  '%s, which Lambda reserves, is the task’s or not there, and never the function’s own',
  (name) => {
    expect([
      environment({ [name]: 'task' }, { [name]: 'own' })[name],
      environment({}, { [name]: 'own' })[name],
    ]).toEqual(['task', undefined]);
  },
);

test('a function whose log lines are JSON is told so, and from which level on', () => {
  const all = environment({}, {}, { ...DESCRIPTION, logFormat: 'JSON', logLevel: 'WARN' });

  expect([all['AWS_LAMBDA_LOG_FORMAT'], all['AWS_LAMBDA_LOG_LEVEL']]).toEqual(['JSON', 'WARN']);
});

/** What a runtime's environment has of its language. */
function ofLanguage(name: string, isAwsBootstrap: boolean) {
  const runtime = parseRuntime(name);
  if (runtime === undefined) {
    throw new Error(`${name} is no runtime`);
  }
  const all = environment(
    { AWS_EXECUTION_ENV: 'AWS_ECS_FARGATE' },
    { AWS_EXECUTION_ENV: 'own' },
    { ...DESCRIPTION, runtime: { ...runtime, name } },
    isAwsBootstrap,
  );
  const names = ['AWS_EXECUTION_ENV', 'NODE_PATH', 'PYTHONPATH', 'GEM_PATH', 'RUBYLIB', 'CLASSPATH'];
  return Object.fromEntries(Object.entries(all).filter(([key]) => names.includes(key)));
}

test.each([
  {
    name: 'python3.13',
    variables: {
      AWS_EXECUTION_ENV: 'AWS_Lambda_python3.13',
      PYTHONPATH: '/opt/python/lib/python3.13/site-packages:/opt/python',
    },
  },
  {
    name: 'ruby3.4',
    variables: {
      AWS_EXECUTION_ENV: 'AWS_Lambda_ruby3.4',
      GEM_PATH: '/var/task/vendor/bundle/ruby/3.4.0:/opt/ruby/gems/3.4.0',
      RUBYLIB: '/opt/ruby/lib',
    },
  },
  {
    name: 'java8.al2',
    variables: {
      AWS_EXECUTION_ENV: 'AWS_Lambda_java8.al2',
      CLASSPATH: '/var/task:/var/task/lib/*:/opt/java/lib/*',
    },
  },
  { name: 'dotnet8', variables: { AWS_EXECUTION_ENV: 'AWS_Lambda_dotnet8' } },
  { name: 'provided.al2023', variables: {} },
])('another bootstrap than AWS’s finds the layers of $name', ({ name, variables }) => {
  expect(ofLanguage(name, false)).toEqual(variables);
});

test('AWS’s bootstrap of Python finds them by itself, and only where PYTHONPATH is not set', () => {
  expect(ofLanguage('python3.13', true)).toEqual({ AWS_EXECUTION_ENV: 'AWS_Lambda_python3.13' });
});

test('a log stream’s name has the day in UTC, the version and the run', () => {
  expect(logStreamName(new Date('2026-11-20T23:59:59Z'), '$LATEST', 'run-1')).toBe('2026/11/20/[$LATEST]run-1');
});
