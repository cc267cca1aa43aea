import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CreateRoleCommand, type IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  type LambdaClient,
  waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';

const SOURCE = path.resolve(__dirname, '../examples/sample-function/index.mjs');

export const SAMPLE_FUNCTION = {
  functionName: 'paint-mandelbrot',
  runtime: 'nodejs22.x',
  handler: 'index.handler',
  timeoutSeconds: 3,
  /** One vCPU: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
  memorySizeMiB: 1769,
  environment: { PICTURE_TITLE: 'Mandelbrot, past the limit' },
} as const;

export interface SampleOptions {
  readonly functionName?: string;
  /** Files of the package, by path. @default - the sample's own one file */
  readonly files?: Readonly<Record<string, string>>;
  /** ARNs of the layers' versions. @default - none */
  readonly layerArns?: readonly string[];
  /** Fields of the request over those above. */
  readonly request?: Partial<CreateFunctionCommandInput>;
}

/**
 * Puts a function into the local account, as its owner did before hearing of Overtime: a zip, a role, a 3 s timeout.
 * Answers its ARN.
 */
export async function putSampleFunction(
  clients: { readonly iam: IAMClient; readonly lambda: LambdaClient },
  options: SampleOptions = {},
): Promise<string> {
  const functionName = options.functionName ?? SAMPLE_FUNCTION.functionName;
  const files = options.files ?? { 'index.mjs': await readFile(SOURCE, 'utf8') };
  const roleName = `${functionName}-role`;
  const { Role: role } = await clients.iam.send(
    new CreateRoleCommand({ RoleName: roleName, AssumeRolePolicyDocument: trust('lambda.amazonaws.com') }),
  );
  await clients.iam.send(
    new PutRolePolicyCommand({ RoleName: roleName, PolicyName: 'logs', PolicyDocument: WRITE_LOGS }),
  );
  const created = await clients.lambda.send(
    new CreateFunctionCommand({
      FunctionName: functionName,
      Runtime: SAMPLE_FUNCTION.runtime,
      Handler: SAMPLE_FUNCTION.handler,
      Role: role?.Arn,
      Timeout: SAMPLE_FUNCTION.timeoutSeconds,
      // Tasks that are processes run on this machine as it is.
      Architectures: [process.arch === 'arm64' ? 'arm64' : 'x86_64'],
      MemorySize: SAMPLE_FUNCTION.memorySizeMiB,
      Environment: { Variables: SAMPLE_FUNCTION.environment },
      Layers: [...(options.layerArns ?? [])],
      Code: {
        ZipFile: zipSync(
          Object.fromEntries(Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)])),
        ),
      },
      ...options.request,
    }),
  );
  await waitUntilFunctionActiveV2({ client: clients.lambda, maxWaitTime: 120 }, { FunctionName: functionName });
  if (created.FunctionArn === undefined) {
    throw new Error(`Lambda created ${functionName} and gave no ARN for it.`);
  }
  return created.FunctionArn;
}

function trust(service: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  });
}

const WRITE_LOGS = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' },
  ],
});
