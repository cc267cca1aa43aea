import { extensionEnvironment } from '../../../handlers/runner/extension-environment';

test('an extension gets the function’s variables and its credentials, and nothing that is the runtime’s alone', () => {
  const shared = {
    TABLE: 'orders',
    AWS_REGION: 'us-east-1',
    AWS_LAMBDA_FUNCTION_NAME: 'fn',
    AWS_LAMBDA_RUNTIME_API: '127.0.0.1:9001',
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials',
    TZ: ':UTC',
  };

  expect(
    extensionEnvironment({
      ...shared,
      _HANDLER: 'index.handler',
      _X_AMZN_TRACE_ID: 'Root=1-x',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
      AWS_LAMBDA_LOG_GROUP_NAME: 'group',
      AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
      AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
      AWS_XRAY_DAEMON_ADDRESS: '127.0.0.1:2000',
      LAMBDA_RUNTIME_DIR: '/var/runtime',
      LAMBDA_TASK_ROOT: '/var/task',
    }),
  ).toEqual(shared);
});
