import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { type RuntimeOptions, startRuntime } from '../../../../handlers/runner/runtime';
import { startRuntimeProcess } from '../../../../handlers/runner/runtime-process';
import { createStreams } from '../../../../handlers/runner/streams';
import { functionFolder } from '../../../support/function-package';
import { runnerBundle } from '../../../support/runner-bundle';

// Each test runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

interface Case {
  readonly handler: string;
  readonly taskRoot?: string;
  readonly runtime?: string;
}

/** Starts the real client on a real handler, calls it once, and says what the runner hears. */
async function callOnce({ handler, taskRoot = functionFolder('behaviours'), runtime = 'nodejs22.x' }: Case) {
  const { nodeClientFile } = await runnerBundle();
  const dropped = () => new Writable({ write: (_chunk, _encoding, done) => done() });
  const streams = createStreams({ stdout: dropped(), stderr: dropped() });
  const options: RuntimeOptions = {
    startProcess: (_address, environment) =>
      startRuntimeProcess({
        command: { file: process.execPath, args: [nodeClientFile] },
        environment,
        taskRoot,
        workRoot: tmpdir(),
        streams,
      }),
    identity: { functionName: 'fn', functionVersion: '$LATEST', handler, accountId: '123456789012' },
    clock: () => new Date(),
    responseLimitBytes: 1_000_000,
    streams,
    environment: (address) => ({
      PATH: process.env['PATH'] ?? '',
      AWS_LAMBDA_RUNTIME_API: address,
      AWS_LAMBDA_FUNCTION_NAME: 'fn',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_LAMBDA_LOG_GROUP_NAME: 'group',
      AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
      AWS_EXECUTION_ENV: `AWS_Lambda_${runtime}`,
      LAMBDA_TASK_ROOT: taskRoot,
      _HANDLER: handler,
    }),
  };
  const started = await startRuntime(options);
  try {
    const start = await started.started;
    if (start.kind !== 'ready') {
      return start.kind === 'init-error' ? { initError: start.error } : { start };
    }
    const answer = await started.invoke({
      requestId: 'request-1',
      functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:fn',
      deadline: new Date(Date.now() + 60_000),
      traceId: 'Root=1-x',
      input: '{"a":1}',
      clientContext: '{"custom":{"city":"Zürich 世界"}}',
      cognitoIdentity: '{"cognitoIdentityId":"i","cognitoIdentityPoolId":"p"}',
    });
    switch (answer.kind) {
      case 'response':
        return { result: JSON.parse(answer.body.toString('utf8')) as unknown };
      case 'reported':
        return { error: answer.error };
      default:
        return { answer };
    }
  } finally {
    await started.stop('spindown', 10_000);
  }
}

function error(errorType: string, errorMessage: string | RegExp) {
  return expect.objectContaining({
    errorType,
    errorMessage: typeof errorMessage === 'string' ? errorMessage : expect.stringMatching(errorMessage),
  });
}

describe('a handler', () => {
  test.each([
    { way: 'that returns a promise', name: 'promise', heard: { result: 'a promise' } },
    { way: 'that calls back', name: 'callback', heard: { result: 'by callback' } },
    {
      way: 'that calls back with an error',
      name: 'callbackError',
      heard: { error: error('TypeError', 'by callback') },
    },
    { way: 'that calls back is waited for', name: 'waitsForEventLoop', heard: { result: { timerRan: true } } },
    { way: 'that wants no waiting is not', name: 'doesNotWait', heard: { result: 'at once' } },
    { way: 'that calls context.succeed', name: 'succeed', heard: { result: 'by context' } },
    { way: 'that calls context.fail', name: 'fail', heard: { error: error('TypeError', 'by context') } },
    { way: 'that calls context.done', name: 'done', heard: { result: 'by context' } },
    {
      way: 'whose promise never settles',
      name: 'neverSettled',
      heard: { error: error('Runtime.NodeJsExit', /never settled/) },
    },
    { way: 'that never calls back', name: 'neverCalledBack', heard: { result: null } },
    { way: 'that returns undefined', name: 'undefinedResult', heard: { result: null } },
    { way: 'that returns a function', name: 'functionResult', heard: { result: null } },
    {
      way: 'that returns a BigInt',
      name: 'bigint',
      heard: { error: error('Error', 'Unable to stringify response body') },
    },
    {
      way: 'that returns a circle',
      name: 'circular',
      heard: { error: error('Error', 'Unable to stringify response body') },
    },
    {
      way: 'that throws a text',
      name: 'throwsText',
      heard: { error: { errorType: 'string', errorMessage: 'just text' } },
    },
    {
      way: 'that throws undefined',
      name: 'throwsUndefined',
      heard: { error: error('string', 'handled') },
    },
    { way: 'that throws before it returns', name: 'throwsSync', heard: { error: error('RangeError', 'at once') } },
    {
      way: 'that throws an error whose message throws',
      name: 'throwsEvilError',
      heard: { error: error('handled', /cannot be read/) },
    },
    {
      way: 'that leaves a rejection unhandled',
      name: 'unhandledRejection',
      heard: { error: error('Runtime.UnhandledPromiseRejection', 'RangeError: nobody listens') },
    },
    {
      way: 'with an exception that nobody catches',
      name: 'uncaughtException',
      heard: { error: error('RangeError', 'nobody catches') },
    },
    {
      way: 'before nodejs24.x has the whole context',
      name: 'contextNames',
      heard: {
        result: [
          'awsRequestId',
          'callbackWaitsForEmptyEventLoop',
          'clientContext',
          'done',
          'fail',
          'functionName',
          'functionVersion',
          'getRemainingTimeInMillis',
          'identity',
          'invokedFunctionArn',
          'logGroupName',
          'logStreamName',
          'memoryLimitInMB',
          'succeed',
        ],
      },
    },
  ])('$way', async ({ name, heard }) => {
    expect(await callOnce({ handler: `index.${name}` })).toEqual(heard);
  });
});

describe('a handler that streams its response', () => {
  test.each([
    { way: 'has what it wrote as its output', name: 'streams', heard: { result: ['grüße', { a: 1 }] } },
    { way: 'can be the end of a pipeline', name: 'streamsPiped', heard: { result: 'piped' } },
    {
      way: 'to a function URL has the HTTP response as its output',
      name: 'streamsHttp',
      heard: { result: { statusCode: 404, headers: { 'X-A': 'b' }, body: 'not here', isBase64Encoded: false } },
    },
    {
      way: 'and throws in the middle of it fails',
      name: 'streamThrows',
      heard: { error: error('RangeError', 'in the middle') },
    },
    {
      way: 'and does not end the stream fails',
      name: 'streamNotEnded',
      heard: { error: error('Error', 'Response stream is not finished.') },
    },
    {
      way: 'but returns no promise fails',
      name: 'streamNotAsync',
      heard: { error: error('Error', 'Streaming does not support non-async handlers.') },
    },
  ])('$way', async ({ name, heard }) => {
    expect(await callOnce({ handler: `index.${name}` })).toEqual(heard);
  });

  test('may have three parameters on nodejs24.x', async () => {
    expect(await callOnce({ handler: 'index.streams', runtime: 'nodejs24.x' })).toEqual({
      result: ['grüße', { a: 1 }],
    });
  });
});

test('a handler sees its caller’s client context and identity', async () => {
  expect(await callOnce({ handler: 'index.callerContext' })).toEqual({
    result: [{ custom: { city: 'Zürich 世界' } }, { cognitoIdentityId: 'i', cognitoIdentityPoolId: 'p' }],
  });
});

describe('a handler for nodejs24.x', () => {
  test('has no done, fail and succeed', async () => {
    expect(await callOnce({ handler: 'index.succeed', runtime: 'nodejs24.x' })).toEqual({
      error: error('TypeError', 'context.succeed is not a function'),
    });
  });

  test('that takes a callback is refused at the start', async () => {
    expect(await callOnce({ handler: 'index.callback', runtime: 'nodejs24.x' })).toEqual({
      initError: error('Runtime.CallbackHandlerDeprecated', /make the handler async/),
    });
  });
});

describe('a handler’s module', () => {
  test.each([
    {
      kind: 'an .mjs file',
      folder: 'echo-esm',
      handler: 'index.handler',
      result: { event: { a: 1 }, remaining: true },
    },
    {
      kind: 'an ES module by package.json, with a top-level await',
      folder: 'type-module',
      handler: 'index.handler',
      result: 'from a module with a top-level await',
    },
    { kind: 'in a folder, with a nested export', folder: 'nested', handler: 'dir/sub/index.a.b.c', result: 'nested' },
  ])('$kind', async ({ folder, handler, result }) => {
    expect(await callOnce({ handler, taskRoot: functionFolder(folder) })).toEqual({ result });
  });

  test.each([
    {
      fault: 'not there',
      folder: 'behaviours',
      handler: 'other.handler',
      type: 'Runtime.ImportModuleError',
      text: /Cannot find module 'other'/,
    },
    {
      fault: 'one that requires what is not there',
      folder: 'missing-import',
      handler: 'index.handler',
      type: 'Runtime.ImportModuleError',
      text: /no-such-module/,
    },
    {
      fault: 'one without the export',
      folder: 'behaviours',
      handler: 'index.none',
      type: 'Runtime.HandlerNotFound',
      text: /^index\.none is undefined or not exported$/,
    },
    {
      fault: 'one whose export is no function',
      folder: 'behaviours',
      handler: 'index.value',
      type: 'Runtime.HandlerNotFound',
      text: /^index\.value is not a function$/,
    },
    {
      fault: 'named upwards',
      folder: 'behaviours',
      handler: '../index.handler',
      type: 'Runtime.MalformedHandlerName',
      text: /may not hold '\.\.'/,
    },
    {
      fault: 'one that throws',
      folder: 'throws-at-start',
      handler: 'index.handler',
      type: 'TypeError',
      text: /^bad start$/,
    },
  ])('that is $fault fails the start', async ({ folder, handler, type, text }) => {
    expect(await callOnce({ handler, taskRoot: functionFolder(folder) })).toEqual({ initError: error(type, text) });
  });

  test('that is no JavaScript fails the start as user code', async () => {
    const taskRoot = mkdtempSync(path.join(tmpdir(), 'overtime-syntax-'));
    writeFileSync(path.join(taskRoot, 'index.js'), 'exports.handler = async () => { return = 1 };');
    const heard = await callOnce({ handler: 'index.handler', taskRoot });
    await rm(taskRoot, { recursive: true });

    expect(heard).toEqual({ initError: error('Runtime.UserCodeSyntaxError', /^SyntaxError: /) });
  });
});
