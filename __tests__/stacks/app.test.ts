// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the expressions are Terraform's

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deployment } from '../../deployment';
import { buildApp } from '../../stacks/app';
import { CATALOGUE } from '../../stacks/catalogue';
import type { Deployment } from '../../stacks/deployment';
import { type StackView, viewDeployment } from '../support/stack-view';

const LOCAL: Deployment = { ...deployment, backend: { kind: 'local', directory: '/state' } };

const S3: Deployment = {
  ...deployment,
  backend: { kind: 's3', bucket: 'my-terraform-state', region: 'eu-west-1', keyPrefix: 'team/overtime' },
};

const local = viewDeployment(LOCAL);
const s3 = viewDeployment(S3);
const scheduled = viewDeployment({ ...LOCAL, modules: { ...LOCAL.modules, scheduler: {} } });

const NETWORK = { vpcId: 'vpc-0a', subnetIds: ['subnet-0a', 'subnet-0b'], assignPublicIp: false } as const;

test('the deployment as it is shipped has every module of the catalogue that costs nothing while it is not used', () => {
  expect(Object.keys(local)).toEqual(['cluster', 'runner', 'starter']);
  expect(Object.keys(local).concat('scheduler', 'activities', 'queue-worker', 'database-trigger')).toEqual(
    CATALOGUE.map(({ name }) => name),
  );
});

test('the scheduler takes what it needs of the stacks before it, and with EventBridge the starter alone', () => {
  const needs = (view: StackView | undefined) =>
    Object.keys(view?.document.data?.['terraform_remote_state'] ?? {}).sort();

  expect(needs(scheduled['scheduler'])).toEqual(
    ['cluster', 'runner', 'starter'].map((name) => `cross-stack-reference-input-${name}`),
  );
  expect(
    needs(
      viewDeployment({ ...LOCAL, modules: { ...LOCAL.modules, scheduler: { engine: 'eventbridge' } } })['scheduler'],
    ),
  ).toEqual(['cross-stack-reference-input-starter']);
});

test('each module is one stack, and only those that are asked for', () => {
  expect(Object.keys(viewDeployment({ ...LOCAL, modules: { cluster: {} } }))).toEqual(['cluster']);
});

test('synth writes each stack, the starter’s zip beside it, and in which order to deploy', () => {
  const outdir = mkdtempSync(path.join(tmpdir(), 'overtime-app-'));
  try {
    buildApp(LOCAL, { outdir }).synth();
    const manifest = JSON.parse(readFileSync(path.join(outdir, 'manifest.json'), 'utf8')) as {
      stacks: Record<string, { dependencies: string[] }>;
    };

    expect(Object.entries(manifest.stacks).map(([name, { dependencies }]) => [name, [...dependencies].sort()])).toEqual(
      [
        ['cluster', []],
        ['runner', ['cluster']],
        ['starter', ['cluster', 'runner']],
      ],
    );
    expect(existsSync(path.join(outdir, 'stacks/starter/cdk.tf.json'))).toBe(true);
    expect(readFileSync(path.join(outdir, 'stacks/starter/starter.zip')).subarray(0, 4).toString('latin1')).toBe(
      'PK\x03\x04',
    );
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
});

describe('what every stack says to Terraform', () => {
  test.each(Object.entries(local))('%s, with its state in a file', (name, { document }) => {
    expect(document.terraform).toEqual({
      required_version: '>= 1.9',
      required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.100.0, < 7.0.0' } },
      backend: { local: { path: `/state/overtime.${name}.tfstate` } },
    });
    expect(document.provider).toEqual({
      aws: [{ region: 'us-east-1', default_tags: [{ tags: { Project: 'overtime' } }] }],
    });
  });

  test.each(Object.entries(s3))('%s, with its state in S3, locked there', (name, { document }) => {
    expect(document.terraform).toEqual({
      required_version: '>= 1.10',
      required_providers: { aws: { source: 'hashicorp/aws', version: '>= 5.100.0, < 7.0.0' } },
      backend: {
        s3: {
          bucket: 'my-terraform-state',
          region: 'eu-west-1',
          key: `team/overtime/${name}.tfstate`,
          encrypt: true,
          use_lockfile: true,
        },
      },
    });
  });

  test('state in S3 without a keyPrefix lies under the deployment’s name', () => {
    const backend = { kind: 's3', bucket: 'my-terraform-state', region: 'eu-west-1' } as const;
    const { cluster } = viewDeployment({ ...deployment, name: 'reports', backend });

    expect(cluster?.document.terraform?.['backend']).toMatchObject({ s3: { key: 'reports/cluster.tfstate' } });
  });

  test('state in files without a directory lies where the command runs', () => {
    const { cluster } = viewDeployment({ ...deployment, backend: { kind: 'local' } });

    expect(cluster?.document.terraform?.['backend']).toEqual({
      local: { path: path.join(process.cwd(), 'overtime.cluster.tfstate') },
    });
  });
});

describe('what one stack takes from another', () => {
  test('comes from its state in a file', () => {
    expect(local['runner']?.document.data?.['terraform_remote_state']).toEqual({
      'cross-stack-reference-input-cluster': {
        backend: 'local',
        workspace: '${terraform.workspace}',
        config: { path: '/state/overtime.cluster.tfstate' },
      },
    });
  });

  test('comes from its state in S3', () => {
    expect(s3['starter']?.document.data?.['terraform_remote_state']).toEqual(
      Object.fromEntries(
        ['cluster', 'runner'].map((name) => [
          `cross-stack-reference-input-${name}`,
          {
            backend: 's3',
            workspace: '${terraform.workspace}',
            config: {
              bucket: 'my-terraform-state',
              region: 'eu-west-1',
              key: `team/overtime/${name}.tfstate`,
              encrypt: true,
            },
          },
        ]),
      ),
    );
  });

  test('is an output of the other stack', () => {
    const { cluster, runner } = local;
    const logGroup = 'cross-stack-output-aws_cloudwatch_log_grouplogsname';
    const text = JSON.stringify(runner?.document.resource);

    expect(cluster?.outputs[logGroup]?.['value']).toBe('${aws_cloudwatch_log_group.logs.name}');
    expect(text).toContain(`data.terraform_remote_state.cross-stack-reference-input-cluster.outputs.${logGroup}`);
  });
});

describe('the network', () => {
  function environmentOf(starter: StackView | undefined): Readonly<Record<string, string>> {
    const environment = starter?.only('aws_lambda_function')['environment'] as Record<string, Record<string, string>>;
    return environment?.['variables'] ?? {};
  }

  test('is the default VPC with the subnets that AWS made in it, and tasks have a public address', () => {
    const { cluster } = local;
    const variables = environmentOf(local['starter']);

    expect(cluster?.at('data.aws_vpc.vpc')).toEqual({ default: true });
    expect(cluster?.at('data.aws_subnets.subnets')).toEqual({
      filter: [
        { name: 'vpc-id', values: ['${data.aws_vpc.vpc.id}'] },
        { name: 'default-for-az', values: ['true'] },
      ],
    });
    expect(cluster?.only('aws_security_group')['vpc_id']).toBe('${data.aws_vpc.vpc.id}');
    expect(variables['OVERTIME_SUBNETS']).toBe(
      '${join(",", sort(data.terraform_remote_state.cross-stack-reference-input-cluster.outputs.cross-stack-output-dataaws_subnetssubnetsids))}',
    );
    expect(variables['OVERTIME_ASSIGN_PUBLIC_IP']).toBe('${true ? "ENABLED" : "DISABLED"}');
  });

  test('is the one given, and nothing is looked up', () => {
    const { cluster, starter } = viewDeployment({ ...LOCAL, network: NETWORK });

    expect(cluster?.document.data).toBeUndefined();
    expect(cluster?.only('aws_security_group')['vpc_id']).toBe('vpc-0a');
    expect(environmentOf(starter)).toMatchObject({
      OVERTIME_SUBNETS: '${join(",", sort(["subnet-0a", "subnet-0b"]))}',
      OVERTIME_ASSIGN_PUBLIC_IP: '${false ? "ENABLED" : "DISABLED"}',
    });
  });
});

describe('the activities', () => {
  const queueGranules = { functionName: 'queue-granules', runtime: 'nodejs22.x' } as const;

  test("have the runner's images and program, and the cluster's log and instances", () => {
    const { activities } = viewDeployment({
      ...LOCAL,
      network: NETWORK,
      modules: {
        cluster: { ec2Capacity: { instanceType: 't3.large' } },
        runner: { runnerImages: 'repository' },
        activities: { activities: { QueueGranules: { ...queueGranules, capacity: 'EC2', concurrency: 2 } } },
      },
    });
    const of = (stack: string, output: string) =>
      `\${data.terraform_remote_state.cross-stack-reference-input-${stack}.outputs.cross-stack-output-${output}}`;

    expect(activities?.document.locals).toMatchObject({
      runner_images: 'repository',
      image_repository_url: of('runner', 'localimage_repository_urls').replace(/\$\{(.*)\}/, '${one($1)}'),
      ec2_capacity_provider: of('cluster', 'localec2_providers').replace(/\$\{(.*)\}/, '${join("", $1)}'),
    });
    expect(activities?.only('aws_ecs_service')['network_configuration']).toMatchObject({
      subnets: ['subnet-0a', 'subnet-0b'],
      security_groups: [of('cluster', 'aws_security_grouptasksid')],
    });
  });

  test('have instances in the subnets of the deployment', () => {
    const modules = { cluster: { ec2Capacity: { instanceType: 't3.large' } } };
    const { cluster } = viewDeployment({ ...LOCAL, network: NETWORK, modules });

    expect(cluster?.only('aws_autoscaling_group')['vpc_zone_identifier']).toEqual(['subnet-0a', 'subnet-0b']);
  });
});

describe('queue workers', () => {
  const render = { functionName: 'render', runtime: 'nodejs22.x' } as const;
  const { cluster, runner } = LOCAL.modules;
  const modules = { cluster: cluster ?? {}, runner: runner ?? {} };

  test('are each a stack, named by its key, and stand beside each other', () => {
    const stacks = viewDeployment({
      ...LOCAL,
      modules: { ...modules, 'queue-worker': { scenes: render, orders: { ...render, fifo: true } } },
    });

    expect(Object.keys(stacks)).toEqual(['cluster', 'runner', 'queue-worker-scenes', 'queue-worker-orders']);
    expect(
      ['scenes', 'orders'].map((key) => stacks[`queue-worker-${key}`]?.only('aws_dynamodb_table')['name']),
    ).toEqual(['overtime-scenes-jobs', 'overtime-orders-jobs']);
  });

  test('take what they need of the cluster and the runner alone', () => {
    const { 'queue-worker-scenes': scenes } = viewDeployment({
      ...LOCAL,
      network: NETWORK,
      modules: { ...modules, 'queue-worker': { scenes: { ...render, workers: 'service' } } },
    });

    expect(Object.keys(scenes?.document.data?.['terraform_remote_state'] ?? {}).sort()).toEqual([
      'cross-stack-reference-input-cluster',
      'cross-stack-reference-input-runner',
    ]);
    expect(scenes?.only('aws_ecs_service')['network_configuration']).toMatchObject({
      subnets: ['subnet-0a', 'subnet-0b'],
    });
  });
});

test('the starter may look up the functions that the runner may fetch', () => {
  const functionArns = ['arn:aws:lambda:us-east-1:111122223333:function:report-*'];
  const { runner, starter } = viewDeployment({ ...LOCAL, modules: { ...LOCAL.modules, runner: { functionArns } } });

  for (const policy of [
    runner?.json('aws_iam_policy.runner', 'policy'),
    starter?.json('aws_iam_role_policy.policy', 'policy'),
  ]) {
    expect(JSON.stringify(policy)).toContain(
      JSON.stringify(`\${concat(${JSON.stringify(functionArns)}, `).slice(1, -1),
    );
  }
});

test('fails on a deployment that was changed after it was checked', () => {
  expect(() => buildApp({ ...LOCAL, region: 'Frankfurt' })).toThrow(
    'The deployment is wrong:\n  region is "Frankfurt": give a region of AWS, such as eu-west-1.',
  );
});
