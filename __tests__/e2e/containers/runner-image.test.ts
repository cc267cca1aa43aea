import { readFileSync } from 'node:fs';
import path from 'node:path';
import { buildImage } from '../../../images/build-image';
import { buildStandInBase } from '../../../local/base-image';
import { runCommand } from '../../../local/run-command';
import { requireEngine } from '../../support/container-engine';
import { type FakeAws, type FakeFunction, startFakeAws } from '../../support/fake-aws';
import { functionFolder, functionPackage, textPackage } from '../../support/function-package';
import { WAITING_ROW } from '../../support/runner-process';

const BASE = 'overtime-stand-in-base:test';
const IMAGE = 'overtime-runner:test';
const OS_ONLY_IMAGE = 'overtime-runner-os-only:test';
const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:in-a-container';

describe("the runner's image on a container engine", () => {
  let env: NodeJS.ProcessEnv;
  let aws: FakeAws;

  beforeAll(async () => {
    const engine = await requireEngine();
    env = engine.environment;
    aws = await startFakeAws();
    await buildStandInBase({ ...engine, tag: BASE });
    await buildImage({ runtime: 'nodejs22.x', architecture: 'x86_64', baseImage: BASE, tag: IMAGE, push: false }, env);
    await buildImage(
      {
        runtime: 'provided.al2023',
        architecture: 'x86_64',
        baseImage: BASE,
        nodeImage: BASE,
        tag: OS_ONLY_IMAGE,
        push: false,
      },
      env,
    );
  }, 600_000);

  afterAll(() => aws.close());

  function docker(...args: readonly string[]) {
    return runCommand('docker', args, { env });
  }

  interface Start {
    readonly runId: string;
    readonly fake: FakeFunction;
    readonly image?: string;
    readonly options?: readonly string[];
  }

  async function start({ runId, fake, image = IMAGE, options = [] }: Start) {
    aws.functions.set(FUNCTION_ARN, fake);
    aws.ledger.put({ ...WAITING_ROW, runId, functionArn: FUNCTION_ARN });
    const run = {
      version: 1,
      runId,
      attempt: 1,
      functionArn: FUNCTION_ARN,
      timeoutSeconds: 300,
      input: { inline: {} },
    };
    const variables = {
      AWS_ENDPOINT_URL: aws.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      OVERTIME_RUN: JSON.stringify(run),
      OVERTIME_LEDGER_TABLE: 'runs',
      OVERTIME_PAYLOAD_BUCKET: 'payloads',
      OVERTIME_STOP_TIMEOUT_SECONDS: '2',
    };
    const flags = Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
    const { stdout } = await docker('run', '--detach', '--network', 'host', ...options, ...flags, image);
    return stdout.trim();
  }

  /** Runs the image with nothing but these words, as a task definition of the programs that came before would. */
  async function command(words: readonly string[], fake: FakeFunction) {
    aws.functions.set(FUNCTION_ARN, fake);
    const variables = { AWS_ENDPOINT_URL: aws.url, AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
    const flags = Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
    return docker('run', '--rm', '--network', 'host', ...flags, IMAGE, ...words);
  }

  async function finish(container: string) {
    const exitCode = Number((await docker('wait', container)).stdout.trim());
    const { stdout } = await docker('logs', container);
    await docker('rm', container);
    return { exitCode, lastLine: JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as unknown };
  }

  test('runs a function as user 1000, from /var/task', async () => {
    const end = await finish(
      await start({ runId: 'container-answers', fake: { package: functionPackage('environment') } }),
    );

    expect(end.exitCode).toBe(0);
    expect(aws.ledger.get('container-answers')).toMatchObject({
      status: 'SUCCEEDED',
      output: { inline: { cwd: '/var/task', userId: 1000, variables: { LAMBDA_TASK_ROOT: '/var/task' } } },
    });
  });

  test.each([
    { program: 'task-runner', words: ['invoke', FUNCTION_ARN, '--event', '{}'] },
    { program: 'cumulus-ecs-task', words: ['cumulus-ecs-task', '--lambda-input', '{}', '--lambdaArn', FUNCTION_ARN] },
  ])('takes the command of a task definition that was written for $program', async ({ words }) => {
    const { stdout, exitCode } = await command(words, { package: functionPackage('environment') });

    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ cwd: '/var/task', userId: 1000 });
  });

  test('with its own Node.js, on a base for another runtime, runs a function’s own bootstrap', async () => {
    const program = readFileSync(path.join(functionFolder('bootstrap'), 'runtime.js'), 'utf8');
    const fake = {
      configuration: { Runtime: 'provided.al2023', Handler: 'any.thing' },
      package: textPackage({ bootstrap: `#!/overtime/node\n${program}` }, 0o100755),
    };
    const end = await finish(await start({ runId: 'container-bootstrap', image: OS_ONLY_IMAGE, fake }));

    expect(end.exitCode).toBe(0);
    expect(aws.ledger.get('container-bootstrap')).toMatchObject({
      status: 'SUCCEEDED',
      output: { inline: { event: {}, handler: 'any.thing', executionEnvironment: null } },
    });
  });

  test('refuses a function of another language before it fetches its package', async () => {
    const fake = { package: functionPackage('environment') };
    const end = await finish(await start({ runId: 'container-mismatch', image: OS_ONLY_IMAGE, fake }));

    expect(end.exitCode).toBe(67);
    expect(aws.ledger.get('container-mismatch')).toMatchObject({
      status: 'FAILED',
      error: {
        errorType: 'RUNTIME_MISMATCH',
        errorMessage: expect.stringContaining("has the runtime nodejs22.x, and this task's image is for provided: "),
      },
    });
  });

  test.each([
    { init: 'as the first process', options: [] },
    { init: 'under an init process', options: ['--init'] },
  ])('is stopped by SIGTERM $init, exits with 143 and says INTERRUPTED', async ({ init, options }) => {
    const runId = `container-stopped-${options.length}`;
    const container = await start({ runId, fake: { package: functionPackage('ignores-sigterm') }, options });
    // The second write to the row says that the handler has been called.
    await aws.seen(`UpdateItem ${runId}`, 2);
    await docker('stop', '--time', '20', container);
    const end = await finish(container);

    expect({ init, exitCode: end.exitCode }).toEqual({ init, exitCode: 143 });
    expect(end.lastLine).toMatchObject({ overtime: 'outcome', status: 'INTERRUPTED', exitCode: 143 });
    expect(aws.ledger.get(runId)).toMatchObject({ status: 'INTERRUPTED', exitCode: 143 });
  });
});
