import { existsSync } from 'node:fs';
import path from 'node:path';
import { type FakeAws, startFakeAws } from '../../../support/fake-aws';
import { FakeQueue } from '../../../support/worker/fake-queue';
import { FakeStepFunctions } from '../../../support/worker/fake-step-functions';
import {
  ACTIVITY_ARN,
  deployWorkerCases,
  kill,
  redeploy,
  startWorker,
  type WorkerProcess,
} from '../../../support/worker/worker-process';

// Each fault of nasa/cumulus-ecs-task 2.1.0 that its users meet, on the command line that they have: the same words on
// this runner do what they were meant to. Each test runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

let aws: FakeAws;

beforeAll(async () => {
  aws = await startFakeAws();
});

afterAll(() => aws.close());

interface World {
  readonly states: FakeStepFunctions;
  readonly queue: FakeQueue;
  readonly functionArn: string;
  readonly start: (words: readonly string[], environment?: Readonly<Record<string, string>>) => Promise<WorkerProcess>;
}

async function withSeed(use: (world: World) => Promise<void>): Promise<void> {
  const states = new FakeStepFunctions();
  const queue = new FakeQueue();
  await Promise.all([states.start(), queue.start()]);
  const workers: WorkerProcess[] = [];
  const start = async (words: readonly string[], environment: Readonly<Record<string, string>> = {}) => {
    const worker = await startWorker(aws, {
      endpoints: { AWS_ENDPOINT_URL_SFN: states.endpoint, AWS_ENDPOINT_URL_SQS: queue.endpoint },
      environment,
      words: ['cumulus-ecs-task', ...words],
    });
    workers.push(worker);
    return worker;
  };
  try {
    await use({ states, queue, functionArn: deployWorkerCases(aws), start });
  } finally {
    await Promise.all(workers.map(kill));
    await Promise.all([states.close(), queue.close()]);
  }
}

test.concurrent('1. the queue mode installs the function where --taskDirectory says, not into undefined/', () =>
  withSeed(async ({ queue, functionArn, start }) => {
    queue.send('first', '{}');
    const worker = await start(['--sqs-url', queue.url, '--lambdaArn', functionArn, '--taskDirectory', './code'], {
      OVERTIME_TASK_ROOT: '',
    });
    await queue.seen('DeleteMessage first');

    expect(existsSync(path.join(worker.folder, 'code', 'index.js'))).toBe(true);
    expect(existsSync(path.join(worker.folder, 'undefined'))).toBe(false);
  }));

test.concurrent('2. the queue mode takes one message after another, and outlives a handler that rejects', () =>
  withSeed(async ({ queue, functionArn, start }) => {
    queue.send('rejects', JSON.stringify({ behaviour: 'throws-undefined' }));
    queue.send('next', '{}');
    await start(['--sqsUrl', queue.url, '--lambda-arn', functionArn]);
    await queue.seen('DeleteMessage next');

    // While a message goes back, the next one may be asked for; and it may be back before that one is done.
    await queue.seen('ChangeMessageVisibility rejects 2');
    expect(queue.about('rejects').slice(0, 2)).toEqual(['ReceiveMessage rejects', 'ChangeMessageVisibility rejects 2']);
    expect(queue.about('next')).toEqual(['ReceiveMessage next', 'DeleteMessage next']);
    expect(queue.requests.indexOf('ReceiveMessage rejects')).toBeLessThan(
      queue.requests.indexOf('ReceiveMessage next'),
    );
  }));

test.concurrent('3. a message whose work is done is deleted', () =>
  withSeed(async ({ queue, functionArn, start }) => {
    queue.send('only', '{}');
    await start(['--sqs-url', queue.url, '-l', functionArn]);
    await queue.seen('DeleteMessage only');

    expect(queue.about('only')).toEqual(['ReceiveMessage only', 'DeleteMessage only']);
  }));

test.concurrent('4. heartbeats end with a handler that fails', () =>
  withSeed(async ({ states, functionArn, start }) => {
    const input = JSON.stringify({ behaviour: 'fails', errorName: 'E', message: 'm' });
    states.schedule({ name: 'fails', input });
    await start(['--activityArn', ACTIVITY_ARN, '--lambdaArn', functionArn, '--heartbeat', '100']);
    await states.ended('fails');
    await new Promise((resolve) => setTimeout(resolve, 500));

    expect(states.requests.filter((request) => request.endsWith(' fails')).at(-1)).toBe('SendTaskFailure fails');
  }));

test.concurrent('5. a function that fails ends the one-shot mode with an exit code that is not 0', () =>
  withSeed(async ({ functionArn, start }) => {
    const event = JSON.stringify({ behaviour: 'fails', errorName: 'E', message: 'm' });
    const worker = await start(['--lambda-input', event, '--lambdaArn', functionArn]);

    expect(await worker.exited).toBe(70);
    expect(worker.text().stdout).toBe('');
  }));

test.concurrent('6. an answer that comes too late does not end the worker', () =>
  withSeed(async ({ states, functionArn, start }) => {
    const input = JSON.stringify({ behaviour: 'fails', errorName: 'E', message: 'm' });
    states.faults.set('SendTaskFailure', ['TaskTimedOut']);
    states.schedule({ name: 'late', input });
    await start(['--activity-arn', ACTIVITY_ARN, '--lambdaArn', functionArn]);
    await states.seen('SendTaskFailure late');
    states.schedule({ name: 'next', input: '{}' });

    expect(await states.ended('next')).toMatchObject({ kind: 'succeeded' });
    expect(states.requests.filter((request) => request === 'SendTaskFailure late')).toHaveLength(1);
  }));

test.concurrent('7. the Region is the function’s, in any partition, and never us-east-1 unasked', () =>
  withSeed(async ({ start }) => {
    const functionArn = 'arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:elsewhere';
    redeploy(aws, functionArn, 'old');
    const words = ['--lambda-input', '{}', '--lambdaArn', functionArn];
    const elsewhere = await start(words, { AWS_REGION: '', AWS_DEFAULT_REGION: '' });
    const nowhere = await start(['--lambda-input', '{}', '-l', 'work'], { AWS_REGION: '', AWS_DEFAULT_REGION: '' });

    expect(await elsewhere.exited).toBe(0);
    expect(aws.regions.get(`GetFunction ${functionArn}`)).toBe('us-gov-west-1');
    expect(await nowhere.exited).toBe(64);
    expect(nowhere.text().stderr).toContain('No Region is known');
  }));

test.concurrent('8. the handler gets the function’s variables and Lambda’s context', () =>
  withSeed(async ({ states, functionArn, start }) => {
    redeploy(aws, functionArn, 'old', { configuration: { Environment: { Variables: { FROM_FUNCTION: 'yes' } } } });
    states.schedule({ name: 'looks', input: JSON.stringify({ behaviour: 'looks' }) });
    await start(['-a', ACTIVITY_ARN, '-l', functionArn], { OVERTIME_TIMEOUT_SECONDS: '1000' });
    const { output } = await states.ended('looks');

    expect(output).toEqual({
      variable: 'yes',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      functionArn,
      remainingMilliseconds: expect.any(Number),
    });
    expect((output as { remainingMilliseconds: number }).remainingMilliseconds).toBeGreaterThan(900_000);
  }));

test.concurrent.each([
  { words: ['--activityArn', ACTIVITY_ARN], named: '--lambdaArn is missing' },
  { words: ['--lambdaArn', 'work'], named: 'give --activityArn, --sqs-url or --lambda-input' },
  { words: ['--activityArn', 'work', '--lambdaArn', 'work'], named: 'OVERTIME_ACTIVITY_ARN is \\"work\\"' },
  {
    words: ['--activityArn', ACTIVITY_ARN, '--lambdaArn', 'work', '--heartbeat', 'often'],
    named: 'OVERTIME_HEARTBEAT_MILLISECONDS is \\"often\\"',
  },
])('9. the message for $words names what is wrong, and the exit code is 64', ({ words, named }) =>
  withSeed(async ({ start }) => {
    const worker = await start(words);

    expect(await worker.exited).toBe(64);
    expect(worker.text().stderr).toContain(named);
  }),
);
