import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type FakeAws, startFakeAws } from '../../../support/fake-aws';
import { deployWorkerCases, startWorker, type WorkerOptions } from '../../../support/worker/worker-process';

// Each test runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

let aws: FakeAws;

beforeAll(async () => {
  aws = await startFakeAws();
});

afterAll(() => aws.close());

async function runToEnd(options: WorkerOptions) {
  const worker = await startWorker(aws, options);
  const code = await worker.exited;
  return { code, ...worker.text() };
}

const invoke = (functionArn: string, event: unknown, ...flags: readonly string[]) =>
  runToEnd({ words: ['invoke', functionArn, '--event', JSON.stringify(event), ...flags] });

test.concurrent('invoke prints the result alone on stdout, and what the function prints on stderr', async () => {
  const end = await invoke(deployWorkerCases(aws), { behaviour: 'repeats', text: 'grüße ', times: 2 });

  expect(end).toEqual({ code: 0, stdout: '"grüße grüße "\n', stderr: expect.stringContaining('the handler runs') });
});

test.concurrent('invoke writes no row of a ledger', async () => {
  const functionArn = deployWorkerCases(aws);
  await invoke(functionArn, {});

  expect(aws.requests.filter((request) => request.startsWith('UpdateItem'))).toEqual([]);
});

test.concurrent.each([
  {
    event: { behaviour: 'fails', errorName: 'OutOfGranules', message: 'none' },
    code: 70,
    said: '"errorType":"OutOfGranules"',
  },
  { event: { behaviour: 'throws-text' }, code: 70, said: '"errorType":"string"' },
  { event: { behaviour: 'crashes' }, code: 71, said: '"errorType":"Runtime.ExitError"' },
])('invoke of a function that ends so, $event.behaviour, exits with $code', async ({ event, code, said }) => {
  const end = await invoke(deployWorkerCases(aws), event);

  expect(end).toEqual({ code, stdout: '', stderr: expect.stringContaining(said) });
});

test.concurrent('invoke of a function that is not there exits with 66', async () => {
  const end = await invoke('arn:aws:lambda:eu-west-1:123456789012:function:none', {});

  expect(end).toMatchObject({ code: 66, stdout: '' });
});

test.concurrent('a function may be called by its name: --region says where it is, and it sees its whole ARN', async () => {
  aws.functions.set('by-name', {
    package: aws.functions.get(deployWorkerCases(aws))?.package ?? new Uint8Array(),
    configuration: { FunctionArn: 'arn:aws:lambda:eu-north-1:123456789012:function:by-name' },
  });
  const whole = 'arn:aws:lambda:eu-north-1:123456789012:function:by-name';
  aws.functions.set(whole, aws.functions.get('by-name') ?? { package: new Uint8Array() });
  const end = await invoke('by-name', { behaviour: 'looks' }, '--region', 'eu-north-1');

  expect(JSON.parse(end.stdout)).toMatchObject({ functionArn: whole });
  expect(aws.regions.get('GetFunction by-name')).toBe('eu-north-1');
});

test.concurrent('the one-shot mode of cumulus-ecs-task prints its result too', async () => {
  const functionArn = deployWorkerCases(aws);
  const words = ['cumulus-ecs-task', '--lambda-input', '{"behaviour":"undefined"}', '--lambdaArn', functionArn];

  expect(await runToEnd({ words })).toMatchObject({ code: 0, stdout: 'null\n' });
});

test.concurrent('SIGTERM ends a function that cannot finish with 143', async () => {
  const worker = await startWorker(aws, {
    words: ['invoke', deployWorkerCases(aws), '--event', '{"behaviour":"hangs"}'],
    environment: { OVERTIME_STOP_TIMEOUT_SECONDS: '2' },
  });
  await worker.seen('the handler runs');
  worker.child.kill('SIGTERM');

  expect(await worker.exited).toBe(143);
});

test.concurrent('--help is printed, and is no failure', async () => {
  expect(await runToEnd({ words: ['--help'] })).toEqual({
    code: 0,
    stdout: expect.stringContaining('Usage: overtime'),
    stderr: '',
  });
});

test.concurrent.each([
  { flags: [], code: 66 },
  { flags: ['--profile', 'mine'], code: 0 },
])('with credentials in a profile alone, invoke with $flags exits with $code', async ({ flags, code }) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'overtime-profile-'));
  const file = path.join(folder, 'credentials');
  writeFileSync(file, '[mine]\naws_access_key_id = AKIAMINE\naws_secret_access_key = secret\n');
  const end = await runToEnd({
    words: ['invoke', deployWorkerCases(aws), ...flags],
    environment: {
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_SHARED_CREDENTIALS_FILE: file,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  });
  rmSync(folder, { recursive: true });

  expect(end.code).toBe(code);
});
