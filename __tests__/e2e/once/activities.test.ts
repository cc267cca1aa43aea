import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListActivitiesCommand,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { clientSettings, localClients } from '../../../local/clients';
import { type LocalAws, startLocalAws } from '../../../local/local-aws';
import { provideRunnerImages } from '../../../local/runner-images';
import { putSampleFunction } from '../../../local/sample-function';
import {
  type TerraformOptions,
  terraformApply,
  terraformDestroy,
  terraformInit,
  terraformOutputs,
  terraformPlan,
} from '../../../local/terraform';
import { eventually } from '../../support/eventually';
import { copyExample, type ExampleCopy } from '../../support/example-copy';
import { inventory } from '../../support/inventory';
import { processesWith } from '../../support/task-processes';

const ROOT = path.resolve(__dirname, '../../..');
const EXAMPLE = 'examples/terraform-activities';
const DEPLOY_MILLISECONDS = 600_000;
const HOST_ARCHITECTURE = process.arch === 'arm64' ? 'arm64' : 'x86_64';

/** Shorter than Lambda's time limit here, and longer than it takes to hear of a worker that has the task. */
const PAUSE_MILLISECONDS = 20_000;

const LOG_GROUP = '/ecs/overtime';

jest.setTimeout(DEPLOY_MILLISECONDS);

/** Workers as processes: AWS's base images are out of reach here, and processes share no volumes. */
const USING_REPOSITORY = [
  ['  name           = var.name\n', '$&  runner_images = "repository"\n'],
  [
    '  assign_public_ip    = true\n',
    '$&  runner_images = "repository"\n  image_repository_url = module.runner.image_repository_url\n',
  ],
] as const;

describe('examples/terraform-activities, one function in Lambda and as an activity', () => {
  let aws: LocalAws;
  let example: ExampleCopy;
  let terraform: TerraformOptions;
  let states: SFNClient;
  let outputs: Readonly<Record<string, unknown>>;

  beforeAll(async () => {
    aws = await startLocalAws({ images: {}, backend: 'processes', onProgress: () => undefined });
    example = await copyExample(EXAMPLE, { ...aws.adminEnvironment, TF_VAR_architecture: HOST_ARCHITECTURE });
    terraform = example.terraform;
    await example.replace(USING_REPOSITORY);
    await putSampleFunction(localClients(aws.adminEnvironment), {
      functionName: 'queue-granules',
      files: { 'index.mjs': await readFile(path.join(ROOT, 'examples/queue-granules/index.mjs'), 'utf8') },
      request: { Timeout: 60 },
    });
    // Before the workers: as soon as a service is there, it starts them.
    const repository = `${aws.accountId}.dkr.ecr.${aws.region}.amazonaws.com/overtime-runner`;
    await provideRunnerImages(aws, [`${repository}:nodejs22-${HOST_ARCHITECTURE}`], { onProgress: () => undefined });
    states = new SFNClient(clientSettings(aws.adminEnvironment));
    await terraformInit(terraform);
    await terraformApply(terraform);
    outputs = await terraformOutputs(terraform);
  }, DEPLOY_MILLISECONDS);

  afterAll(async () => {
    await aws?.stop();
    await example?.remove();
  });

  const start = async (input: object): Promise<string> => {
    const { executionArn } = await states.send(
      new StartExecutionCommand({
        stateMachineArn: String(outputs['state_machine_arn']),
        input: JSON.stringify({ input }),
      }),
    );
    return String(executionArn);
  };

  const ended = async (executionArn: string) =>
    eventually(
      `${executionArn} at its end`,
      async () => {
        const { status, output, error, cause } = await states.send(new DescribeExecutionCommand({ executionArn }));
        return status === 'RUNNING' ? undefined : { status, error, cause, ...(JSON.parse(output ?? '{}') as object) };
      },
      180_000,
    );

  const history = async (executionArn: string, type: string) => {
    const { events } = await states.send(new GetExecutionHistoryCommand({ executionArn }));
    return (events ?? []).filter((event) => event.type === type);
  };

  /** Of the task's environment a runtime sees nothing that is the runner's. */
  const workers = () => processesWith(`OVERTIME_ACTIVITY_ARN=${outputs['activity_arn']}`);

  test('the workers run, and a plan right after has no change', async () => {
    await eventually('two workers', async () => (workers().length === 2 ? true : undefined));

    const { changes, text } = await terraformPlan(terraform);
    expect(changes ? text : 'no change').toBe('no change');
  });

  test('an execution has the same output from Lambda and from the activity', async () => {
    const output = { queued: 2, granules: ['a', 'b'] };

    expect(await ended(await start({ granules: ['b', 'a'] }))).toMatchObject({
      status: 'SUCCEEDED',
      lambda: output,
      activity: output,
    });
  });

  test('an error of the function has its own name in Catch, from both', async () => {
    const error = { Error: 'NoGranules', Cause: expect.stringContaining('There is nothing to queue.') };

    expect(await ended(await start({ granules: [] }))).toMatchObject({
      status: 'SUCCEEDED',
      lambda: error,
      activity: error,
    });
  });

  /** How often a worker has called the handler. */
  const calls = async () => {
    const logs = new CloudWatchLogsClient(clientSettings(aws.adminEnvironment));
    const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName: LOG_GROUP }));
    return (events ?? []).filter(({ message }) => message?.includes('"event":"handler.invoked"')).length;
  };

  test('a task whose worker is killed is done by another, when its heartbeats have been missed', async () => {
    const before = await calls();
    const executionArn = await start({ granules: ['a'], pauseMilliseconds: PAUSE_MILLISECONDS });
    await eventually('a worker that has the task', async () => ((await calls()) > before ? true : undefined));
    const killed = workers();
    for (const pid of killed) {
      process.kill(pid, 'SIGKILL');
    }

    expect(await ended(executionArn)).toMatchObject({
      status: 'SUCCEEDED',
      error: undefined,
      cause: undefined,
      activity: { queued: 1, granules: ['a'] },
    });
    const failed = await history(executionArn, 'TaskFailed');
    // The poll of a killed worker may take the task once more: nobody has told Step Functions of its death.
    expect(new Set(failed.map(({ taskFailedEventDetails }) => taskFailedEventDetails?.error))).toEqual(
      new Set(['States.HeartbeatTimeout']),
    );
    expect(failed.length).toBeLessThanOrEqual(killed.length);
    expect([killed.length, workers().filter((pid) => killed.includes(pid))]).toEqual([2, []]);
  });

  test('destroys all that it made', async () => {
    await terraformDestroy(terraform);

    const { activities } = await states.send(new ListActivitiesCommand({}));
    const { stateMachines } = await states.send(new ListStateMachinesCommand({}));
    expect([activities, stateMachines]).toEqual([[], []]);
    expect(Object.values(await inventory(aws.adminEnvironment, 'overtime')).flat()).toEqual([]);
  });
});
