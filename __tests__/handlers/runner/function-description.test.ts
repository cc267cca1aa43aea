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
    Architectures: ['arm64'],
    LoggingConfig: { LogGroup: 'own-group', LogFormat: 'JSON', ApplicationLogLevel: 'WARN' },
    Layers: [{ Arn: 'layer:1' }, { Arn: 'other:7' }],
    FileSystemConfigs: [{ Arn: 'access-point', LocalMountPath: '/mnt/models' }],
  },
  Code: { Location: 'https://s3/code' },
};

function refusalOf(configuration: object = {}, code: object = {}) {
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
      architecture: 'arm64',
      memoryMiB: 1_024,
      logGroupName: 'own-group',
      logFormat: 'JSON',
      logLevel: 'WARN',
      variables: { TABLE: 'orders' },
      layerArns: ['layer:1', 'other:7'],
      mountPaths: ['/mnt/models'],
      codeSha256: 'hash',
      codeBytes: 42,
      codeUrl: 'https://s3/code',
    },
  });
});

test('what Lambda leaves out is what it gives a function that does not say', () => {
  const { Version, MemorySize, Architectures, LoggingConfig, Layers, FileSystemConfigs, Environment, ...rest } =
    OUTPUT.Configuration ?? {};

  expect(describeFunction(ARN, { ...OUTPUT, Configuration: rest })).toMatchObject({
    description: {
      version: '$LATEST',
      architecture: 'x86_64',
      memoryMiB: 128,
      logGroupName: '/aws/lambda/fn',
      logFormat: undefined,
      logLevel: undefined,
      variables: {},
      layerArns: [],
      mountPaths: [],
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
      `${ARN} is a container image (repo:tag), and the runner runs zip packages: name the function in ` +
        'container_functions of the runner module, and run "terraform apply".',
    ],
  },
  {
    title: 'has an environment that Lambda cannot decrypt',
    configuration: {
      Environment: { Error: { ErrorCode: 'AccessDeniedException', Message: 'no kms:Decrypt' } },
      KMSKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/of-variables',
    },
    refusal: [
      'FUNCTION_ENVIRONMENT_UNREADABLE',
      `Lambda could not decrypt the environment variables of ${ARN} for this task (AccessDeniedException: no ` +
        'kms:Decrypt). Grant kms:Decrypt on its key arn:aws:kms:us-east-1:123456789012:key/of-variables: add the key to ' +
        "kmsKeyArns of the runner module, or attach the runner policy to the role given. The key's own policy must " +
        'leave that to IAM.',
    ],
  },
  {
    title: 'has a package that Lambda cannot decrypt',
    code: {
      Location: undefined,
      Error: { ErrorCode: 'AccessDeniedException', Message: 'KMS access is denied' },
      SourceKMSKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/of-package',
    },
    refusal: [
      'FUNCTION_PACKAGE_UNREADABLE',
      `Lambda could not decrypt the package of ${ARN} for this task (AccessDeniedException: KMS access is denied). ` +
        'Grant kms:Decrypt on its key arn:aws:kms:us-east-1:123456789012:key/of-package: add the key to kmsKeyArns of ' +
        "the runner module, or attach the runner policy to the role given. The key's own policy must leave that to IAM.",
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
