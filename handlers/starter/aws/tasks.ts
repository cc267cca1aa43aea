import { type ECSClient, InvalidParameterException, RunTaskCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import { reasonOf } from '../../shared/reason';
import { TaskNotStopped } from '../errors';
import type { StarterPorts } from '../ports';
import { outcomeOfError, outcomeOfResponse } from '../task-outcome';

/** Starts tasks in ECS. */
export function ecsTasks(client: ECSClient): StarterPorts['runTask'] {
  return async (input) => {
    try {
      return outcomeOfResponse(await client.send(new RunTaskCommand(input)));
    } catch (error) {
      return outcomeOfError(error);
    }
  };
}

// ECS forgets a task about an hour after it stopped.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html
const NO_SUCH_TASK = /task was not found/i;

/** Stops tasks in ECS. */
export function ecsStops(client: ECSClient): StarterPorts['stopTask'] {
  return async ({ cluster, taskArn, reason }) => {
    try {
      await client.send(new StopTaskCommand({ cluster, task: taskArn, reason }));
    } catch (cause) {
      if (cause instanceof InvalidParameterException && NO_SUCH_TASK.test(cause.message)) {
        return;
      }
      throw new TaskNotStopped(
        `ECS did not stop the task ${taskArn} (${reasonOf(cause)}). The run is CANCELLED in the ledger: cancel it again, or stop ` +
          'the task by hand.',
        { cause },
      );
    }
  };
}
