import { defineDeployment } from '../../stacks/define-deployment';
import type { DeploymentSettings } from '../../stacks/deployment';
import { InvalidProps } from '../../stacks/parts/checks';

const RIGHT = {
  region: 'eu-west-1',
  backend: { kind: 'local' },
  network: 'default-vpc',
  modules: { cluster: {}, runner: {}, starter: {} },
} as const satisfies DeploymentSettings;

/** tsx does not check types, so deployment.ts may say anything. */
function messageOf(settings: unknown): string {
  try {
    defineDeployment(settings as DeploymentSettings);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

test('the name is overtime where none is given', () => {
  expect(defineDeployment(RIGHT)).toEqual({ ...RIGHT, name: 'overtime' });
  expect(defineDeployment({ ...RIGHT, name: 'reports' }).name).toBe('reports');
});

const ALL = { cluster: {}, runner: {}, starter: {} };

test('fails once, naming every wrong field with its value and what is allowed', () => {
  const settings = {
    name: 'My Overtime',
    region: 'Frankfurt',
    backend: { kind: 's3', bucket: 'B', regoin: 'eu-west-1' },
    network: { vpcId: 'x', subnetIds: [], assignPublicIp: 'yes' },
    modules: {
      cluster: { logRetentionDays: 31, insights: true },
      runner: { payloadRetentionDays: '7', runtimes: { node: { runtime: 'node22', architecture: 'arm64' } } },
      starter: { runTimeoutSeconds: 0 },
      timer: {},
    },
    tags: { team: 5 },
    bucket: 'x',
  };

  expect(messageOf(settings).split('\n')).toEqual([
    'deployment.ts is wrong:',
    '  bucket is "x": give it another name, as there is no such field, only name, region, backend, network, modules, tags.',
    '  tags is {"team":5}: give an object whose values are texts, or leave it out.',
    '  name is "My Overtime": give 2 to 27 lower-case letters, digits and single hyphens, a letter first, such as overtime.',
    '  region is "Frankfurt": give a region of AWS, such as eu-west-1.',
    '  backend.regoin is "eu-west-1": give it another name, as there is no such field, only kind, bucket, region, keyPrefix, kmsKeyId, profile.',
    '  backend.region is missing: give a text.',
    '  backend.bucket is "B": give the name of an S3 bucket that exists.',
    '  network.assignPublicIp is "yes": give true or false.',
    '  network.vpcId is "x": give the id of a VPC, such as vpc-0123456789abcdef0.',
    '  network.subnetIds is []: give 1 to 16, each the id of a subnet, such as subnet-0123456789abcdef0.',
    '  modules.timer is {}: give it another name, as there is no such field, only cluster, runner, starter, scheduler, activities, queue-worker, database-trigger.',
    '  modules.cluster.insights is true: give it another name, as there is no such field, only containerInsights, defaultCapacity, ec2Capacity, logRetentionDays.',
    expect.stringMatching(/^ {2}modules\.cluster\.logRetentionDays is 31: give one of 1, 3, 5, .*, 3653\.$/),
    '  modules.runner.payloadRetentionDays is "7": give a number, or leave it out.',
    expect.stringMatching(/^ {2}modules\.runner\.runtimes\.node\.runtime is "node22": give one of nodejs16\.x, .*\.$/),
    '  modules.starter.runTimeoutSeconds is 0: give a whole number from 1 to 1209600.',
  ]);
});

test('workers may run on instances where the cluster has some', () => {
  const onInstances = { functionName: 'render', runtime: 'nodejs22.x', capacity: 'EC2' } as const;
  const modules = {
    ...ALL,
    cluster: { ec2Capacity: { instanceType: 'c7i.large' } },
    activities: { activities: { Render: onInstances } },
    'queue-worker': { scenes: onInstances },
  };

  expect(defineDeployment({ ...RIGHT, modules }).modules).toEqual(modules);
});

test('fails with an error of its own, which has a code', () => {
  expect(() => defineDeployment({ ...RIGHT, name: 'X' })).toThrow(InvalidProps);
  expect(new InvalidProps('A', [])).toMatchObject({ code: 'INVALID_PROPS', name: 'INVALID_PROPS' });
});

test.each<[string, object, string]>([
  ['no region', { region: undefined }, 'region is missing: give a text.'],
  ['an empty region', { region: '' }, 'region is "": give a text.'],
  ['a backend of another kind', { backend: { kind: 'gcs' } }, 'backend.kind is "gcs": give one of local, s3.'],
  ['a backend without a kind', { backend: {} }, 'backend.kind is missing: give one of local, s3.'],
  [
    'a backend in files with the fields of one in S3',
    { backend: { kind: 'local', bucket: 'state' } },
    'backend.bucket is "state": give it another name, as there is no such field, only kind, directory.',
  ],
  [
    'a network of another name',
    { network: 'vpc' },
    'network is "vpc": give \'default-vpc\' or { vpcId, subnetIds, assignPublicIp }.',
  ],
  [
    'a runtime with a field of the wrong kind',
    {
      modules: {
        cluster: {},
        runner: { runtimes: { node: { runtime: 'nodejs22.x', architecture: 'arm64', cpu: '256' } } },
      },
    },
    'modules.runner.runtimes.node.cpu is "256": give a number, or leave it out.',
  ],
  [
    'an activity with a field of the wrong kind, and a part of another',
    {
      modules: {
        cluster: {},
        runner: {},
        activities: {
          activities: { a: { functionName: 'a', runtime: 'nodejs22.x', count: '2', imageConfig: { cmd: 1 } } },
        },
      },
    },
    'modules.activities.activities.a.imageConfig is {"cmd":1}: give an object of { entryPoint, command, workingDirectory }, each of which may be left out, or leave it out.\n' +
      '  modules.activities.activities.a.count is "2": give a number, or leave it out.',
  ],
  [
    'an activity on instances that the cluster has not',
    {
      modules: {
        cluster: {},
        runner: {},
        activities: { activities: { a: { functionName: 'a', runtime: 'nodejs22.x', capacity: 'EC2' } } },
      },
    },
    'modules.activities.activities.a.capacity is "EC2": give the capacity EC2 only in a cluster that has instances',
  ],
  [
    'two tasks at once for the one runtime of an image',
    {
      modules: {
        cluster: {},
        runner: {},
        activities: { activities: { a: { functionName: 'a', packageType: 'Image', concurrency: 2 } } },
      },
    },
    'modules.activities.activities.a.concurrency is 2: give a concurrency of 1',
  ],
  [
    'a queue worker with fields of the wrong kind, and without a function',
    { modules: { cluster: {}, runner: {}, 'queue-worker': { scenes: { command: 'render' }, orders: {} } } },
    'modules.queue-worker.scenes.command is "render": give a list of texts, or leave it out.\n' +
      '  modules.queue-worker.orders.functionName is missing: give a function, or the image',
  ],
  [
    'a queue worker on instances that the cluster has not',
    {
      modules: {
        cluster: {},
        runner: {},
        'queue-worker': { scenes: { functionName: 'render', runtime: 'nodejs22.x', capacity: 'EC2' } },
      },
    },
    'modules.queue-worker.scenes.capacity is "EC2": give the capacity EC2 only in a cluster that has instances',
  ],
  [
    'a queue worker whose name gets too long',
    {
      modules: {
        cluster: {},
        runner: {},
        'queue-worker': { 'scenes-of-the-whole-film': { functionName: 'render', runtime: 'nodejs22.x' } },
      },
    },
    'modules.queue-worker.scenes-of-the-whole-film.name is "overtime-scenes-of-the-whole-film": give 2 to 27',
  ],
  [
    'a queue worker whose key is no part of a name',
    {
      modules: {
        cluster: {},
        runner: {},
        'queue-worker': { My_Scenes: { functionName: 'render', runtime: 'nodejs22.x' } },
      },
    },
    'key of modules.queue-worker is "My_Scenes": give lower-case letters',
  ],
  [
    'a queue worker without what it builds on',
    { modules: { cluster: {}, 'queue-worker': { scenes: { functionName: 'render', runtime: 'nodejs22.x' } } } },
    'modules.runner is missing: give it, {} at least, as the queue-worker builds on it.',
  ],
  [
    'instances without a type',
    { modules: { cluster: { ec2Capacity: { desired: 1 } } } },
    'modules.cluster.ec2Capacity is {"desired":1}: give an object of { instanceType,',
  ],
  [
    'a module without one that it builds on',
    { modules: { starter: {} } },
    'modules.cluster is missing: give it, {} at least, as the starter builds on it.',
  ],
  [
    'a schedule with a field of the wrong kind',
    { modules: { ...ALL, scheduler: { schedules: { nightly: { rate: '1 day', request: 'report' } } } } },
    'modules.scheduler.schedules.nightly.request is "report": give an object, or leave it out.',
  ],
  [
    'a schedule with a field of the table of schedules',
    { modules: { ...ALL, scheduler: { schedules: { nightly: { cron_time: '@daily', definitionArn: 'jobs' } } } } },
    'modules.scheduler.schedules.nightly.cron_time is "@daily": give it another name, as there is no such field, only cronTime, ',
  ],
  [
    'what EventBridge Scheduler cannot do',
    {
      modules: {
        ...ALL,
        scheduler: {
          engine: 'eventbridge',
          schedules: { nightly: { cronTime: '0 3 13 * 5', overlap: 'skip', definitionArn: 'jobs' } },
        },
      },
    },
    [
      '  modules.scheduler.schedules.nightly.overlap is "skip": give allow, as EventBridge Scheduler starts each run whatever became of the one before.',
      '  modules.scheduler.schedules.nightly.cronTime is "0 3 13 * 5": give an expression that EventBridge Scheduler has too: it takes a day of the month or a day of the week, not both: make two schedules of it.',
    ].join('\n'),
  ],
  [
    'settings of the service for EventBridge Scheduler',
    { modules: { ...ALL, scheduler: { engine: 'eventbridge', schedulerCount: 3 } } },
    'modules.scheduler.schedulerCount is 3: give it another name, as there is no such field, only engine, schedules, alarmActions.',
  ],
  [
    'a scheduler without what it builds on',
    { modules: { cluster: {}, runner: {}, scheduler: {} } },
    'modules.starter is missing: give it, {} at least, as the scheduler builds on it.',
  ],
])('fails on %s', (_, change, message) => {
  expect(messageOf({ ...RIGHT, ...change })).toContain(message);
});
