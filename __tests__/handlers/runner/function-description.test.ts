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

test('a zip function for Node.js can be run', () => {
  expect(describeFunction(ARN, OUTPUT)).toEqual({
    kind: 'runnable',
    description: {
      functionName: 'fn',
      version: '3',
      runtime: 'nodejs22.x',
      handler: 'index.handler',
      memoryMiB: 1_024,
      logGroupName: 'own-group',
      variables: { TABLE: 'orders' },
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
    title: 'is written in Python',
    configuration: { Runtime: 'python3.13' },
    refusal: [
      'RUNTIME_NOT_SUPPORTED',
      `${ARN} has the runtime python3.13. The runner does not support it yet: use nodejs.`,
    ],
  },
  {
    title: 'has layers',
    configuration: { Layers: [{ Arn: 'one' }, { Arn: 'two' }] },
    refusal: [
      'LAYERS_NOT_SUPPORTED',
      `${ARN} has 2 layer(s), which the runner does not support yet: put their content in the package.`,
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
