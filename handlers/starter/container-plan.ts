import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { LARGEST_FARGATE_CPU, LARGEST_FARGATE_MEMORY_MIB } from '../../stacks/parts/fargate-sizes';
import { familyArn, parseTaskDefinitionName } from '../shared/task-definition-name';
import { inputBytesOf, type PackedContainerInput, packContainerInput } from './container-overrides';
import { type ContainerTask, containerTask } from './container-task';
import type { RunIdentity } from './identity';
import { OVERRIDES_CHARACTERS } from './limits';
import { isAmong } from './patterns';
import { inputLocation, placing, type Refusal, refuse, type StartPlan, taskTags } from './placing';
import type { StarterSettings } from './settings';
import type { ContainerRequest } from './start-request';

export interface ContainerPlanInput {
  readonly request: ContainerRequest;
  readonly settings: StarterSettings;
  readonly definition: TaskDefinition;
  readonly identity: RunIdentity;
}

/** Why a request's task definition is refused before ECS is asked: its container is none that the deployment allows. */
export function refusedTaskDefinition(
  { taskDefinition }: ContainerRequest,
  allowed: readonly string[],
): Refusal | undefined {
  const { family = taskDefinition } = parseTaskDefinitionName(taskDefinition) ?? {};
  if (isAmong(family, allowed)) {
    return undefined;
  }
  const listed = allowed.length === 0 ? 'none' : allowed.join(', ');
  return refuse(
    'TASK_DEFINITION_NOT_ALLOWED',
    `taskDefinition is ${taskDefinition}, and this deployment starts no containers but those of the families that ` +
      `OVERTIME_CONTAINER_TASK_DEFINITIONS lists (now ${listed}). Add ${family} to container_task_definitions and its ` +
      'roles to container_role_arns (containerTaskDefinitions and containerRoleArns in deployment.ts), or give the arn ' +
      'of a function. Nothing was started.',
  );
}

function refuseTask(name: string, task: Exclude<ContainerTask, { kind: 'task' }>, request: ContainerRequest): Refusal {
  switch (task.kind) {
    case 'no-container':
      return refuse(
        'CONTAINER_NOT_FOUND',
        `The task definition ${name} has no container ${request.containerName ?? ''}: it has ` +
          `${task.names.length === 0 ? 'none' : task.names.join(', ')}. Give one of them as containerName.`,
      );
    case 'too-large':
      return refuse(
        'SIZE_TOO_LARGE',
        `No size of Fargate has what the request and the task definition ${name} ask for: the largest has ` +
          `${LARGEST_FARGATE_CPU} CPU units and ${LARGEST_FARGATE_MEMORY_MIB} MiB. Give a smaller cpu or memoryMiB.`,
      );
    case 'mismatch':
      return refuse('TASK_DEFINITION_MISMATCH', `The task definition ${name}: ${task.problems.join('. ')}.`);
  }
}

function refuseInput(packed: Exclude<PackedContainerInput, { kind: 'packed' }>): Refusal {
  return packed.kind === 'too-large'
    ? refuse(
        'OVERRIDES_TOO_LARGE',
        `Without the input RunTask's overrides take ${packed.bytes} bytes, and ECS allows ${OVERRIDES_CHARACTERS}: give ` +
          'a shorter command, or fewer or shorter variables in environment.',
      )
    : refuse(
        'PAYLOAD_BUCKET_MISSING',
        `With this input RunTask's overrides take ${packed.bytes} bytes, and ECS allows ${OVERRIDES_CHARACTERS}. This ` +
          'deployment has no payload bucket for it: set OVERTIME_PAYLOAD_BUCKET, or give a smaller input.',
      );
}

/** Decides what the start of a container does, or why it cannot be done. Its execution role stays its own. */
export function planContainer({ request, settings, definition, identity }: ContainerPlanInput): StartPlan | Refusal {
  const { taskDefinition } = request;
  const { taskDefinitionArn = taskDefinition, status = 'ACTIVE' } = definition;
  if (status !== 'ACTIVE') {
    return refuse(
      'TASK_DEFINITION_INACTIVE',
      `The task definition ${taskDefinition} is ${status}, and ECS starts ACTIVE ones alone: register it anew, or give ` +
        'the family without a revision.',
    );
  }
  const task = containerTask(request, definition);
  if (task.kind !== 'task') {
    return refuseTask(taskDefinition, task, request);
  }
  const maxAttempts = (request.retries ?? 0) + 1;
  const overrides = {
    containerName: task.containerName,
    size: task.size,
    ...(task.storageGiB === undefined ? {} : { storageGiB: task.storageGiB }),
    ...(request.roleArn === undefined ? {} : { taskRoleArn: request.roleArn }),
    ...(request.command === undefined ? {} : { command: [...request.command] }),
    ...(request.environment === undefined ? {} : { environment: { ...request.environment } }),
  };
  const last = { runId: identity.runId, attempt: maxAttempts };
  const packed = packContainerInput(overrides, last, request.input, inputLocation(settings, identity));
  if (packed.kind !== 'packed') {
    return refuseInput(packed);
  }
  const places = placing(request, settings);
  return {
    kind: 'run',
    subject: {
      container: task.containerName,
      taskDefinition,
      unqualifiedFunctionArn: familyArn(taskDefinitionArn),
    },
    timeoutSeconds: request.timeoutSeconds ?? settings.timeoutSeconds,
    inputBytes: inputBytesOf(request.input),
    maxAttempts,
    upload: packed.upload,
    launch: {
      kind: 'container',
      // As it was given: of a family ECS takes the revision that is the newest when the task starts.
      taskDefinition,
      ...overrides,
      ...(packed.input === undefined ? {} : { input: packed.input }),
      ...places,
      ...(task.hasOwnNetwork ? {} : { subnets: [], securityGroups: [] }),
      capacity: task.capacity,
      tags: taskTags(request, identity),
    },
  };
}
