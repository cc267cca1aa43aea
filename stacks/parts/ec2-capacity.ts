import { AutoscalingGroup } from '@cdktf/provider-aws/lib/autoscaling-group';
import { EcsCapacityProvider } from '@cdktf/provider-aws/lib/ecs-capacity-provider';
import type { EcsCluster } from '@cdktf/provider-aws/lib/ecs-cluster';
import { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { LaunchTemplate } from '@cdktf/provider-aws/lib/launch-template';
import { Fn, TerraformIterator, TerraformLocal, type TerraformResource, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { ARCHITECTURES, type Architecture, matching, oneOf, type Problem, wholeNumber } from './checks';
import { findEcs, hearFromEcs, joinCluster, trustInstances } from './ec2-permissions';
import type { Bounds, Format } from './formats';
import { policyDocument } from './policy-document';
import { expression } from './terraform-text';

/** Instances of EC2 that run tasks, as many as the tasks need. */
export interface Ec2Capacity {
  /** Such as t3.large. */
  readonly instanceType: string;
  /**
   * Of the instance type.
   *
   * @default x86_64
   */
  readonly architecture?: Architecture;
  /**
   * How many instances there are at first; from then on ECS has as many as its tasks need.
   *
   * @default 1
   */
  readonly desired?: number;
  /** @default 0 */
  readonly min?: number;
  /** @default 4 */
  readonly max?: number;
  /**
   * Disk of an instance in GiB, which its tasks share.
   *
   * @default 30
   */
  readonly diskGiB?: number;
}

export const EC2_DEFAULTS = { architecture: 'x86_64', desired: 1, min: 0, max: 4, diskGiB: 30 } as const;

/** Source: https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html */
export const INSTANCE_TYPE: Format = {
  pattern: /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/,
  allowed: 'a type of EC2 instances, such as t3.large',
};

/** ECS can put no more into one cluster: https://docs.aws.amazon.com/general/latest/gr/ecs-service.html */
export const INSTANCES: Bounds = { minimum: 0, maximum: 5_000 };
/** From the size of the image's own volume to the largest of gp3. */
export const DISK_GIB: Bounds = { minimum: 30, maximum: 16_384 };

export const IN_ORDER = 'min, desired and max in this order';

export function ec2CapacityProblems(capacity: Ec2Capacity | undefined): readonly Problem[] {
  if (capacity === undefined || Token.isUnresolved(capacity)) {
    return [];
  }
  const { desired, min, max, diskGiB } = { ...EC2_DEFAULTS, ...capacity };
  const of = (name: keyof Ec2Capacity) => `ec2Capacity.${name}`;
  return [
    ...matching(of('instanceType'), capacity.instanceType, INSTANCE_TYPE.pattern, INSTANCE_TYPE.allowed),
    ...oneOf(of('architecture'), capacity.architecture, ARCHITECTURES),
    ...wholeNumber(of('desired'), desired, INSTANCES),
    ...wholeNumber(of('min'), min, INSTANCES),
    ...wholeNumber(of('max'), max, INSTANCES),
    ...wholeNumber(of('diskGiB'), diskGiB, DISK_GIB),
    ...(min <= desired && desired <= max ? [] : [{ field: 'ec2Capacity', value: capacity, allowed: IN_ORDER }]),
  ];
}

export interface Ec2CapacityProps {
  readonly name: string;
  readonly cluster: EcsCluster;
  readonly capacity: Ec2Capacity | undefined;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
}

/** None or one, as a list of its name. */
export function ec2Capacity(scope: Construct, props: Ec2CapacityProps): TerraformLocal {
  const { name, cluster } = props;
  const given = new TerraformLocal(scope, 'ec2_capacity', rowOf(props.capacity));
  const rows = new TerraformLocal(
    scope,
    'instances',
    // Of null the list is empty.
    expression(`{ for row in local.${given.friendlyUniqueId}[*] : "ec2" => row }`),
  );
  const each = TerraformIterator.fromMap(rows.asAnyMap);
  const profile = instanceProfile(scope, each, props);
  const template = new LaunchTemplate(scope, 'instance', {
    forEach: each,
    namePrefix: `${name}-instance-`,
    description: 'Instances of Overtime that run ECS tasks.',
    // EC2 looks the newest image up at each launch: a plan does not change with each release of one.
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/retrieve-ecs-optimized_AMI.html
    imageId: expression(
      'join("", ["resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/", each.value.architecture == "arm64" ? "arm64/" : "", "recommended/image_id"])',
    ),
    instanceType: each.getString('instance_type'),
    iamInstanceProfile: { arn: ofEach(profile, 'arn') },
    vpcSecurityGroupIds: [props.securityGroupId],
    // No instance metadata without a session, and none for containers.
    metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
    blockDeviceMappings: [
      {
        deviceName: '/dev/xvda',
        ebs: {
          volumeType: 'gp3',
          volumeSize: each.getNumber('disk_gib'),
          encrypted: 'true',
          deleteOnTermination: 'true',
        },
      },
    ],
    userData: Fn.base64encode(
      Fn.join('\n', [
        '#!/bin/bash',
        'cat >>/etc/ecs/ecs.config <<END',
        Fn.join('=', ['ECS_CLUSTER', cluster.name]),
        'ECS_AWSVPC_BLOCK_IMDS=true',
        'ECS_ENABLE_TASK_ENI=true',
        'END',
        '',
      ]),
    ),
    updateDefaultVersion: true,
  });
  const group = new AutoscalingGroup(scope, 'instance_group', {
    forEach: each,
    namePrefix: `${name}-instances-`,
    vpcZoneIdentifier: [...props.subnetIds],
    minSize: each.getNumber('min'),
    maxSize: each.getNumber('max'),
    desiredCapacity: each.getNumber('desired'),
    launchTemplate: { id: ofEach(template, 'id'), version: ofEach(template, 'latest_version') },
    // ECS says which instances go: those without tasks.
    protectFromScaleIn: true,
    forceDelete: true,
    tag: [
      { key: 'AmazonECSManaged', value: 'true', propagateAtLaunch: true },
      { key: 'Name', value: `${name}-instance`, propagateAtLaunch: true },
    ],
    lifecycle: { ignoreChanges: ['desired_capacity'] },
  });
  new EcsCapacityProvider(scope, 'ec2', {
    forEach: each,
    // Not the deployment's name first: one that begins with aws, ecs or fargate is refused.
    // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCapacityProvider.html
    name: `ec2-${name}`,
    autoScalingGroupProvider: {
      autoScalingGroupArn: ofEach(group, 'arn'),
      managedTerminationProtection: 'ENABLED',
      managedDraining: 'ENABLED',
      managedScaling: { status: 'ENABLED', targetCapacity: 100 },
    },
  });
  return new TerraformLocal(scope, 'ec2_providers', expression('values(aws_ecs_capacity_provider.ec2)[*].name'));
}

function instanceProfile(scope: Construct, each: TerraformIterator, { name, cluster }: Ec2CapacityProps) {
  const owner = new IamRole(scope, 'instance_role', {
    forEach: each,
    namePrefix: `${name}-instance-`,
    description: 'The role of the instances of Overtime: what the ECS agent does.',
    assumeRolePolicy: policyDocument([trustInstances()]),
  });
  const instances = `${Fn.replace(cluster.arn, ':cluster/', ':container-instance/')}/*`;
  const policy = new IamRolePolicy(scope, 'instance_policy', {
    forEach: each,
    name: 'overtime',
    role: ofEach(owner, 'name'),
    policy: policyDocument([findEcs(), joinCluster(cluster.arn), hearFromEcs(instances, cluster.arn)]),
  });
  return new IamInstanceProfile(scope, 'instance_profile', {
    forEach: each,
    namePrefix: `${name}-instance-`,
    role: ofEach(owner, 'name'),
    dependsOn: [policy],
  });
}

/** An attribute of another resource of the same loop. */
function ofEach(resource: TerraformResource, attribute: string): string {
  return expression(`${resource.terraformResourceType}.${resource.friendlyUniqueId}[each.key].${attribute}`);
}

function rowOf(capacity: Ec2Capacity | undefined): unknown {
  if (capacity === undefined) {
    return null;
  }
  if (Token.isUnresolved(capacity)) {
    return capacity;
  }
  const { instanceType, architecture, desired, min, max, diskGiB } = { ...EC2_DEFAULTS, ...capacity };
  return { instance_type: instanceType, architecture, desired, min, max, disk_gib: diskGiB };
}
