import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import {
  CreateServiceCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  ListTasksCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { freePort } from '../../local/engine-discovery';
import { backendUnderTest } from '../support/backend-under-test';
import { eventually } from '../support/eventually';
import { containersOf, processesThatMention } from '../support/leftovers';
import { CLUSTER, type LocalAccount } from '../support/local-account';
import { type ProbeAccount, startProbeAccount } from '../support/probe-account';
import { PROBE_IMAGE } from '../support/probe-image';

const backend = backendUnderTest();

jest.setTimeout(600_000);

const ABANDONED = path.resolve(__dirname, '../support/abandoned-local-aws.ts');

const TASKS = { Service: 'ecs-tasks.amazonaws.com' };

describe(`the local AWS, tasks as ${backend}`, () => {
  let probe: ProbeAccount;
  let account: LocalAccount;

  beforeAll(async () => {
    probe = await startProbeAccount();
    account = probe.account;
  }, 600_000);

  afterAll(() => probe?.stop());

  describe('a task', () => {
    test('ends with the exit code of its program', async () => {
      const { task } = await account.runToEnd('probe', ['say', 'hello', '42']);

      expect(task).toMatchObject({
        desiredStatus: 'STOPPED',
        stopCode: 'EssentialContainerExited',
        stoppedReason: 'Essential container in task exited',
        containers: [{ name: 'probe', lastStatus: 'STOPPED', exitCode: 42 }],
      });
    });

    test('has its lines in CloudWatch Logs, from both streams', async () => {
      const { lines } = await account.runToEnd('probe', ['say', 'grüß dich']);

      expect([...lines].sort()).toEqual(['error stream: grüß dich', 'grüß dich']);
    });

    test('acts as its task role, in a session named after it', async () => {
      const taskRoleArn = await account.role('probe-task', TASKS);
      await account.taskDefinition('with-role', { taskRoleArn });

      const { task, lines } = await account.runToEnd('with-role', ['whoami']);

      const taskId = String(task.taskArn).split('/').at(-1);
      expect(lines).toEqual([`arn:aws:sts::${account.aws.accountId}:assumed-role/probe-task/${taskId}`]);
    });

    test("acts as the request's role where it names one", async () => {
      const taskRoleArn = await account.role('of-the-request', TASKS);

      const { lines } = await account.runToEnd('with-role', undefined, {
        overrides: { taskRoleArn, containerOverrides: [{ name: 'probe', command: ['whoami'] }] },
      });

      expect(lines[0]).toContain(':assumed-role/of-the-request/');
    });

    test('has the environment of its image and its definition, and no credentials where it has no role', async () => {
      await account.taskDefinition('with-environment', {
        containers: [{ command: ['environment'], environment: [{ name: 'FROM_DEFINITION', value: '1' }] }],
      });

      const { lines } = await account.runToEnd('with-environment');

      const names = JSON.parse(String(lines[0])) as string[];
      expect(names).toEqual(expect.arrayContaining(['AWS_ENDPOINT_URL', 'FROM_DEFINITION', 'PROBE_IMAGE_SAYS']));
      expect(names.filter((name) => /CREDENTIALS|ACCESS_KEY|TOKEN/.test(name))).toEqual([]);
    });

    test('whose image cannot be had stops as CannotPullContainerError', async () => {
      await account.taskDefinition('no-image', { containers: [{ image: 'registry.invalid/nothing:1' }] });

      const { stopCode, stoppedReason, containers } = await account.stopped(await account.run('no-image'));

      expect([stopCode, containers?.[0]?.exitCode]).toEqual(['TaskFailedToStart', undefined]);
      expect(stoppedReason).toMatch(/^CannotPullContainerError: /);
    });

    test.each([
      [
        'may not write to its log group',
        [],
        'AccessDeniedException: .* is not authorized to perform: logs:CreateLogStream',
      ],
      [
        'may create a stream and no more',
        [{ Action: 'logs:CreateLogStream', Resource: '*' }],
        'AccessDeniedException: .* is not authorized to perform: logs:PutLogEvents',
      ],
    ])('whose execution role %s does not start', async (title, statements, problem) => {
      const family = title.replaceAll(' ', '-');
      const executionRoleArn = await account.role(family, TASKS, statements);
      await account.taskDefinition(family, { executionRoleArn });

      const { stopCode, stoppedReason } = await account.stopped(await account.run(family, ['say']));

      expect(stopCode).toBe('TaskFailedToStart');
      expect(stoppedReason).toMatch(
        new RegExp(`^ResourceInitializationError: failed to validate logger args: ${problem}`),
      );
    });

    test('has containers that reach each other on loopback', async () => {
      const port = String(await freePort('127.0.0.1'));
      await account.taskDefinition('two', {
        containers: [
          { name: 'server', command: ['serve', port], stopTimeout: 2 },
          { name: 'probe', command: ['ask', port] },
        ],
      });

      const { task, lines } = await account.runToEnd('two');

      expect(lines).toEqual(['served on loopback']);
      expect(task.containers?.map(({ name, lastStatus }) => [name, lastStatus])).toEqual([
        ['server', 'STOPPED'],
        ['probe', 'STOPPED'],
      ]);
    });

    test('has the size that the request gives it', async () => {
      const { task } = await account.runToEnd('probe', undefined, {
        overrides: { cpu: '512', memory: '1024', containerOverrides: [{ name: 'probe', command: ['say'] }] },
      });

      expect([task.cpu, task.memory]).toEqual(['512', '1024']);
    });

    test('that StopTask stops gets SIGTERM and ends with its own exit code', async () => {
      const taskArn = await account.run('probe', ['drain']);
      await account.linesContain('probe', taskArn, 'ready');

      await account.stop(taskArn);
      const asked = await account.task(taskArn);
      const task = await account.stopped(taskArn);

      expect(asked.desiredStatus).toBe('STOPPED');
      expect([task.stopCode, task.stoppedReason]).toEqual(['UserInitiated', 'test']);
      expect(task.containers?.[0]?.exitCode).toBe(7);
      expect(await account.lines('probe', task)).toEqual(['ready', 'told to end']);
    });

    test('that does not end is killed after its stopTimeout', async () => {
      await account.taskDefinition('stubborn', { containers: [{ command: ['stubborn'], stopTimeout: 2 }] });
      const taskArn = await account.run('stubborn');
      await account.linesContain('stubborn', taskArn, 'ready');

      const began = performance.now();
      await account.stop(taskArn);
      const task = await account.stopped(taskArn);

      expect(task.containers?.[0]?.exitCode).toBe(137);
      expect(performance.now() - began).toBeGreaterThanOrEqual(2_000);
    });
  });

  // A process of this machine has no memory limit of its own: there is nothing to test.
  if (backend === 'containers') {
    test('a container that takes more memory than it may is killed, and says so', async () => {
      await account.taskDefinition('hog', { containers: [{ command: ['hog'], memory: 128 }] });

      const { containers } = await account.stopped(await account.run('hog'));

      expect(containers?.[0]).toMatchObject({
        exitCode: 137,
        reason: 'OutOfMemoryError: Container killed due to memory usage',
      });
    });
  }

  test('each change of a task is an event on the default bus', async () => {
    const sqs = new SQSClient(account.configuration);
    const events = new EventBridgeClient(account.configuration);
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({
        QueueName: 'task-events',
        Attributes: {
          Policy: JSON.stringify({
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Principal: { Service: 'events.amazonaws.com' },
                Action: 'sqs:SendMessage',
                Resource: '*',
              },
            ],
          }),
        },
      }),
    );
    await events.send(
      new PutRuleCommand({
        Name: 'task-events',
        EventPattern: JSON.stringify({ source: ['aws.ecs'], 'detail-type': ['ECS Task State Change'] }),
      }),
    );
    await events.send(
      new PutTargetsCommand({
        Rule: 'task-events',
        Targets: [{ Id: 'queue', Arn: account.arn('sqs', 'task-events') }],
      }),
    );

    const taskArn = await account.run('probe', ['say', 'x', '3'], { startedBy: 'a test' });
    const received: { detail: Record<string, unknown> }[] = [];
    await eventually('the STOPPED event', async () => {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      for (const { Body, ReceiptHandle } of Messages) {
        received.push(JSON.parse(String(Body)));
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
      return received.some(({ detail }) => detail['lastStatus'] === 'STOPPED') ? true : undefined;
    });

    const details = received
      .map(({ detail }) => detail)
      .sort((one, other) => Number(one['version']) - Number(other['version']));
    expect(details.map((detail) => [detail['version'], detail['lastStatus'], detail['desiredStatus']])).toEqual([
      [1, 'PROVISIONING', 'RUNNING'],
      [2, 'PENDING', 'RUNNING'],
      [3, 'RUNNING', 'RUNNING'],
      [4, 'RUNNING', 'STOPPED'],
      [5, 'DEPROVISIONING', 'STOPPED'],
      [6, 'STOPPED', 'STOPPED'],
    ]);
    expect(received[0]).toMatchObject({
      source: 'aws.ecs',
      'detail-type': 'ECS Task State Change',
      resources: [taskArn],
    });
    expect(details.at(-1)).toMatchObject({
      taskArn,
      clusterArn: account.arn('ecs', `cluster/${CLUSTER}`),
      taskDefinitionArn: account.arn('ecs', 'task-definition/probe:1'),
      group: 'family:probe',
      startedBy: 'a test',
      launchType: 'FARGATE',
      cpu: '256',
      memory: '512',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ name: 'probe', image: PROBE_IMAGE, lastStatus: 'STOPPED', exitCode: 3, taskArn }],
      overrides: { containerOverrides: [{ name: 'probe', command: ['say', 'x', '3'] }] },
      stoppedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
  });

  test('a service keeps its tasks, and stops them in their own way', async () => {
    await account.taskDefinition('served', { containers: [{ command: ['drain'] }] });
    const service = { cluster: CLUSTER, service: 'served' };
    await account.ecs.send(
      new CreateServiceCommand({
        cluster: CLUSTER,
        serviceName: 'served',
        taskDefinition: 'served',
        desiredCount: 1,
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      }),
    );
    const { taskArns } = await account.ecs.send(new ListTasksCommand({ cluster: CLUSTER, serviceName: 'served' }));
    const taskArn = String(taskArns?.[0]);
    await account.linesContain('served', taskArn, 'ready');

    await account.ecs.send(new UpdateServiceCommand({ ...service, desiredCount: 0 }));
    const task = await account.stopped(taskArn);
    const { services } = await account.ecs.send(
      new DescribeServicesCommand({ cluster: CLUSTER, services: ['served'] }),
    );

    expect([task.stopCode, task.containers?.[0]?.exitCode]).toEqual(['ServiceSchedulerInitiated', 7]);
    expect(services?.map(({ desiredCount, runningCount }) => [desiredCount, runningCount])).toEqual([[0, 0]]);
  });

  test('all of it ends when the program that started it is killed', async () => {
    const program = spawn(process.execPath, ['--import', 'tsx', ABANDONED, backend, probe.bundle], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface({ input: program.stdout }), 'line');
    const { workDirectory, taskArn } = JSON.parse(String(line)) as { workDirectory: string; taskArn: string };
    const before = await processesThatMention(workDirectory);

    program.kill('SIGKILL');

    expect(before.length).toBeGreaterThan(0);
    await eventually('the end of all processes', async () =>
      (await processesThatMention(workDirectory)).length === 0 ? true : undefined,
    );
    expect(await containersOf(taskArn, account.aws.dockerHost)).toEqual([]);
    expect(existsSync(workDirectory)).toBe(false);
  });

  test('a second copy has its own account, and leaves nothing behind when it is stopped', async () => {
    const second = await probe.startAnother();
    const taskArn = await second.run('probe', ['drain']);
    await second.linesContain('probe', taskArn, 'ready');

    const { failures } = await account.ecs.send(new DescribeTasksCommand({ cluster: CLUSTER, tasks: [taskArn] }));
    await second.aws.stop();

    expect(failures).toEqual([{ arn: taskArn, reason: 'MISSING' }]);
    expect(await processesThatMention(second.aws.workDirectory)).toEqual([]);
    expect(await containersOf(taskArn, second.aws.dockerHost)).toEqual([]);
    expect(existsSync(second.aws.workDirectory)).toBe(false);
    await expect(fetch(second.aws.endpoint)).rejects.toThrow('fetch failed');
  });
});
