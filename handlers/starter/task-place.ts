import type { RunTaskCommandInput } from '@aws-sdk/client-ecs';
import { isFargate, type Place } from './capacity';

/** What of a task's network is the same wherever it is placed. */
interface TaskNetwork {
  readonly securityGroups: readonly string[];
  readonly assignPublicIp: 'ENABLED' | 'DISABLED';
}

/** RunTask takes a launch type or a strategy, and Spot only as a capacity provider. */
export function capacityOf({ capacity }: Place): Pick<RunTaskCommandInput, 'launchType' | 'capacityProviderStrategy'> {
  if (capacity === 'FARGATE_SPOT') {
    return { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] };
  }
  return typeof capacity === 'string'
    ? { launchType: capacity }
    : { capacityProviderStrategy: capacity.map((one) => ({ ...one })) };
}

/** ECS refuses it where the task definition's network mode is not awsvpc: then there are no subnets. */
export function networkOf(network: TaskNetwork, place: Place): Pick<RunTaskCommandInput, 'networkConfiguration'> {
  if (place.subnets.length === 0) {
    return {};
  }
  return {
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: [...place.subnets],
        ...(network.securityGroups.length === 0 ? {} : { securityGroups: [...network.securityGroups] }),
        // The network interface of a container instance's task never gets a public address, and ECS refuses the field:
        // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html
        ...(isFargate(place.capacity) ? { assignPublicIp: network.assignPublicIp } : {}),
      },
    },
  };
}
