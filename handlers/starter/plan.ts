import type { FunctionConfiguration } from '@aws-sdk/client-lambda';
import { LARGEST_FARGATE_CPU, LARGEST_FARGATE_MEMORY_MIB } from '../../stacks/parts/fargate-sizes';
import { parseFunctionName, qualifiedArn } from '../shared/function-name';
import { utf8Bytes } from '../shared/payload';
import { RUN_ENVELOPE_VERSION } from '../shared/run';
import type { RunIdentity } from './identity';
import { OVERRIDES_CHARACTERS } from './limits';
import { type PackedInput, packInput } from './overrides';
import { inputLocation, placing, type Refusal, refuse, type StartPlan, taskTags } from './placing';
import type { StarterSettings } from './settings';
import { taskSize, taskStorageGiB } from './size';
import type { FunctionRequest } from './start-request';

export interface PlanInput {
  readonly request: FunctionRequest;
  readonly settings: StarterSettings;
  readonly configuration: FunctionConfiguration;
  readonly identity: RunIdentity;
}

// What Lambda gives a function that does not say: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
const DEFAULT_MEMORY_MIB = 128;
const DEFAULT_TEMPORARY_STORAGE_MIB = 512;
const DEFAULT_ARCHITECTURE = 'x86_64';

/** The task definition for a function, or why there is none. */
function chooseTaskDefinition({ request, settings, configuration }: PlanInput): string | Refusal {
  const name = configuration.FunctionName ?? request.arn;
  if (request.taskDefinition !== undefined) {
    return request.taskDefinition;
  }
  if (configuration.PackageType === 'Image') {
    if (request.environment !== undefined) {
      return refuse(
        'IMAGE_ENVIRONMENT',
        `The function ${name} is a container image: its variables stand in its task definition, and a request adds none ` +
          'to them. Leave environment out.',
      );
    }
    const unqualified = qualifiedArn(configuration.FunctionArn ?? '', undefined);
    return (
      settings.taskDefinitions.find((candidate) => candidate.function === unqualified)?.family ??
      refuse(
        'IMAGE_NOT_DEPLOYED',
        `The function ${name} is a container image, and this deployment has no task definition for it: add ` +
          `{ function_name = "${name}" } to the runner module's container_functions, or give a taskDefinition in the ` +
          'request.',
      )
    );
  }
  const runtime = configuration.Runtime;
  const architecture = configuration.Architectures?.[0] ?? DEFAULT_ARCHITECTURE;
  const match = settings.taskDefinitions.find(
    (candidate) => candidate.runtime === runtime && candidate.architecture === architecture,
  );
  if (match === undefined) {
    const deployed = settings.taskDefinitions
      .filter((one) => one.runtime !== null)
      .map((one) => `${one.runtime} on ${one.architecture}`)
      .join(', ');
    return refuse(
      'RUNTIME_NOT_DEPLOYED',
      `The function ${name} runs on ${runtime ?? 'no runtime'}, ${architecture}, and this deployment has no task ` +
        `definition for that: it has ${deployed === '' ? 'none' : deployed}. Add the runtime to the runner module's ` +
        'runtimes, or give a taskDefinition in the request.',
    );
  }
  return match.family;
}

function refuseInput(packed: Exclude<PackedInput, { kind: 'packed' }>): Refusal {
  return packed.kind === 'too-large'
    ? refuse(
        'OVERRIDES_TOO_LARGE',
        `Without the input RunTask's overrides take ${packed.bytes} bytes, and ECS allows ${OVERRIDES_CHARACTERS}: give ` +
          'fewer or shorter variables in environment.',
      )
    : refuse(
        'PAYLOAD_BUCKET_MISSING',
        `With this input RunTask's overrides take ${packed.inlineBytes} bytes, gzipped ${packed.gzipBytes}, and ECS ` +
          `allows ${OVERRIDES_CHARACTERS}. This deployment has no payload bucket for it: set OVERTIME_PAYLOAD_BUCKET, ` +
          'or give a smaller input.',
      );
}

/**
 * Decides what the start of a function does, or why it cannot be done. The task role is the request's `roleArn` if it has one; the
 * execution role always stays the task definition's own, as it fetches the image and writes the log of this
 * deployment, for which a function's role has no permission.
 */
export function planStart(input: PlanInput): StartPlan | Refusal {
  const { request, settings, configuration, identity } = input;
  const { FunctionArn: arn, FunctionName: functionName } = configuration;
  if (arn === undefined || functionName === undefined) {
    return refuse('FUNCTION_INCOMPLETE', `Lambda described ${request.arn} without its name or ARN: try again.`);
  }
  const taskDefinition = chooseTaskDefinition(input);
  if (typeof taskDefinition !== 'string') {
    return taskDefinition;
  }
  const own = {
    memoryMiB: configuration.MemorySize ?? DEFAULT_MEMORY_MIB,
    temporaryStorageMiB: configuration.EphemeralStorage?.Size ?? DEFAULT_TEMPORARY_STORAGE_MIB,
  };
  const size = taskSize(request, own);
  if (size === undefined) {
    return refuse(
      'SIZE_TOO_LARGE',
      `No size of Fargate has the ${own.memoryMiB} MiB of ${functionName}: the largest has ${LARGEST_FARGATE_CPU} CPU ` +
        `units and ${LARGEST_FARGATE_MEMORY_MIB} MiB. Give a smaller memoryMiB in the request.`,
    );
  }
  const functionArn = qualifiedArn(arn, parseFunctionName(request.arn)?.qualifier);
  const timeoutSeconds = request.timeoutSeconds ?? settings.timeoutSeconds;
  const maxAttempts = (request.retries ?? 0) + 1;
  const environment = request.environment === undefined ? {} : { environment: { ...request.environment } };
  const storageGiB = taskStorageGiB(request, own);
  const packed = packInput({
    containerName: settings.containerName,
    size,
    storageGiB,
    taskRoleArn: request.roleArn,
    envelope: {
      version: RUN_ENVELOPE_VERSION,
      runId: identity.runId,
      attempt: maxAttempts,
      functionArn,
      timeoutSeconds,
      ...environment,
    },
    input: request.input,
    location: inputLocation(settings, identity),
  });
  if (packed.kind !== 'packed') {
    return refuseInput(packed);
  }
  return {
    kind: 'run',
    subject: { functionArn, unqualifiedFunctionArn: qualifiedArn(functionArn, undefined) },
    timeoutSeconds,
    inputBytes: utf8Bytes(JSON.stringify(request.input)),
    maxAttempts,
    upload: packed.upload,
    launch: {
      taskDefinition,
      containerName: settings.containerName,
      size,
      ...(storageGiB === undefined ? {} : { storageGiB }),
      ...(request.roleArn === undefined ? {} : { taskRoleArn: request.roleArn }),
      functionArn,
      timeoutSeconds,
      input: packed.input,
      ...environment,
      ...placing(request, settings),
      capacity: request.capacity,
      tags: taskTags(request, identity, functionName),
    },
  };
}
