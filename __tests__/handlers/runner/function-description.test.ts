import type { GetFunctionCommandOutput } from '@aws-sdk/client-lambda';
import { describeFunction } from '../../../handlers/runner/function-description';

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:fn';

const OUTPUT: GetFunctionCommandOutput = {
  $metadata: {},
  Configuration: {
    FunctionName: 'fn',
    PackageType: 'Zip',
    Runtime: 'nodejs22.x',
    Handler: 'index.handler',
    Version: '3',
    MemorySize: 1_024,
    CodeSha256: 'hash',
    CodeSize: 42,
    Environment: { Variables: { TABLE: 'orders' } },
    LoggingConfig: { LogGroup: 'own-group' },
    Layers: [{ Arn: 'layer:1' }, { Arn: 'other:7' }],
  },
  Code: { Location: 'https://s3/code' },
};

function refusalOf(configuration: object, code: object = {}) {
  const described = describeFunction(ARN, {
    ...OUTPUT,
    Configuration: { ...OUTPUT.Configuration, ...configuration },
    Code: { ...OUTPUT.Code, ...code },
  });
  return described.kind === 'refused' ? [described.code, described.message] : described;
}

test('a zip function with layers can be run', () => {
  expect(describeFunction(ARN, OUTPUT)).toEqual({
    kind: 'runnable',
    description: {
      functionName: 'fn',
      version: '3',
      runtime: { name: 'nodejs22.x', family: 'nodejs', version: '22' },
      handler: 'index.handler',
      memoryMiB: 1_024,
      logGroupName: 'own-group',
      variables: { TABLE: 'orders' },
      layerArns: ['layer:1', 'other:7'],
      codeSha256: 'hash',
      codeBytes: 42,
      codeUrl: 'https://s3/code',
    },
  });
});

test.each([
  {
    title: 'is a container image',
    configuration: { PackageType: 'Image' },
    code: { ImageUri: 'repo:tag' },
    refusal: [
      'IMAGE_PACKAGE_NOT_SUPPORTED',
      `${ARN} is a container image (repo:tag), and the runner runs zip packages: start that image with a task ` +
        'definition of its own.',
    ],
  },
  {
    title: 'has an environment that Lambda cannot decrypt',
    configuration: { Environment: { Error: { ErrorCode: 'KMSAccessDenied', Message: 'no key' } } },
    refusal: [
      'FUNCTION_ENVIRONMENT_UNREADABLE',
      `Lambda could not read the environment variables of ${ARN}: KMSAccessDenied, no key. ` +
        "Give the task role kms:Decrypt on the function's key.",
    ],
  },
  {
    title: 'has a runtime that speaks no Runtime API',
    configuration: { Runtime: 'go1.x' },
    refusal: [
      'RUNTIME_NOT_SUPPORTED',
      `${ARN} has the runtime go1.x. The runner runs versions of nodejs, python, ruby, java, dotnet, provided.`,
    ],
  },
  {
    title: 'comes without a hash',
    configuration: { CodeSha256: undefined },
    refusal: [
      'FUNCTION_LOOKUP_FAILED',
      `GetFunction on ${ARN} left out the name, handler, code hash, code size or code location.`,
    ],
  },
])('a function that $title is refused', ({ configuration, code, refusal }) => {
  expect(refusalOf(configuration, code)).toEqual(refusal);
});
