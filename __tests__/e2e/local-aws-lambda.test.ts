import { createHash } from 'node:crypto';
import path from 'node:path';
import {
  CloudWatchLogsClient,
  FilterLogEventsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateFunctionCommand,
  GetFunctionCommand,
  GetLayerVersionByArnCommand,
  InvokeCommand,
  LambdaClient,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import { backendUnderTest } from '../support/backend-under-test';
import { eventually } from '../support/eventually';
import { processesThatMention } from '../support/leftovers';
import type { LocalAccount } from '../support/local-account';
import { type ProbeAccount, startProbeAccount } from '../support/probe-account';
import { bundleFunction } from '../support/probe-image';

const backend = backendUnderTest();

jest.setTimeout(600_000);

const LAMBDA = { Service: 'lambda.amazonaws.com' };
const TASKS = { Service: 'ecs-tasks.amazonaws.com' };

describe(`Lambda on the local AWS, tasks as ${backend}`, () => {
  let probe: ProbeAccount;
  let account: LocalAccount;

  beforeAll(async () => {
    probe = await startProbeAccount();
    account = probe.account;
  }, 600_000);

  afterAll(() => probe?.stop());

  // A fixed time: the same code is the same package.
  const zip = (code: string) => zipSync({ 'index.mjs': Buffer.from(code) }, { mtime: '2026-01-01T00:00:00Z' });

  /** With the time that a busy machine may need for it. */
  const putFunction = async (
    name: string,
    code: string,
    role: string,
    { owner = account, timeoutSeconds = 60 } = {},
  ): Promise<string> => {
    const { FunctionArn } = await owner.lambda.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Timeout: timeoutSeconds,
        Role: role,
        Code: { ZipFile: zip(code) },
      }),
    );
    return String(FunctionArn);
  };

  const invoke = async (name: string) => {
    const { FunctionError, Payload } = await account.lambda.send(new InvokeCommand({ FunctionName: name }));
    return { error: FunctionError, payload: JSON.parse(Buffer.from(Payload ?? []).toString()) };
  };

  test('a function is cut off at its timeout with the words of Lambda', async () => {
    await putFunction(
      'slow',
      'export const handler = () => new Promise(() => setInterval(() => {}, 1000));',
      await account.role('slow', LAMBDA),
      { timeoutSeconds: 3 },
    );

    const began = performance.now();
    const { error, payload } = await invoke('slow');

    expect([error, payload.errorType, payload.errorMessage]).toEqual([
      'Unhandled',
      'Sandbox.Timedout',
      expect.stringContaining('Task timed out after 3.00 seconds'),
    ]);
    expect(performance.now() - began).toBeLessThan(60_000);
  });

  test('a function acts as its own role, with what the role allows and no more', async () => {
    const role = await account.role('curious', LAMBDA, [
      { Action: 'lambda:GetFunctionConfiguration', Resource: account.arn('lambda', 'function:curious') },
    ]);
    const bundle = await bundleFunction(path.join(probe.directory, 'curious'), 'curious.ts');
    await putFunction('curious', bundle, role);

    const { payload } = await invoke('curious');

    expect(payload).toEqual({
      arn: `arn:aws:sts::${account.aws.accountId}:assumed-role/curious/curious`,
      allowed: 'nodejs22.x',
      refused: 'AccessDeniedException',
    });
  });

  test('the lines of a function are in its log group', async () => {
    await putFunction(
      'speaks',
      "export const handler = async () => { console.log('I speak'); };",
      await account.role('speaks', LAMBDA, [
        { Action: 'logs:CreateLogGroup', Resource: '*' },
        account.mayWriteLogs('/aws/lambda/speaks'),
      ]),
    );

    await invoke('speaks');

    const logs = new CloudWatchLogsClient(account.configuration);
    const lines = await eventually('the log group', async () => {
      try {
        const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/speaks' }));
        return events?.map(({ message }) => String(message));
      } catch (error) {
        if (error instanceof ResourceNotFoundException) {
          return undefined;
        }
        throw error;
      }
    });
    expect(lines).toEqual(
      expect.arrayContaining([expect.stringMatching(/^START/), expect.stringContaining('I speak')]),
    );
  });

  test('the lines of a function whose role may not write them are nowhere', async () => {
    await putFunction('mute', 'export const handler = () => 1;', await account.role('mute', LAMBDA));

    await invoke('mute');

    const logs = new CloudWatchLogsClient(account.configuration);
    await expect(logs.send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/mute' }))).rejects.toThrow(
      ResourceNotFoundException,
    );
  });

  test('a role that does not trust Lambda is refused', async () => {
    const role = await account.role('of-tasks', TASKS);

    await expect(putFunction('untrusted', 'export const handler = () => 1;', role)).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: 'The role defined for the function cannot be assumed by Lambda.',
    });
  });

  test('a layer is read with lambda:GetLayerVersion on its version, and not without', async () => {
    const publish = async (LayerName: string) => {
      const layer = { LayerName, Content: { ZipFile: zip(LayerName) } };
      return String((await account.lambda.send(new PublishLayerVersionCommand(layer))).LayerVersionArn);
    };
    const [mine, other] = [await publish('mine'), await publish('other')];
    const reader = new LambdaClient(
      await account.limited('layer-reader', [{ Action: 'lambda:GetLayerVersion', Resource: mine }]),
    );

    const { Content } = await reader.send(new GetLayerVersionByArnCommand({ Arn: mine }));

    const bytes = Buffer.from(await (await fetch(String(Content?.Location))).arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('base64')).toBe(Content?.CodeSha256);
    expect(bytes.byteLength).toBe(Content?.CodeSize);
    await expect(reader.send(new GetLayerVersionByArnCommand({ Arn: other }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  test('a task gets the package of the version that it asks for', async () => {
    const functionArn = await putFunction(
      'versioned',
      'export const handler = () => 1;',
      await account.role('versioned', LAMBDA),
    );
    await account.lambda.send(new PublishVersionCommand({ FunctionName: 'versioned' }));
    await account.lambda.send(
      new UpdateFunctionCodeCommand({ FunctionName: 'versioned', ZipFile: zip('export const handler = () => 2;') }),
    );
    const taskRoleArn = await account.role('fetches', TASKS, [
      { Action: 'lambda:GetFunction', Resource: [functionArn, `${functionArn}:*`] },
    ]);
    await account.taskDefinition('fetches', { taskRoleArn });
    const hashes = await Promise.all(
      [functionArn, `${functionArn}:1`].map(async (FunctionName) => {
        const { Configuration } = await account.lambda.send(new GetFunctionCommand({ FunctionName }));
        return String(Configuration?.CodeSha256);
      }),
    );

    const fetched = await Promise.all(
      [functionArn, `${functionArn}:1`].map(async (arn) => (await account.runToEnd('fetches', ['code', arn])).lines),
    );

    expect(fetched).toEqual(hashes.map((hash) => [hash]));
    expect(hashes).toEqual(
      [2, 1].map((number) =>
        createHash('sha256')
          .update(zip(`export const handler = () => ${number};`))
          .digest('base64'),
      ),
    );
  });

  test('the workers of functions end with the local AWS', async () => {
    const second = await probe.startAnother();
    const role = await second.role('warm', LAMBDA);
    await putFunction('warm', 'export const handler = async () => 1;', role, { owner: second });
    await second.lambda.send(new InvokeCommand({ FunctionName: 'warm' }));
    const workers = await processesThatMention('ministack-lambda-warm-');
    const warm = workers.filter((each) => each.includes(second.aws.workDirectory));

    await second.aws.stop();

    expect(warm).toHaveLength(1);
    // Killed, and gone as soon as the kernel has seen to it, which a busy machine may put off.
    await eventually('no process is left', async () =>
      (await processesThatMention(second.aws.workDirectory)).length === 0 ? true : undefined,
    );
  });
});
