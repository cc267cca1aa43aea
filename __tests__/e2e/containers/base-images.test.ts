import { chmodSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CloudWatchLogsClient, GetLogEventsCommand, ResourceNotFoundException } from '@aws-sdk/client-cloudwatch-logs';
import { ListTasksCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { PublishLayerVersionCommand } from '@aws-sdk/client-lambda';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { RuntimeSupervisor } from '../../../handlers/runner/sidecar/runtime-supervisor';
import type { StatusAnswer } from '../../../handlers/starter/status';
import { clientSettings } from '../../../local/clients';
import { followRun } from '../../../local/follow-run';
import { invokeOrThrow } from '../../../local/invoke';
import { type LocalOvertime, startLocalOvertime, textOutput } from '../../../local/local-overtime';
import { runCommand } from '../../../local/run-command';
import { putSampleFunction } from '../../../local/sample-function';
import { requireEngine } from '../../support/container-engine';
import { eventually } from '../../support/eventually';
import { functionPackage, textPackage } from '../../support/function-package';
import { buildFunctionImage, buildNodeStandIn, buildPythonStandIn, type Engine } from '../../support/stand-in-images';

/** Stands before the names of AWS's base images, so that no image of AWS's on this machine is hidden. */
const PREFIX = 'overtime-stand-in.invalid/lambda';

/** On a machine that has yet to fetch Python's client and Terraform's provider. */
const SETUP_MILLISECONDS = 600_000;
const RUN_MILLISECONDS = 180_000;

const SUPERVISE = path.resolve(__dirname, '../../../handlers/runner/sidecar/supervise-runtimes.sh');

/** Everything that a shell could take for its own. */
const TITLE = `a 'quoted' "title" with $HOME, \`ls\`, \\ and\na second line`;

jest.setTimeout(RUN_MILLISECONDS * 3);

describe('tasks of two containers, on images that Overtime did not build', () => {
  let engine: Engine;
  let overtime: LocalOvertime;
  let functions: Readonly<Record<string, string>>;
  let functionImage: string;
  let pythonImage: string;

  beforeAll(async () => {
    engine = await requireEngine();
    await buildNodeStandIn(`${PREFIX}/nodejs:22`, engine);
    const pythonVersion = await buildPythonStandIn((version) => `${PREFIX}/python:${version}`, engine);
    pythonImage = `${PREFIX}/python:${pythonVersion}`;
    overtime = await startLocalOvertime({
      backend: 'containers',
      onProgress: () => undefined,
      activities: { activities: { cases: { functionName: 'on-node', runtime: 'nodejs22.x', concurrency: 2 } } },
      runnerProps: async (aws, clients) => {
        functionImage = `${aws.accountId}.dkr.ecr.${aws.region}.amazonaws.com/cases:1`;
        await buildFunctionImage(functionImage, engine);
        const Environment = { Variables: { TITLE } };
        const zip = { Code: { ZipFile: functionPackage('container-cases') }, Environment };
        const recorder = readFileSync(path.join(__dirname, '../../support/extensions/recorder'), 'utf8');
        const { LayerVersionArn: layer = '' } = await clients.lambda.send(
          new PublishLayerVersionCommand({
            LayerName: 'recorder',
            Content: { ZipFile: textPackage({ 'extensions/recorder': recorder }, 0o100755) },
          }),
        );
        const put = (functionName: string, request: object) => putSampleFunction(clients, { functionName, request });
        const [node, python, image] = await Promise.all([
          put('on-node', { ...zip, Handler: 'index.handler', Layers: [layer] }),
          put('on-python', { ...zip, Runtime: `python${pythonVersion}`, Handler: 'app.handler' }),
          put('in-an-image', {
            PackageType: 'Image',
            Code: { ImageUri: functionImage },
            Runtime: undefined,
            Handler: undefined,
            Environment,
          }),
        ]);
        functions = { 'Node.js': node, Python: python, 'a container image': image };
        return {
          runnerImages: 'public',
          baseImagePrefix: PREFIX,
          runtimes: {
            node: { runtime: 'nodejs22.x', architecture: 'x86_64' },
            python: { runtime: `python${pythonVersion}`, architecture: 'x86_64' },
          },
          containerFunctions: { cases: { functionName: 'in-an-image', command: ['index.handler'] } },
        };
      },
    });
  }, SETUP_MILLISECONDS);

  afterAll(async () => {
    await overtime?.stop();
    await docker('image', 'rm', functionImage);
  }, SETUP_MILLISECONDS);

  const docker = (...words: readonly string[]) => runCommand('docker', words, { env: engine.environment });

  const start = async (request: object) =>
    (await invokeOrThrow(overtime.clients.lambda, overtime.starter, request)) as { runId: string; taskArns: string[] };

  const follow = (runId: string): Promise<StatusAnswer> =>
    followRun(overtime.clients.lambda, overtime.starter, runId, { withinMilliseconds: RUN_MILLISECONDS });

  const run = async (request: object) => follow((await start(request)).runId);

  /** What a container of the task wrote; nothing where it has not begun to. */
  const logLines = async (container: string, taskArn: string | undefined): Promise<readonly string[]> => {
    const logGroupName = textOutput(overtime.stacks, 'cluster', 'log_group_name');
    const logStreamName = `${container}/${container}/${taskArn?.split('/').at(-1)}`;
    const logs = new CloudWatchLogsClient(clientSettings(overtime.aws.adminEnvironment));
    try {
      const { events } = await logs.send(new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true }));
      return (events ?? []).flatMap(({ message }) => message ?? []);
    } catch (error) {
      if (error instanceof ResourceNotFoundException) {
        return [];
      }
      throw error;
    }
  };

  test('a plan right after the deploy has no change', async () => {
    expect(await overtime.planChanges()).toEqual({});
  });

  test('an external extension runs beside its runtime, in the same container, and hears of the run and of the end', async () => {
    const { runId, taskArns } = await start({ arn: functions['Node.js'], input: { case: 'answers', event: {} } });
    const ended = await follow(runId);

    expect(ended.status).toBe('SUCCEEDED');
    const heard = await eventually('the end of the extension', async () => {
      const lines = await logLines('runtime', taskArns[0]);
      return lines.some((line) => line.includes('SHUTDOWN')) ? lines : undefined;
    });
    const told = heard.filter((line) => line.startsWith('recorder {"event"'));
    expect(told.map((line) => JSON.parse(line.slice('recorder '.length)).event)).toMatchObject([
      { eventType: 'INVOKE', requestId: runId },
      { eventType: 'SHUTDOWN', shutdownReason: 'spindown' },
    ]);
    expect((await logLines('runner', taskArns[0])).join('\n')).not.toContain('recorder {');
  });

  test('in its container a runtime is replaced, beside another, and leaves no process, however it hid it', async () => {
    const control = mkdtempSync(path.join(tmpdir(), 'overtime-control-'));
    // As a volume of a task's: for everybody to look into, and root's.
    chmodSync(control, 0o755);
    const script = readFileSync(SUPERVISE, 'utf8');
    const volume = ['--volume', `${control}:/overtime`];
    const of = ['--detach', '--init', '--user', '1000:1000', '--network', 'none', '--entrypoint', '/bin/sh'];
    const words = ['run', ...of, ...volume, pythonImage, '-c', script, 'supervise-runtimes', '/overtime'];
    const container = (await docker(...words)).stdout.trim();
    try {
      const supervisor = await RuntimeSupervisor.open(control);
      const launch = (address: string, text: string) =>
        supervisor.start(address, {
          command: { file: '/bin/sh', args: ['-c', text] },
          environment: { AWS_LAMBDA_RUNTIME_API: address },
          folder: '/tmp',
        });
      const sleepers = async () => {
        const { stdout } = await docker('top', container, '-o', 'pid,args');
        return stdout
          .split('\n')
          .flatMap((line) => /^\d+ +\/usr\/bin\/(sleep \d+)$/.exec(line.trim())?.[1] ?? [])
          .sort();
      };
      const hides = '(env -i /usr/bin/sleep 101 & /usr/bin/sleep 102 &); exec /usr/bin/sleep 103';

      const crashes = launch('127.0.0.1:1', 'exit 3');
      expect(await crashes.exited).toMatchObject({ code: 3 });
      crashes.kill();
      const one = launch('127.0.0.1:1', hides);
      await eventually('three processes', async () => ((await sleepers()).length === 3 ? true : undefined));
      one.kill();
      await one.closed;
      expect(await sleepers()).toEqual([]);
      const [two, three] = [launch('127.0.0.1:2', hides), launch('127.0.0.1:3', 'exec /usr/bin/sleep 203')];
      await eventually('four processes', async () => ((await sleepers()).length === 4 ? true : undefined));
      two.kill();
      await two.closed;
      expect(await sleepers()).toEqual(['sleep 101', 'sleep 203']);
      three.kill();
      await three.closed;
      expect(await sleepers()).toEqual([]);
    } finally {
      await docker('rm', '--force', container);
      await rm(control, { recursive: true, force: true });
    }
  });

  test('a worker of an activity does two tasks side by side, and replaces the runtime of one that crashes', async () => {
    const { clients, aws, stacks } = overtime;
    const cluster = textOutput(stacks, 'cluster', 'cluster_name');
    const outputs = stacks.find(({ name }) => name === 'activities')?.outputs as {
      activity_arns: { cases: string };
      service_names: { cases: string };
    };
    const states = new SFNClient(clientSettings(aws.adminEnvironment));
    const trust = { Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const { Role } = await new IAMClient(clientSettings(aws.adminEnvironment)).send(
      new CreateRoleCommand({
        RoleName: 'cases',
        AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
      }),
    );
    const work = { Type: 'Task', Resource: outputs.activity_arns.cases, HeartbeatSeconds: 90, End: true };
    const { stateMachineArn } = await states.send(
      new CreateStateMachineCommand({
        name: 'cases',
        roleArn: Role?.Arn,
        definition: JSON.stringify({ StartAt: 'Work', States: { Work: work } }),
      }),
    );
    const ask = async (event: object) => {
      const { executionArn } = await states.send(
        new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(event) }),
      );
      return eventually(
        'the end of the execution',
        async () => {
          const execution = await states.send(new DescribeExecutionCommand({ executionArn }));
          return execution.status === 'RUNNING' ? undefined : execution;
        },
        RUN_MILLISECONDS,
      );
    };
    const workers = async () => {
      const serviceName = outputs.service_names.cases;
      return (await clients.ecs.send(new ListTasksCommand({ cluster, serviceName }))).taskArns ?? [];
    };

    const first = await ask({ case: 'answers', event: 1 });
    const before = await workers();
    const [long, crashed] = await Promise.all([
      ask({ case: 'sleeps', milliseconds: 15_000 }),
      ask({ case: 'crashes' }),
    ]);
    const after = await Promise.all([ask({ case: 'answers', event: 2 }), ask({ case: 'answers', event: 3 })]);

    expect([first, long, crashed, ...after].map(({ status }) => status)).toEqual([
      'SUCCEEDED',
      'SUCCEEDED',
      'FAILED',
      'SUCCEEDED',
      'SUCCEEDED',
    ]);
    expect([crashed.error, long.output]).toEqual(['Runtime.ExitError', '"rested"']);
    expect(Number(crashed.stopDate)).toBeLessThan(Number(long.stopDate));
    expect(after.map(({ output }) => JSON.parse(output ?? '{}'))).toMatchObject([
      { event: 2, title: TITLE },
      { event: 3, title: TITLE },
    ]);
    expect(before).toHaveLength(1);
    expect(await workers()).toEqual(before);
  });

  describe.each(['Node.js', 'Python', 'a container image'])('a function in %s', (name) => {
    const arn = () => functions[name];

    test('answers, with its environment to the letter, and what it prints is in the log of its own container', async () => {
      const { runId, taskArns } = await start({ arn: arn(), input: { case: 'answers', event: { text: 'grüße' } } });
      const ended = await follow(runId);

      expect([ended.status, ended.exitCode, ended.output]).toEqual([
        'SUCCEEDED',
        0,
        { event: { text: 'grüße' }, requestId: runId, title: TITLE },
      ]);
      const lines = await eventually('the line of the function', async () => {
        const found = await logLines('runtime', taskArns[0]);
        return found.some((line) => line.includes('a line of the function')) ? found : undefined;
      });
      expect(lines.join('\n')).not.toContain('quoted');
    });

    test('fails, crashes and times out as in a task of one container', async () => {
      const [failed, crashed, late] = await Promise.all([
        run({ arn: arn(), input: { case: 'fails' } }),
        run({ arn: arn(), input: { case: 'crashes' } }),
        run({ arn: arn(), input: { case: 'hangs' }, timeoutSeconds: 2 }),
      ]);

      expect([failed, crashed, late].map(({ status, exitCode }) => [status, exitCode])).toEqual([
        ['FAILED', 70],
        ['FAILED', 71],
        ['TIMED_OUT', 124],
      ]);
      expect(failed.error).toMatchObject({ errorMessage: 'grüße, 世界' });
      expect(crashed.error).toEqual({
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${crashed.runId} Error: Runtime exited with error: exit status 3`,
      });
      expect(late.error).toEqual({
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${late.runId} Error: Task timed out after 2.00 seconds`,
      });
    });

    test('has the stop timeout to end in when its task is stopped', async () => {
      const { runId, taskArns } = await start({ arn: arn(), input: { case: 'sleeps', milliseconds: 4_000 } });
      await eventually('the first line of the handler', async () =>
        (await logLines('runtime', taskArns[0])).find((line) => line.includes('asleep')),
      );
      const cluster = textOutput(overtime.stacks, 'cluster', 'cluster_name');
      await overtime.clients.ecs.send(new StopTaskCommand({ cluster, task: taskArns[0] }));
      const ended = await follow(runId);

      expect([ended.status, ended.output]).toEqual(['SUCCEEDED', 'rested']);
    });
  });
});
