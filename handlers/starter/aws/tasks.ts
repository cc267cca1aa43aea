import { type ECSClient, RunTaskCommand } from '@aws-sdk/client-ecs';
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
