// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import { Cluster, type ClusterProps } from '../../stacks/cluster';
import { writeOutputs } from '../../stacks/parts/outputs';
import { viewModule } from '../support/stack-view';

function view(props: Partial<ClusterProps> = {}) {
  return viewModule((stack) => {
    writeOutputs(stack, new Cluster(stack, 'Default', { name: 'overtime', vpcId: 'vpc-0a', ...props }).outputs);
  });
}

test('the cluster module makes these resources and no others', () => {
  expect(view().addresses).toEqual([
    'aws_autoscaling_group.instance_group',
    'aws_cloudwatch_log_group.logs',
    'aws_ecs_capacity_provider.ec2',
    'aws_ecs_cluster.cluster',
    'aws_ecs_cluster_capacity_providers.capacity',
    'aws_iam_instance_profile.instance_profile',
    'aws_iam_role.instance_role',
    'aws_iam_role_policy.instance_policy',
    'aws_launch_template.instance',
    'aws_security_group.tasks',
  ]);
});

test('the cluster runs on Fargate and Fargate Spot, with Fargate where nothing is said and no paid metrics', () => {
  const module = view();

  expect(module.only('aws_ecs_cluster')).toEqual({
    name: 'overtime',
    setting: [{ name: 'containerInsights', value: 'disabled' }],
  });
  expect(module.only('aws_ecs_cluster_capacity_providers')).toEqual({
    cluster_name: '${aws_ecs_cluster.cluster.name}',
    capacity_providers: '${concat(["FARGATE", "FARGATE_SPOT"], local.ec2_providers)}',
    default_capacity_provider_strategy: [{ capacity_provider: 'FARGATE', weight: 1 }],
  });
});

test('containerInsights and defaultCapacity are passed on', () => {
  const module = view({ containerInsights: 'enhanced', defaultCapacity: 'FARGATE_SPOT' });

  expect(module.only('aws_ecs_cluster')['setting']).toEqual([{ name: 'containerInsights', value: 'enhanced' }]);
  expect(module.only('aws_ecs_cluster_capacity_providers')['default_capacity_provider_strategy']).toEqual([
    { capacity_provider: 'FARGATE_SPOT', weight: 1 },
  ]);
});

test('the security group lets everything out over IPv4 and IPv6, and nothing in', () => {
  expect(view().only('aws_security_group')).toEqual({
    name: 'overtime-tasks',
    description: 'Tasks of Overtime: everything out, nothing in.',
    vpc_id: 'vpc-0a',
    egress: [
      expect.objectContaining({
        protocol: '-1',
        from_port: 0,
        to_port: 0,
        cidr_blocks: ['0.0.0.0/0'],
        ipv6_cidr_blocks: ['::/0'],
      }),
    ],
    tags: { Name: 'overtime-tasks' },
    // In another VPC the new one stands before the old one goes, which services have until then.
    lifecycle: { create_before_destroy: true },
  });
});

test('the log group keeps lines for 30 days, or as long as logRetentionDays says', () => {
  expect(view().only('aws_cloudwatch_log_group')).toEqual({ name: '/ecs/overtime', retention_in_days: 30 });
  expect(view({ logRetentionDays: 7 }).only('aws_cloudwatch_log_group')['retention_in_days']).toBe(7);
});

test('the outputs are these', () => {
  expect(view().publicOutputs).toEqual({
    cluster_arn: '${aws_ecs_cluster.cluster.arn}',
    cluster_name: '${aws_ecs_cluster.cluster.name}',
    log_group_name: '${aws_cloudwatch_log_group.logs.name}',
    log_group_arn: '${aws_cloudwatch_log_group.logs.arn}',
    security_group_id: '${aws_security_group.tasks.id}',
    ec2_capacity_provider: '${join("", local.ec2_providers)}',
  });
});

describe('instances of EC2', () => {
  const cluster = view({ ec2Capacity: { instanceType: 't2.large' }, subnetIds: ['subnet-0a'] });

  test('there are none that nobody asked for', () => {
    expect(view().document.locals).toMatchObject({
      ec2_capacity: null,
      instances: '${{ for row in local.ec2_capacity[*] : "ec2" => row }}',
    });
  });

  test('there is one at first and there are up to four, where only their type is given', () => {
    expect(cluster.document.locals?.['ec2_capacity']).toEqual({
      instance_type: 't2.large',
      architecture: 'x86_64',
      desired: 1,
      min: 0,
      max: 4,
      disk_gib: 30,
    });
  });

  test("an instance has AWS's newest image, an encrypted disk, metadata by session alone, and the tasks' security group", () => {
    expect(cluster.only('aws_launch_template')).toEqual({
      for_each: '${local.instances}',
      name_prefix: 'overtime-instance-',
      description: 'Instances of Overtime that run ECS tasks.',
      image_id:
        '${join("", ["resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/", each.value.architecture == "arm64" ? "arm64/" : "", "recommended/image_id"])}',
      instance_type: '${each.value.instance_type}',
      iam_instance_profile: { arn: '${aws_iam_instance_profile.instance_profile[each.key].arn}' },
      vpc_security_group_ids: ['${aws_security_group.tasks.id}'],
      metadata_options: { http_endpoint: 'enabled', http_tokens: 'required', http_put_response_hop_limit: 1 },
      block_device_mappings: [
        {
          device_name: '/dev/xvda',
          ebs: {
            volume_type: 'gp3',
            volume_size: '${each.value.disk_gib}',
            encrypted: 'true',
            delete_on_termination: 'true',
          },
        },
      ],
      user_data: expect.stringContaining('join("=", ["ECS_CLUSTER", aws_ecs_cluster.cluster.name])'),
      update_default_version: true,
    });
  });

  test('ECS has as many as its tasks need, and takes none that has tasks', () => {
    expect(cluster.only('aws_autoscaling_group')).toEqual({
      for_each: '${local.instances}',
      name_prefix: 'overtime-instances-',
      vpc_zone_identifier: ['subnet-0a'],
      min_size: '${each.value.min}',
      max_size: '${each.value.max}',
      desired_capacity: '${each.value.desired}',
      launch_template: {
        id: '${aws_launch_template.instance[each.key].id}',
        version: '${aws_launch_template.instance[each.key].latest_version}',
      },
      protect_from_scale_in: true,
      force_delete: true,
      tag: [
        { key: 'AmazonECSManaged', value: 'true', propagate_at_launch: true },
        { key: 'Name', value: 'overtime-instance', propagate_at_launch: true },
      ],
      lifecycle: { ignore_changes: ['desired_capacity'] },
    });
    expect(cluster.only('aws_ecs_capacity_provider')).toEqual({
      for_each: '${local.instances}',
      name: 'ec2-overtime',
      auto_scaling_group_provider: {
        auto_scaling_group_arn: '${aws_autoscaling_group.instance_group[each.key].arn}',
        managed_termination_protection: 'ENABLED',
        managed_draining: 'ENABLED',
        managed_scaling: { status: 'ENABLED', target_capacity: 100 },
      },
    });
  });

  test('an instance joins this cluster and hears from ECS, and may do nothing else', () => {
    const arn = '${aws_ecs_cluster.cluster.arn}';

    expect(cluster.json('aws_iam_role_policy.instance_policy', 'policy')).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Sid: 'FindEcs', Effect: 'Allow', Action: ['ecs:DiscoverPollEndpoint'], Resource: '*' },
        {
          Sid: 'JoinCluster',
          Effect: 'Allow',
          Action: [
            'ecs:DeregisterContainerInstance',
            'ecs:RegisterContainerInstance',
            'ecs:SubmitAttachmentStateChanges',
            'ecs:SubmitContainerStateChange',
            'ecs:SubmitTaskStateChange',
          ],
          Resource: arn,
        },
        {
          Sid: 'HearFromEcs',
          Effect: 'Allow',
          Action: ['ecs:Poll', 'ecs:StartTelemetrySession', 'ecs:UpdateContainerInstancesState'],
          Resource: '${replace(aws_ecs_cluster.cluster.arn, ":cluster/", ":container-instance/")}/*',
          Condition: { ArnEquals: { 'ecs:cluster': arn } },
        },
      ],
    });
  });

  test.each<[string, Partial<ClusterProps>, string]>([
    [
      'a type that is none',
      { ec2Capacity: { instanceType: 'large' } },
      'ec2Capacity.instanceType is "large": give a type',
    ],
    [
      'more instances than the most',
      { ec2Capacity: { instanceType: 't2.large', desired: 5 } },
      'ec2Capacity is {"instanceType":"t2.large","desired":5}: give min, desired and max in this order',
    ],
    [
      'a disk too small for the image',
      { ec2Capacity: { instanceType: 't2.large', diskGiB: 8 } },
      'ec2Capacity.diskGiB is 8: give a whole number from 30',
    ],
    ['no subnet', { ec2Capacity: { instanceType: 't2.large' }, subnetIds: [] }, 'subnetIds is []: give 1 to 16'],
  ])('refuses %s', (_, props, message) => {
    expect(() => view({ subnetIds: ['subnet-0a'], ...props })).toThrow(message);
  });
});

describe('fails with a message that names the prop, its value and what is allowed', () => {
  test.each<[string, Partial<ClusterProps>, string]>([
    ['a name that S3 does not take', { name: 'Overtime' }, 'name is "Overtime": give 2 to 27 lower-case letters'],
    ['a name of 28 characters', { name: 'a'.repeat(28) }, `name is "${'a'.repeat(28)}": give 2 to 27`],
    ['two hyphens in a row', { name: 'over--time' }, 'name is "over--time"'],
    [
      'a VPC that is none',
      { vpcId: 'my-vpc' },
      'vpcId is "my-vpc": give the id of a VPC, such as vpc-0123456789abcdef0.',
    ],
    [
      'a retention that CloudWatch Logs does not know',
      { logRetentionDays: 31 },
      'logRetentionDays is 31: give one of 1, 3, 5,',
    ],
    [
      'a retention of 0, which is not the default',
      { logRetentionDays: 0 },
      'logRetentionDays is 0: give one of 1, 3, 5,',
    ],
  ])('%s', (_, props, message) => {
    expect(() => view(props)).toThrow(message);
  });

  test('all at once', () => {
    const props = { name: 'X', vpcId: 'x', logRetentionDays: 2 };

    expect(() => view(props)).toThrow(
      /^The cluster is wrong:\n {2}name is "X".*\n {2}vpcId is "x".*\n {2}logRetentionDays is 2.*$/,
    );
  });
});

test('a name of 27 characters is taken', () => {
  expect(view({ name: 'a'.repeat(27) }).only('aws_ecs_cluster')['name']).toBe('a'.repeat(27));
});
