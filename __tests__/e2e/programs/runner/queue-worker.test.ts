import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { type FakeAws, startFakeAws } from '../../../support/fake-aws';
import { FakeQueue } from '../../../support/worker/fake-queue';
import { deployWorkerCases, kill, startWorker, type WorkerProcess } from '../../../support/worker/worker-process';

// Each test runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

let aws: FakeAws;

beforeAll(async () => {
  aws = await startFakeAws();
});

afterAll(() => aws.close());

interface World {
  readonly queue: FakeQueue;
  readonly start: (environment?: Readonly<Record<string, string>>) => Promise<WorkerProcess>;
}

async function withQueue(use: (world: World) => Promise<void>): Promise<void> {
  const queue = new FakeQueue();
  await queue.start();
  const functionArn = deployWorkerCases(aws);
  const workers: WorkerProcess[] = [];
  const start = async (environment: Readonly<Record<string, string>> = {}) => {
    const worker = await startWorker(aws, {
      endpoints: { AWS_ENDPOINT_URL_SQS: queue.endpoint },
      environment,
      words: ['--sqs-url', queue.url, '--lambdaArn', functionArn],
    });
    workers.push(worker);
    return worker;
  };
  try {
    await use({ queue, start });
  } finally {
    await Promise.all(workers.map(kill));
    await queue.close();
  }
}

test.concurrent('a message is deleted after its work is done, and its body is the event', () =>
  withQueue(async ({ queue, start }) => {
    queue.send('first', JSON.stringify({ id: 'from-the-body' }));
    const worker = await start();
    await queue.seen('DeleteMessage first');

    expect(worker.text().stdout).toContain('the handler runs from-the-body');
    expect(queue.about('first')).toEqual(['ReceiveMessage first', 'DeleteMessage first']);
  }));

test.concurrent('a message whose work fails, or that is not JSON, is not deleted and comes back later each time', () =>
  withQueue(async ({ queue, start }) => {
    queue.send('fails', JSON.stringify({ behaviour: 'fails', errorName: 'E', message: 'm' }));
    queue.send('garbled', 'not JSON');
    await start();
    await queue.seen('ChangeMessageVisibility fails 4');
    await queue.seen('ChangeMessageVisibility garbled 4');

    for (const id of ['fails', 'garbled']) {
      expect(queue.about(id).slice(0, 4)).toEqual([
        `ReceiveMessage ${id}`,
        `ChangeMessageVisibility ${id} 2`,
        `ReceiveMessage ${id}`,
        `ChangeMessageVisibility ${id} 4`,
      ]);
    }
  }));

test.concurrent('a message stays hidden as long as its work takes', () =>
  withQueue(async ({ queue, start }) => {
    const worker = await start({ OVERTIME_HEARTBEAT_MILLISECONDS: '400' });
    const file = path.join(worker.folder, 'go');
    queue.send('slow', JSON.stringify({ behaviour: 'waits', file }));
    await queue.seen('ChangeMessageVisibility slow 10', 2);
    writeFileSync(file, '');
    await queue.seen('DeleteMessage slow');
    const asked = queue.about('slow');

    expect(asked.length).toBeGreaterThanOrEqual(4);
    expect(asked).toEqual([
      'ReceiveMessage slow',
      ...Array(asked.length - 2).fill('ChangeMessageVisibility slow 10'),
      'DeleteMessage slow',
    ]);
  }));

test.concurrent('a message that the queue has given to somebody else ends the handler, and the worker works on', () =>
  withQueue(async ({ queue, start }) => {
    queue.send('lost', JSON.stringify({ behaviour: 'hangs' }));
    const worker = await start({ OVERTIME_HEARTBEAT_MILLISECONDS: '400' });
    await worker.seen('the handler runs');
    queue.delete('lost');
    await queue.seen('ChangeMessageVisibility lost 10');
    queue.send('next', '{}');
    await queue.seen('DeleteMessage next');

    expect(new Set(queue.about('lost'))).toEqual(new Set(['ReceiveMessage lost', 'ChangeMessageVisibility lost 10']));
    expect(worker.text().stderr).toContain('"status":"CANCELLED"');
  }));

test.concurrent('a message whose work is done is deleted as soon as the queue is there again', () =>
  withQueue(async ({ queue, start }) => {
    queue.faults.set('DeleteMessageBatch', Array(2).fill('RequestThrottled'));
    queue.entryFaults.set('DeleteMessage', [
      { code: 'InternalError', isSenders: false },
      { code: 'InternalError', isSenders: false },
    ]);
    queue.send('done', '{}');
    await start();
    await queue.until(({ left }) => left === 0);

    expect(queue.calls.filter((call) => call === 'DeleteMessageBatch')).toHaveLength(5);
    expect(queue.about('done').filter((request) => request.startsWith('ReceiveMessage'))).toHaveLength(1);
  }));

test.concurrent('no more messages are taken than are worked on', () =>
  withQueue(async ({ queue, start }) => {
    for (const id of ['one', 'two', 'three', 'four']) {
      queue.send(id, JSON.stringify({ behaviour: 'hangs' }));
    }
    await start({ OVERTIME_CONCURRENCY: '2', OVERTIME_HEARTBEAT_MILLISECONDS: '200' });
    await queue.seen('ChangeMessageVisibility two 10', 3);

    expect(queue.requests.filter((request) => request.startsWith('ReceiveMessage'))).toEqual([
      'ReceiveMessage one',
      'ReceiveMessage two',
    ]);
    expect(queue.calls.filter((call) => call === 'ReceiveMessage')).toHaveLength(1);
  }));

test.concurrent('when the worker is told to stop, a message that cannot be finished is seen by others at once', () =>
  withQueue(async ({ queue, start }) => {
    queue.send('long', JSON.stringify({ behaviour: 'hangs' }));
    const worker = await start({ OVERTIME_STOP_TIMEOUT_SECONDS: '2' });
    await worker.seen('the handler runs');
    worker.child.kill('SIGTERM');

    expect(await worker.exited).toBe(143);
    expect(queue.about('long')).toEqual(['ReceiveMessage long', 'ChangeMessageVisibility long 0']);
  }));

test.concurrent('a queue that is not there ends the worker with the exit code 77', () =>
  withQueue(async ({ queue, start }) => {
    queue.faults.set('ReceiveMessage', ['QueueDoesNotExist']);
    const worker = await start();

    expect(await worker.exited).toBe(77);
  }));
