import { type FakeAws, startFakeAws } from '../../../support/fake-aws';
import { textPackage } from '../../../support/function-package';
import { runToEnd } from '../../../support/runner-process';

// Each test runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

let aws: FakeAws;

beforeAll(async () => {
  aws = await startFakeAws();
});

afterAll(() => aws.close());

interface Seen {
  readonly variables: Readonly<Record<string, string>>;
  readonly context: Readonly<Record<string, unknown>>;
}

function seenBy(row: Record<string, unknown> | undefined): Seen {
  return (row as { output: { inline: Seen } }).output.inline;
}

test.concurrent('a function called by an alias knows the alias by its ARN, and the version behind it', async () => {
  const functionArn = 'arn:aws:lambda:eu-west-1:123456789012:function:report:live';
  const end = await runToEnd(aws, {
    functionName: 'environment',
    functionArn,
    fake: { configuration: { FunctionName: 'report', Version: '7' } },
  });

  const { variables, context } = seenBy(end.row);
  expect(context).toMatchObject({ invokedFunctionArn: functionArn, functionName: 'report', functionVersion: '7' });
  expect(variables['AWS_LAMBDA_FUNCTION_VERSION']).toBe('7');
});

test.concurrent.each([
  { partition: 'aws', region: 'ap-southeast-2' },
  { partition: 'aws-cn', region: 'cn-northwest-1' },
  { partition: 'aws-us-gov', region: 'us-gov-west-1' },
])(
  'a function of $region in $partition is asked for there, and believes itself there, wherever its task runs',
  async ({ partition, region }) => {
    const functionArn = `arn:${partition}:lambda:${region}:123456789012:function:far`;
    const end = await runToEnd(aws, { functionName: 'environment', functionArn });

    expect([end.code, seenBy(end.row).variables['AWS_REGION']]).toEqual([0, region]);
    expect(aws.regions.get(`GetFunction ${functionArn}`)).toBe(region);
  },
);

test.concurrent('a wrapper script starts the runtime, and the runtime is what it makes of it', async () => {
  const end = await runToEnd(aws, {
    fake: {
      package: textPackage(
        {
          'wrapper.sh': '#!/bin/sh\nexport WRAPPED=yes\nexec "$1" --stack-trace-limit=3 "$2"\n',
          'index.mjs': 'export const handler = async () => [process.env.WRAPPED, process.execArgv];\n',
        },
        0o100755,
      ),
      configuration: { Environment: { Variables: { AWS_LAMBDA_EXEC_WRAPPER: './wrapper.sh' } } },
    },
  });

  expect([end.code, end.row?.['output']]).toEqual([0, { inline: ['yes', ['--stack-trace-limit=3']] }]);
});

test.concurrent('a function whose file system the task has too runs', async () => {
  const FileSystemConfigs = [{ Arn: 'access-point', LocalMountPath: '/proc' }];
  const end = await runToEnd(aws, { functionName: 'environment', fake: { configuration: { FileSystemConfigs } } });

  expect([end.code, end.row?.['status']]).toEqual([0, 'SUCCEEDED']);
});

const OTHER_ARCHITECTURE = process.arch === 'arm64' ? 'x86_64' : 'arm64';
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/1';
const DENIED = { ErrorCode: 'AccessDeniedException', Message: 'KMS access is denied' };

test.concurrent.each([
  {
    title: 'is for another architecture',
    fake: { configuration: { Architectures: [OTHER_ARCHITECTURE] } },
    code: 67,
    errorType: 'ARCHITECTURE_MISMATCH',
    message: new RegExp(` is for ${OTHER_ARCHITECTURE}, and this task runs on `),
  },
  {
    title: 'has a file system that the task lacks',
    fake: { configuration: { FileSystemConfigs: [{ Arn: 'access-point', LocalMountPath: '/mnt/models' }] } },
    code: 67,
    errorType: 'FILE_SYSTEM_NOT_MOUNTED',
    message: / has a file system at \/mnt\/models, and this task has none there: /,
  },
  {
    title: 'has variables that Lambda does not decrypt for the task',
    fake: { configuration: { Environment: { Error: DENIED }, KMSKeyArn: KEY } },
    code: 66,
    errorType: 'FUNCTION_ENVIRONMENT_UNREADABLE',
    message:
      /\(AccessDeniedException: KMS access is denied\)\. Grant kms:Decrypt on its key arn:aws:kms:.*:key\/1: add /,
  },
  {
    title: 'has a package that Lambda does not decrypt for the task',
    fake: { code: { Location: undefined, Error: DENIED, SourceKMSKeyArn: KEY } },
    code: 66,
    errorType: 'FUNCTION_PACKAGE_UNREADABLE',
    message:
      /\(AccessDeniedException: KMS access is denied\)\. Grant kms:Decrypt on its key arn:aws:kms:.*:key\/1: add /,
  },
])('a function that $title is FAILED before anything is fetched', async ({ fake, code, errorType, message }) => {
  const end = await runToEnd(aws, { functionName: 'environment', fake });

  expect([end.code, end.row?.['status']]).toEqual([code, 'FAILED']);
  expect(end.row?.['error']).toEqual({ errorType, errorMessage: expect.stringMatching(message) });
  expect(aws.requests).not.toContain(`Download ${end.functionArn}`);
});
