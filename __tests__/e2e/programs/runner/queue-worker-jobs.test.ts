import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../../../support/eventually';
import { type FakeAws, startFakeAws } from '../../../support/fake-aws';
import { functionPackage } from '../../../support/function-package';
import { FakeQueue } from '../../../support/worker/fake-queue';
import { type JobsTable, startJobsTable } from '../../../support/worker/jobs-table';
import { kill, startWorker, type WorkerProcess } from '../../../support/worker/worker-process';

// Each test runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

const FUNCTION_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:batch-cases';
const FUNCTION = { OVERTIME_FUNCTION_ARN: FUNCTION_ARN };
const command = (line: string) => ({
  OVERTIME_COMMAND: JSON.stringify(['/bin/sh', '-c', line]),
  OVERTIME_MESSAGE_EVENT: 'body',
});

let aws: FakeAws;

beforeAll(async () => {
  aws = await startFakeAws();
  aws.functions.set(FUNCTION_ARN, { package: functionPackage('batch-cases') });
});

afterAll(() => aws.close());

interface World {
  readonly queue: FakeQueue;
  readonly jobs: JobsTable;
  readonly start: (environment: Readonly<Record<string, string>>) => Promise<WorkerProcess>;
}

async function withQueue(use: (world: World) => Promise<void>, name = 'work'): Promise<void> {
  const queue = new FakeQueue(name);
  await queue.start();
  const jobs = await startJobsTable();
  const workers: WorkerProcess[] = [];
  const start = async (environment: Readonly<Record<string, string>>) => {
    const worker = await startWorker(aws, {
      endpoints: { AWS_ENDPOINT_URL_SQS: queue.endpoint, AWS_ENDPOINT_URL_DYNAMODB: jobs.endpoint },
      environment: { OVERTIME_QUEUE_URL: queue.url, ...environment },
    });
    workers.push(worker);
    return worker;
  };
  try {
    await use({ queue, jobs, start });
  } finally {
    await Promise.all(workers.map(kill));
    await Promise.all([queue.close(), jobs.close()]);
  }
}

test.concurrent('a function gets its messages as from Lambda, in one call, and they are deleted in one', () =>
  withQueue(async ({ queue, start }) => {
    queue.send('one', 'text', { attributes: { colour: { DataType: 'String', StringValue: 'red' } } });
    queue.send('two', 'text');
    queue.send('three', 'text');
    const worker = await start(FUNCTION);
    await queue.until(({ left }) => left === 0);

    expect(worker.text().stdout).toContain('the batch is one two three\n');
    expect(JSON.parse(worker.text().stdout.match(/the first is (.*)\n/)?.[1] ?? '{}')).toEqual({
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:eu-west-1:123456789012:work',
      awsRegion: 'eu-west-1',
      attributes: { ApproximateReceiveCount: '1', SentTimestamp: expect.stringMatching(/^\d{13}$/) },
      messageAttributes: {
        colour: { stringValue: 'red', stringListValues: [], binaryListValues: [], dataType: 'String' },
      },
    });
    expect(queue.calls.filter((call) => call === 'DeleteMessageBatch')).toHaveLength(1);
  }));

test.concurrent('of a batch, what the function names comes back later, and the rest is deleted', () =>
  withQueue(async ({ queue, start }) => {
    queue.send('good', 'text');
    queue.send('bad', 'fails');
    await start(FUNCTION);
    await queue.seen('ChangeMessageVisibility bad 2');
    await queue.seen('DeleteMessage good');

    expect(queue.about('good')).toEqual(['ReceiveMessage good', 'DeleteMessage good']);
  }));

test.concurrent('a batch waits for its window, and is one though it came with several polls', () =>
  withQueue(async ({ queue, start }) => {
    const worker = await start({ ...FUNCTION, OVERTIME_BATCH_SIZE: '2', OVERTIME_BATCH_WINDOW_SECONDS: '300' });
    queue.send('one', 'text');
    await queue.seen('ReceiveMessage one');
    queue.send('two', 'text');
    await queue.until(({ left }) => left === 0);

    expect(worker.text().stdout).toContain('the batch is one two\n');
  }));

test.concurrent('what waits for its window when the worker is stopped is seen by others at once', () =>
  withQueue(async ({ queue, start }) => {
    queue.send('one', 'text');
    const worker = await start({
      ...FUNCTION,
      OVERTIME_BATCH_WINDOW_SECONDS: '300',
      OVERTIME_STOP_TIMEOUT_SECONDS: '2',
    });
    await queue.seen('ReceiveMessage one');
    worker.child.kill('SIGTERM');

    expect(await worker.exited).toBe(0);
    expect(queue.about('one').slice(0, 2)).toEqual(['ReceiveMessage one', 'ChangeMessageVisibility one 0']);
  }));

test.concurrent('a message that fails for the last time, and one that can never work, are in the dead-letter queue with the reason', () =>
  withQueue(async ({ queue, start }) => {
    queue.send('failing', '"failing"');
    queue.send('poison', '"poison"', { attributes: { colour: { DataType: 'String', StringValue: 'red' } } });
    await start({
      ...command(
        'grep -q poison "$OVERTIME_INPUT_FILE" && { echo no such scene >&2; exit 3; }; echo failed >&2; exit 9',
      ),
      OVERTIME_DEAD_LETTER_QUEUE_URL: queue.deadLetterUrl,
      OVERTIME_MAX_RECEIVE_COUNT: '2',
    });
    await queue.until(({ left }) => left === 0);
    const text = (StringValue: string) => ({ DataType: 'String', StringValue });

    expect(queue.dead).toEqual([
      {
        body: '"poison"',
        attributes: {
          colour: text('red'),
          'overtime-code': text('Overtime.CommandFailed'),
          'overtime-reason': text('exit status 3\nno such scene'),
        },
        group: undefined,
      },
      {
        body: '"failing"',
        attributes: {
          'overtime-code': text('Overtime.CommandFailed'),
          'overtime-reason': text('exit status 9\nfailed'),
        },
        group: undefined,
      },
    ]);
    expect(queue.about('failing').filter((request) => request.startsWith('ReceiveMessage'))).toHaveLength(2);
  }));

test.concurrent('a message that its command gives back is seen by others at once, and was no failure', () =>
  withQueue(async ({ queue, start }) => {
    queue.send('early', '{}');
    await start({
      ...command('test -e ../../seen && exit 0; touch ../../seen; exit 4'),
      OVERTIME_JOBS_TABLE: 'jobs',
      OVERTIME_DEAD_LETTER_QUEUE_URL: queue.deadLetterUrl,
      OVERTIME_MAX_RECEIVE_COUNT: '1',
    });
    await queue.until(({ left }) => left === 0);

    expect(queue.dead).toEqual([]);
    expect(queue.about('early')).toEqual([
      'ReceiveMessage early',
      'ChangeMessageVisibility early 0',
      'ReceiveMessage early',
      'DeleteMessage early',
    ]);
  }));

test.concurrent('messages of one group are worked on one after another, and other groups meanwhile', () =>
  withQueue(async ({ queue, start }) => {
    for (const name of ['a1', 'a2', 'b1', 'a3', 'b2']) {
      queue.send(name, JSON.stringify(name), { group: name.charAt(0) });
    }
    const worker = await start({
      ...command('read -r NAME; echo "begin $NAME"; sleep 0.3; echo "end $NAME"'),
      OVERTIME_CONCURRENCY: '5',
    });
    await queue.until(({ left }) => left === 0);
    const steps = [...worker.text().stdout.matchAll(/(begin|end) "(\w+)"/g)].map(([, what, name]) => `${what} ${name}`);
    const ofGroup = (group: string) => steps.filter((step) => step.split(' ')[1]?.startsWith(group));

    expect(ofGroup('a')).toEqual(['begin a1', 'end a1', 'begin a2', 'end a2', 'begin a3', 'end a3']);
    expect(ofGroup('b')).toEqual(['begin b1', 'end b1', 'begin b2', 'end b2']);
    expect(steps.indexOf('begin b1')).toBeLessThan(steps.indexOf('end a3'));
  }, 'work.fifo'));

test.concurrent('what follows a failure in its group comes back, and is done in order', () =>
  withQueue(async ({ queue, start }) => {
    for (const name of ['a1', 'a2', 'a3']) {
      queue.send(name, JSON.stringify(name), { group: 'a' });
    }
    const worker = await start(
      command(
        'read -r NAME; echo "did $NAME"; test "$NAME" = \'"a1"\' && ! test -e ../../again && { touch ../../again; exit 1; }; exit 0',
      ),
    );
    await queue.until(({ left }) => left === 0);

    expect([...worker.text().stdout.matchAll(/did "(\w+)"/g)].map(([, name]) => name)).toEqual([
      'a1',
      'a1',
      'a2',
      'a3',
    ]);
  }, 'work.fifo'));

describe('with a table of jobs', () => {
  const TABLE = { OVERTIME_JOBS_TABLE: 'jobs', OVERTIME_HEARTBEAT_MILLISECONDS: '400' };

  test.concurrent('work that outlives its receipt goes on while a copy waits, and is done once', () =>
    withQueue(async ({ queue, jobs, start }) => {
      queue.send('long', '{}');
      const line = 'echo begun >> ../../../log; while ! test -e ../../../go; do sleep 0.1; done';
      const worker = await start({ ...command(line), ...TABLE, OVERTIME_HAND_OVER_SECONDS: '1' });
      // The other comes when the first has the message, and could have it instead before.
      await queue.seen('DeleteMessage long');
      const other = await start({ ...command('echo "the other worked"'), ...TABLE });
      // The copy is seen after ten seconds, by whichever asks first, and is put off again.
      await queue.seen('DeleteMessage copy-1');
      const rows = jobs.row('message:long');
      writeFileSync(path.join(worker.folder, 'work/go'), '');
      await queue.until(({ left }) => left === 0);

      expect(rows).toMatchObject({ job_state: 'working', attempts: 1 });
      expect(jobs.row('message:long')).toMatchObject({ job_state: 'done', attempts: 1 });
      expect(readFileSync(path.join(worker.folder, 'work/log'), 'utf8')).toBe('begun\n');
      expect(other.text().stdout).not.toContain('the other worked');
    }));

  test.concurrent('the job of a worker that was killed is done by the next, and counts as an attempt', () =>
    withQueue(async ({ queue, jobs, start }) => {
      queue.send('job', '{}');
      const first = await start({ ...command('echo begun; sleep 600'), ...TABLE });
      await first.seen('begun');
      await kill(first);
      await start({ ...command('exit 0'), ...TABLE });
      await queue.until(({ left }) => left === 0);

      expect(jobs.row('message:job')).toMatchObject({ job_state: 'done', attempts: 2 });
    }));
});

test.concurrent('a worker that idled out ends with 0 after a poll that brought nothing', () =>
  withQueue(async ({ queue, start }) => {
    queue.send('one', '{}');
    const worker = await start({ ...command('exit 0'), OVERTIME_IDLE_SECONDS: '1' });

    expect(await worker.exited).toBe(0);
    expect([queue.left, worker.events().at(-1)]).toEqual([0, 'worker.ended']);
    expect(queue.calls.filter((call) => call === 'ReceiveMessage').length).toBeGreaterThanOrEqual(2);
  }));

test.concurrent('a queue that has too many requests is asked again, and no message is lost', () =>
  withQueue(async ({ queue, start }) => {
    for (const action of ['ReceiveMessage', 'DeleteMessageBatch']) {
      queue.faults.set(action, Array(3).fill('RequestThrottled'));
    }
    queue.send('one', '{}');
    await start(command('exit 0'));
    await eventually('the deletion', async () => (queue.left === 0 ? true : undefined));

    expect(queue.about('one').filter((request) => request.startsWith('ReceiveMessage'))).toHaveLength(1);
  }));
