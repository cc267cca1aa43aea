import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { parseObjectEvents } from '../../../../handlers/shared/object-event/parse';
import {
  type DispatcherAws,
  invokeDispatcher,
  startDispatcherAws,
} from '../../../support/dispatcher/dispatcher-process';
import { SERVICE_ENVIRONMENT } from '../../../support/dispatcher/dispatcher-world';
import { lambdaFile } from '../../../support/lambda-process';

// Each test runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

let aws: DispatcherAws;
let file: string;

beforeAll(() => {
  file = lambdaFile('dispatcher');
});

beforeEach(async () => {
  aws = await startDispatcherAws();
});

afterEach(() => aws.server.close());

afterAll(() => rm(path.dirname(file), { recursive: true }));

const record = (key: string) => ({
  eventSource: 'aws:s3',
  eventName: 'ObjectCreated:Put',
  s3: { bucket: { name: 'uploads' }, object: { key, eTag: 'e1' } },
});

const event = (...keys: readonly string[]) => ({ Records: keys.map(record) });

/** The keys that a worker reads from the messages in the queue. */
const queuedKeys = () =>
  aws.queue.flatMap((body) => {
    const read = parseObjectEvents(body);
    return read.kind === 'objects' ? read.objects.map(({ key }) => key) : [];
  });

const lockUntil = (lockedUntil: number) => aws.table.put({ ...aws.table.get('launch-lock'), lockedUntil });

/** As if the time of the lock were over. */
const endLock = () => lockUntil(1);

/** The lock of one that was killed, for as long as a busy machine takes to start the next. */
const keepLock = () => lockUntil(Date.now() + 600_000);

describe('the bundled dispatcher', () => {
  test('puts a message into the queue for each record, and starts no more than the most workers', async () => {
    const keys = Array.from({ length: 12 }, (_, index) => `scene+${index}%25.zip`);

    const { result, log } = await invokeDispatcher(aws, file, event(...keys, 'notes.txt'));

    expect(result).toEqual({
      value: {
        dispatched: 12,
        skipped: [{ bucket: 'uploads', key: 'notes.txt', reason: 'suffix' }],
        failed: [],
        workers: { kind: 'looked', waiting: 12, inFlight: 0, wanted: 4, running: 4, started: 4, missing: 0 },
      },
    });
    expect(queuedKeys()).toEqual(keys.map((_, index) => `scene ${index}%.zip`));
    expect(aws.actions()).toEqual([
      'SendMessageBatch',
      'SendMessageBatch',
      'UpdateItem',
      'GetQueueAttributes',
      'ListTasks',
      'UpdateItem',
      'RunTask',
      'UpdateItem',
    ]);
    expect(log.at(-1)).toMatchObject({
      _aws: expect.anything(),
      service: 'scenes',
      ObjectsDispatched: 12,
      ObjectsSkipped: 1,
      WorkersStarted: 4,
    });
  });

  test('sends again alone what the queue did not take', async () => {
    aws.busy.set('b.zip', 2);

    const { result } = await invokeDispatcher(aws, file, event('a.zip', 'b.zip', 'c.zip'));

    expect(result?.value).toMatchObject({ dispatched: 3, failed: [] });
    expect(queuedKeys()).toEqual(['a.zip', 'c.zip', 'b.zip']);
    expect(aws.actions().filter((action) => action === 'SendMessageBatch')).toHaveLength(3);
  });

  test('does not send what a worker made', async () => {
    aws.objects.set('/uploads/scene.zip', {});
    aws.objects.set('/uploads/result.zip', { 'overtime-source': 's3://uploads/scene.zip?etag=e0' });

    const { result } = await invokeDispatcher(aws, file, event('scene.zip', 'result.zip'), {
      OVERTIME_OUTPUT_BUCKET: '',
    });

    expect(result?.value).toMatchObject({ skipped: [{ bucket: 'uploads', key: 'result.zip', reason: 'output' }] });
    expect(queuedKeys()).toEqual(['scene.zip']);
  });

  test('gives back the messages alone of which something failed', async () => {
    const message = (messageId: string, body: string) => ({ messageId, eventSource: 'aws:sqs', body });

    const { result } = await invokeDispatcher(aws, file, {
      Records: [message('good', JSON.stringify(event('a.zip'))), message('bad', 'no JSON')],
    });

    expect(result).toEqual({ value: { batchItemFailures: [{ itemIdentifier: 'bad' }] } });
    expect(queuedKeys()).toEqual(['a.zip']);
  });

  test('never starts more than the most with others at the same time, before an ECS that lists nothing yet', async () => {
    aws.cluster.lag = 600_000;

    const events = [event('1.zip', '2.zip', '3.zip'), event('4.zip', '5.zip'), event('6.zip')];
    await Promise.all(events.map((one) => invokeDispatcher(aws, file, one)));
    await invokeDispatcher(aws, file, { action: 'sweep' });

    expect(queuedKeys().sort()).toEqual(['1.zip', '2.zip', '3.zip', '4.zip', '5.zip', '6.zip']);
    expect(aws.cluster.running).toHaveLength(4);
  });

  test('that is killed with the answer of RunTask on its way leaves its workers to be counted by the next', async () => {
    aws.cluster.lag = 600_000;
    const { result } = await invokeDispatcher(aws, file, event('1.zip', '2.zip', '3.zip', '4.zip'), {}, (child) => {
      aws.beforeAnswer = async () => {
        child.kill('SIGKILL');
        await once(child, 'exit');
      };
    });
    aws.beforeAnswer = async () => undefined;
    expect([result, aws.cluster.running.length]).toEqual([undefined, 4]);
    keepLock();
    await expect(invokeDispatcher(aws, file, { action: 'sweep' })).resolves.toMatchObject({
      result: { value: { workers: { kind: 'busy' } } },
    });
    endLock();

    const sweep = await invokeDispatcher(aws, file, { action: 'sweep' });

    expect(sweep.result?.value).toMatchObject({ workers: { wanted: 4, running: 4, missing: 0 } });
    expect(aws.cluster.running).toHaveLength(4);
  });

  test('starts another worker by the next sweep where the last has ended meanwhile', async () => {
    await invokeDispatcher(aws, file, event('1.zip'));
    for (const { taskArn } of aws.cluster.running) {
      aws.cluster.stop(taskArn);
    }

    await invokeDispatcher(aws, file, { action: 'sweep' });

    expect(aws.cluster.running).toHaveLength(1);
  });

  test('raises a service', async () => {
    await invokeDispatcher(aws, file, event('1.zip', '2.zip'), SERVICE_ENVIRONMENT);

    expect(aws.desired).toBe(2);
  });

  test('sends objects that somebody names', async () => {
    aws.objects.set('/uploads/my scene.zip', {});

    const { result } = await invokeDispatcher(aws, file, {
      action: 'dispatch',
      objects: [
        { bucket: 'uploads', key: 'my scene.zip' },
        { bucket: 'uploads', key: 'gone.zip' },
      ],
    });

    expect(result?.value).toMatchObject({
      dispatched: 1,
      skipped: [{ bucket: 'uploads', key: 'gone.zip', reason: 'gone' }],
    });
    expect(queuedKeys()).toEqual(['my scene.zip']);
  });

  test('fails each invocation with what is wrong in its settings', async () => {
    const { result } = await invokeDispatcher(aws, file, { action: 'sweep' }, { OVERTIME_MAX_WORKERS: 'many' });

    expect(result?.error).toEqual({
      name: 'INVALID_SETTING',
      message: 'OVERTIME_MAX_WORKERS is "many": give a whole number from 1 to 1000.',
    });
  });
});
