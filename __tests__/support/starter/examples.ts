import type { TaskDefinition } from '@aws-sdk/client-ecs';
import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import type { RunIdentity } from '../../../handlers/starter/identity';
import { parseRequest } from '../../../handlers/starter/request';
import type { StarterSettings } from '../../../handlers/starter/settings';
import type { ContainerRequest, FunctionRequest } from '../../../handlers/starter/start-request';

/** The example of task-starter's own documentation, as it stands there, with its account ids of 11 digits. */
export const TASK_STARTER_EXAMPLE = {
  arn: 'arn:aws:lambda:us-west-2:00000000000:function:myTestLambdaFunction',
  input: {},
  subnets: ['subnet-44e36e0f'],
  securityGroups: ['sg-baddbfcb'],
  cluster: 'taskRunnerECSCluster',
  taskDefinition: 'taskRunnerTaskDefinition:1',
  roleArn: 'arn:aws:iam::00000000000:role/taskRunnerRole',
};

export const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:resize';

export const CLUSTER_ARN = 'arn:aws:ecs:eu-west-1:123456789012:cluster/overtime';

export const SETTINGS: StarterSettings = {
  cluster: CLUSTER_ARN,
  subnets: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  securityGroups: ['sg-0123456789abcdef0'],
  assignPublicIp: 'DISABLED',
  containerName: 'runner',
  taskDefinitions: [
    { family: 'overtime-nodejs22-x86_64', runtime: 'nodejs22.x', architecture: 'x86_64', function: null },
    { family: 'overtime-nodejs22-arm64', runtime: 'nodejs22.x', architecture: 'arm64', function: null },
    { family: 'overtime-python313-x86_64', runtime: 'python3.13', architecture: 'x86_64', function: null },
  ],
  ledgerTable: 'overtime-ledger',
  payloadBucket: 'overtime-payloads',
  timeoutSeconds: 3600,
  runRetentionDays: 30,
  launchQueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/overtime-launches.fifo',
  watcherFunction: 'overtime-watcher',
  eventRequests: new Map(),
  overflowCauses: [],
  launchLimits: { burst: 100, launchesPerSecond: 20 },
  destinationArns: ['arn:aws:sqs:eu-west-1:123456789012:results-*', 'arn:aws:s3:::results'],
  containerTaskDefinitions: ['report', 'nightly-*'],
};

export const CONFIGURATION: FunctionConfiguration = {
  FunctionName: 'resize',
  FunctionArn: FUNCTION_ARN,
  Runtime: 'nodejs22.x',
  PackageType: 'Zip',
  Architectures: ['x86_64'],
  MemorySize: 512,
  EphemeralStorage: { Size: 512 },
  Environment: { Variables: { API_KEY: 'a-secret-of-the-function' } },
};

export const IDENTITY: RunIdentity = { runId: 'run-1', requestHash: 'hash' };

export function startRequest(fields: Record<string, unknown> = {}): FunctionRequest {
  const request = parseRequest({ arn: FUNCTION_ARN, ...fields });
  if (request.action !== 'start' || !('arn' in request)) {
    throw new Error('The fields ask for something else than the start of a function.');
  }
  return request;
}

/** Of a container that is started as it is. */
export function containerRequest(fields: Record<string, unknown> = {}): ContainerRequest {
  const request = parseRequest({ taskDefinition: 'report', ...fields });
  if (request.action !== 'start' || 'arn' in request) {
    throw new Error('The fields ask for something else than the start of a container.');
  }
  return request;
}

/** A task definition of somebody else's, as ECS describes it: for Fargate, one container and a sidecar. */
export const TASK_DEFINITION: TaskDefinition = {
  taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/report:12',
  family: 'report',
  revision: 12,
  status: 'ACTIVE',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  compatibilities: ['EC2', 'FARGATE'],
  cpu: '256',
  memory: '512',
  containerDefinitions: [
    { name: 'proxy', essential: false },
    { name: 'app', essential: true },
  ],
};

/** What a call throws, as its code and message; fails where it throws nothing. */
export async function failureOf(call: () => unknown): Promise<{ name: string; message: string; cause: unknown }> {
  try {
    await call();
  } catch (error) {
    if (error instanceof Error) {
      return { name: error.name, message: error.message, cause: error.cause };
    }
    throw error;
  }
  throw new Error('Nothing was thrown.');
}
