import { DescribeTaskDefinitionCommand, type ECSClient, type TaskDefinition } from '@aws-sdk/client-ecs';
import type { Clock } from '../../shared/clock';
import { readAwsError } from '../aws-error';
import { TaskDefinitionAccessDenied, TaskDefinitionNotFound } from '../errors';
import type { StarterPorts } from '../ports';

/**
 * How long an answer is kept. Ten thousand schedules of one family at midnight would ask ECS more often than it allows;
 * what a start takes of it (network mode, names of containers) changes seldom, and the revision is ECS's to choose.
 */
const KEPT_MILLISECONDS = 30_000;

/** More than a starter sees in that time; then the oldest go. */
const KEPT_ANSWERS = 100;

async function describe(client: ECSClient, name: string): Promise<TaskDefinition> {
  try {
    const { taskDefinition } = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition: name }));
    if (taskDefinition === undefined) {
      throw new TaskDefinitionNotFound(`ECS described ${name} without a task definition: try again.`);
    }
    return taskDefinition;
  } catch (cause) {
    const { name: kind, message } = readAwsError(cause);
    if (kind === 'AccessDeniedException') {
      throw new TaskDefinitionAccessDenied(
        `The starter may not read the task definition ${name}: ${message}. Its role has ecs:DescribeTaskDefinition where ` +
          'container_task_definitions (containerTaskDefinitions in deployment.ts) names a family: name it there.',
        { cause },
      );
    }
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTaskDefinition.html#API_DescribeTaskDefinition_Errors
    if (kind === 'ClientException' || kind === 'InvalidParameterException') {
      throw new TaskDefinitionNotFound(
        `ECS has no ACTIVE task definition ${name} (${message}): register it, or give the name of one that is there. ` +
          'Nothing was started.',
        { cause },
      );
    }
    throw cause;
  }
}

/** Reads task definitions; an answer is good for half a minute. */
export function ecsTaskDefinitions(client: ECSClient, now: Clock): StarterPorts['describeTaskDefinition'] {
  const kept = new Map<string, { readonly until: number; readonly definition: TaskDefinition }>();
  return async (name) => {
    const known = kept.get(name);
    if (known !== undefined && now().getTime() < known.until) {
      return known.definition;
    }
    const definition = await describe(client, name);
    kept.delete(name);
    kept.set(name, { until: now().getTime() + KEPT_MILLISECONDS, definition });
    for (const oldest of [...kept.keys()].slice(0, -KEPT_ANSWERS)) {
      kept.delete(oldest);
    }
    return definition;
  };
}
