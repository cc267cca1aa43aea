import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { EcsCluster } from '@cdktf/provider-aws/lib/ecs-cluster';
import { EcsClusterCapacityProviders } from '@cdktf/provider-aws/lib/ecs-cluster-capacity-providers';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { Fn, Token } from 'cdktf';
import { Construct } from 'constructs';
import type { CheckException } from './parts/check-exception';
import {
  DEFAULT_LOG_RETENTION_DAYS,
  deploymentName,
  LOG_RETENTION_DAYS,
  oneOf,
  type Problem,
  refuse,
  subnetIds,
  vpcId,
} from './parts/checks';
import { type Ec2Capacity, ec2Capacity, ec2CapacityProblems } from './parts/ec2-capacity';
import type { Outputs } from './parts/outputs';

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cloudwatch-container-insights.html */
export const CONTAINER_INSIGHTS = ['disabled', 'enabled', 'enhanced'] as const;

export const FARGATE_CAPACITY = ['FARGATE', 'FARGATE_SPOT'] as const;

export interface ClusterProps {
  /** Begins the names of all resources: 2 to 27 lower-case letters, digits and single hyphens. */
  readonly name: string;
  /** The VPC in which tasks run: their security group belongs to it. */
  readonly vpcId: string;
  /**
   * Metrics of the cluster and its tasks in CloudWatch, which charges for them.
   *
   * @default disabled
   */
  readonly containerInsights?: (typeof CONTAINER_INSIGHTS)[number];
  /**
   * Where tasks go that name no capacity. Those of the starter always name one.
   *
   * @default FARGATE
   */
  readonly defaultCapacity?: (typeof FARGATE_CAPACITY)[number];
  /**
   * Instances of EC2 beside Fargate, for tasks whose capacity is EC2. A task on one has no public address: in a public
   * subnet it reaches nothing outside of the VPC, so give subnets with NAT. And it takes one of the instance's network
   * interfaces: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-awsvpc.html
   *
   * @default - none
   */
  readonly ec2Capacity?: Ec2Capacity;
  /**
   * Where those instances run: 1 to 16 subnets of the VPC.
   *
   * @default - none: there are no instances
   */
  readonly subnetIds?: readonly string[];
  /**
   * How long the log lines of tasks are kept, in days: one of the values that CloudWatch Logs takes.
   *
   * @default 30
   */
  readonly logRetentionDays?: number;
}

export function clusterProblems(props: Partial<ClusterProps>): readonly Problem[] {
  return [
    ...deploymentName('name', props.name),
    ...vpcId('vpcId', props.vpcId),
    ...oneOf('containerInsights', props.containerInsights, CONTAINER_INSIGHTS),
    ...oneOf('defaultCapacity', props.defaultCapacity, FARGATE_CAPACITY),
    ...oneOf('logRetentionDays', props.logRetentionDays, LOG_RETENTION_DAYS),
    ...ec2CapacityProblems(props.ec2Capacity),
    ...(props.ec2Capacity === undefined ? [] : subnetIds('subnetIds', props.subnetIds ?? [])),
  ];
}

/** What checkov asks of the cluster besides. */
export const CLUSTER_EXCEPTIONS: readonly CheckException[] = [
  {
    rule: 'CKV_AWS_65',
    asks: 'Container Insights by default',
    at: /^cluster: aws_ecs_cluster\.cluster$/,
    why: 'It costs money for each task that runs; the variable container_insights turns it on. What the alarms need, the runner counts itself.',
  },
];

/** The place where tasks run: an ECS cluster on Fargate, Fargate Spot and, where asked for, EC2; log group and security group. */
export class Cluster extends Construct {
  readonly cluster: EcsCluster;
  readonly logGroup: CloudwatchLogGroup;
  readonly securityGroup: SecurityGroup;
  /** Name of the capacity provider of the instances, as a token; empty where there are none. */
  readonly ec2CapacityProvider: string;
  readonly outputs: Outputs;

  /** @throws {InvalidProps} naming every wrong prop */
  constructor(scope: Construct, id: string, props: ClusterProps) {
    super(scope, id);
    refuse('The cluster', clusterProblems(props));

    this.cluster = new EcsCluster(this, 'cluster', {
      name: props.name,
      setting: [{ name: 'containerInsights', value: props.containerInsights ?? 'disabled' }],
    });
    this.securityGroup = this.#tasksSecurityGroup(props);
    const instances = ec2Capacity(this, {
      name: props.name,
      cluster: this.cluster,
      capacity: props.ec2Capacity,
      subnetIds: props.subnetIds ?? [],
      securityGroupId: this.securityGroup.id,
    });
    this.ec2CapacityProvider = Fn.join('', instances.asList);
    new EcsClusterCapacityProviders(this, 'capacity', {
      clusterName: this.cluster.name,
      capacityProviders: Token.asList(Fn.concat([[...FARGATE_CAPACITY], instances.asList])),
      defaultCapacityProviderStrategy: [{ capacityProvider: props.defaultCapacity ?? 'FARGATE', weight: 1 }],
    });
    this.logGroup = new CloudwatchLogGroup(this, 'logs', {
      name: `/ecs/${props.name}`,
      retentionInDays: props.logRetentionDays ?? DEFAULT_LOG_RETENTION_DAYS,
    });
    this.outputs = {
      cluster_arn: { value: this.cluster.arn, description: 'ARN of the ECS cluster.' },
      cluster_name: { value: this.cluster.name, description: 'Name of the ECS cluster.' },
      log_group_name: { value: this.logGroup.name, description: "Name of the tasks' CloudWatch log group." },
      log_group_arn: { value: this.logGroup.arn, description: "ARN of the tasks' CloudWatch log group." },
      ec2_capacity_provider: {
        value: this.ec2CapacityProvider,
        description: 'Name of the capacity provider of the EC2 instances; empty where there are none.',
      },
      security_group_id: { value: this.securityGroup.id, description: "Id of the tasks' security group." },
    };
  }

  /**
   * Tasks call out and nobody calls them. The rule lies inside the group, not beside it: there is no rule for others to
   * add to one that lets everything out, and what a database lets in is a rule of the database's own group.
   */
  #tasksSecurityGroup({ name, vpcId }: ClusterProps): SecurityGroup {
    return new SecurityGroup(this, 'tasks', {
      name: `${name}-tasks`,
      description: 'Tasks of Overtime: everything out, nothing in.',
      vpcId,
      egress: [{ protocol: '-1', fromPort: 0, toPort: 0, cidrBlocks: ['0.0.0.0/0'], ipv6CidrBlocks: ['::/0'] }],
      tags: { Name: `${name}-tasks` },
      // Where the VPC is another: AWS deletes no group that a task has, and services have the new one only when it is there.
      lifecycle: { createBeforeDestroy: true },
    });
  }
}
