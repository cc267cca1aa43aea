import { EcsService } from '@cdktf/provider-aws/lib/ecs-service';
import {
  type IResolvable,
  type ITerraformDependable,
  type MapTerraformIterator,
  TerraformLocal,
  type TerraformResourceLifecycle,
  Token,
} from 'cdktf';
import type { Construct } from 'constructs';
import { expression } from './terraform-text';

export interface WorkerServicesProps {
  /** Over those workers that are a service: rows that have at least a `capacity`. */
  readonly each: MapTerraformIterator;
  /** `each.key` may stand in it. */
  readonly name: string;
  readonly clusterArn: string;
  readonly desiredCount: number;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly dependsOn: readonly ITerraformDependable[];
  /**
   * Whether each change starts all workers anew, and not only one of what they are made of. Else another capacity takes
   * the service away first, or is refused: https://github.com/hashicorp/terraform-provider-aws/pull/43533
   */
  readonly deployEachChange: boolean;
  /** @default - Terraform changes what differs */
  readonly lifecycle?: TerraformResourceLifecycle;
}

const onInstances = (yes: string, no: string) => expression(`each.value.capacity == "EC2" ? ${yes} : ${no}`);

/** Capacity and network of workers, for services and for whoever starts tasks: `local.ec2_capacity_provider` and `local.assign_public_ip`. */
export function workerCapacity(
  scope: Construct,
  ec2CapacityProvider: string | undefined,
  assignPublicIp: boolean | IResolvable,
): void {
  new TerraformLocal(scope, 'ec2_capacity_provider', ec2CapacityProvider ?? '');
  new TerraformLocal(scope, 'assign_public_ip', assignPublicIp);
}

/**
 * Services of workers, each with its task definition of `local.task_definition_arns`. On Fargate the new workers of a
 * deployment stand beside the old ones until they run. Instances may have no room for both, and work only waits in
 * between: there the old ones go first.
 */
export function workerServices(scope: Construct, props: WorkerServicesProps): EcsService {
  return new EcsService(scope, 'workers', {
    forEach: props.each,
    name: props.name,
    cluster: props.clusterArn,
    taskDefinition: expression('local.task_definition_arns[each.key]'),
    desiredCount: props.desiredCount,
    capacityProviderStrategy: [
      { capacityProvider: onInstances('local.ec2_capacity_provider', 'each.value.capacity'), weight: 1 },
    ],
    ...(props.deployEachChange ? { forceNewDeployment: true } : {}),
    networkConfiguration: {
      subnets: [...props.subnetIds],
      securityGroups: [...props.securityGroupIds],
      // ECS gives tasks on instances none: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-awsvpc.html
      assignPublicIp: Token.asAny(onInstances('false', 'local.assign_public_ip')),
    },
    deploymentCircuitBreaker: { enable: true, rollback: true },
    deploymentMinimumHealthyPercent: Token.asNumber(onInstances('0', '100')),
    deploymentMaximumPercent: Token.asNumber(onInstances('100', '200')),
    // Else ECS would stop workers in the middle of their work to spread them anew.
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
    availabilityZoneRebalancing: 'DISABLED',
    enableEcsManagedTags: true,
    propagateTags: 'SERVICE',
    dependsOn: [...props.dependsOn],
    ...(props.lifecycle === undefined ? {} : { lifecycle: props.lifecycle }),
  });
}
