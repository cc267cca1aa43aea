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
    'aws_cloudwatch_log_group.logs',
    'aws_ecs_cluster.cluster',
    'aws_ecs_cluster_capacity_providers.capacity',
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
    capacity_providers: ['FARGATE', 'FARGATE_SPOT'],
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
