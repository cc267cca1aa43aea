import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dispatch } from '../../../handlers/dispatcher/dispatcher';
import {
  DispatcherWorld,
  ENVIRONMENT,
  QUEUE_URL,
  SERVICE_ENVIRONMENT,
  stored,
} from '../../support/dispatcher/dispatcher-world';

const sample = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(__dirname, '../../support/events', `${name}.json`), 'utf8'));

const record = (key: string, more: Record<string, unknown> = {}) => ({
  eventSource: 'aws:s3',
  eventName: 'ObjectCreated:Put',
  s3: { bucket: { name: 'uploads' }, object: { key, eTag: 'e1', ...more } },
});

const event = (...keys: readonly string[]) => ({ Records: keys.map((key) => record(key)) });

const queued = (messageId: string, body: unknown) => ({
  messageId,
  eventSource: 'aws:sqs',
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

const denied = Object.assign(new Error('Access Denied'), { name: 'AccessDenied' });

/** Outputs go beside the objects, so that each object might be one. */
const BESIDE = { ...ENVIRONMENT, OVERTIME_OUTPUT_BUCKET: '' };

let world: DispatcherWorld;

beforeEach(() => {
  world = new DispatcherWorld();
});

describe("S3's events", () => {
  test('one message for each record, and workers for them', async () => {
    const answer = await dispatch(event('1.zip', 'my+scene.zip'), world.deps);

    expect(world.callsOf('sendBatch')).toEqual([
      [
        { id: '0', body: JSON.stringify(event('1.zip')), order: undefined },
        { id: '1', body: JSON.stringify(event('my+scene.zip')), order: undefined },
      ],
    ]);
    expect(world.cluster.running).toHaveLength(2);
    expect(answer).toEqual({
      dispatched: 2,
      skipped: [],
      failed: [],
      workers: { kind: 'looked', waiting: 2, inFlight: 0, wanted: 2, running: 2, started: 2, missing: 0 },
    });
    expect(world.lines.filter((line) => line.event === 'object-dispatched').map(({ fields }) => fields)).toEqual([
      { bucket: 'uploads', key: '1.zip' },
      { bucket: 'uploads', key: 'my scene.zip' },
    ]);
  });

  test.each([
    ['the test that S3 sends when notifications are set up', sample('s3-test')],
    ['the same through a topic', { Records: [{ Sns: { Message: JSON.stringify(sample('s3-test')) } }] }],
  ])('%s is no mistake, and nothing is sent', async (_, test) => {
    await expect(dispatch(test, world.deps)).resolves.toEqual({
      dispatched: 0,
      skipped: [],
      failed: [],
      workers: undefined,
    });
    expect([world.calls, world.events]).toEqual([[], ['info notifications-tested']]);
  });

  test('what is no work is skipped, logged with the reason, and no error: the launcher of 2015 failed, and Lambda tried again', async () => {
    const removed = { ...record('old.zip'), eventName: 'ObjectRemoved:Delete' };
    const answer = await dispatch({ Records: [removed, record('scene.png'), record('dir/', { size: 0 })] }, world.deps);

    const skipped = [
      { bucket: 'uploads', key: 'old.zip', reason: 'not-created' },
      { bucket: 'uploads', key: 'dir/', reason: 'folder' },
      { bucket: 'uploads', key: 'scene.png', reason: 'suffix' },
    ];
    expect(answer).toEqual({ dispatched: 0, skipped, failed: [], workers: undefined });
    expect(world.lines).toEqual(skipped.map((fields) => ({ level: 'info', event: 'object-skipped', fields })));
    expect(world.calls).toEqual([]);
  });

  test('an event that is none is refused with what is wrong', async () => {
    await expect(dispatch({ Records: [{}] }, world.deps)).rejects.toMatchObject({
      name: 'INVALID_EVENT',
      message: expect.stringMatching(
        /^The event has 1 problem\. There is an object in Records\[0\] of the event that is no record/,
      ),
    });
    expect(world.calls).toEqual([]);
  });

  test('a FIFO queue keeps the order of each object', async () => {
    world = new DispatcherWorld({ ...ENVIRONMENT, OVERTIME_QUEUE_URL: `${QUEUE_URL}.fifo` });
    await dispatch({ Records: [record('a.zip', { eTag: '1' }), record('a.zip', { eTag: '2' })] }, world.deps);

    const [[first] = [], [second] = []] = world.batches;
    expect(first?.order?.groupId).toBe(second?.order?.groupId);
    expect(first?.order?.deduplicationId).not.toBe(second?.order?.deduplicationId);
  });
});

describe('outputs that land where the dispatcher watches', () => {
  beforeEach(() => {
    world = new DispatcherWorld(BESIDE);
  });

  test('start nothing again', async () => {
    world.objects.set('uploads/scene.zip', stored());
    world.objects.set('uploads/result.zip', stored({ isOutput: true }));

    expect(await dispatch(event('scene.zip', 'result.zip'), world.deps)).toMatchObject({
      dispatched: 1,
      skipped: [{ bucket: 'uploads', key: 'result.zip', reason: 'output' }],
    });
    expect(world.bodies).toEqual([event('scene.zip')]);
  });

  test('are told by the version that the event names', async () => {
    await dispatch({ Records: [record('a.zip', { versionId: 'v1' })] }, world.deps);

    expect(world.callsOf('headObject')).toEqual([{ bucket: 'uploads', key: 'a.zip', versionId: 'v1' }]);
  });

  test('an object that is gone is skipped', async () => {
    expect(await dispatch(event('gone.zip'), world.deps)).toMatchObject({
      skipped: [{ bucket: 'uploads', key: 'gone.zip', reason: 'gone' }],
    });
  });

  test('one that cannot be looked at is not sent, as it might go round for ever, and Lambda tries again', async () => {
    world.objects.set('uploads/a.zip', denied);
    world.objects.set('uploads/b.zip', stored());

    await expect(dispatch(event('a.zip', 'b.zip'), world.deps)).rejects.toMatchObject({
      name: 'MESSAGES_NOT_SENT',
      message:
        '1 of 2 objects have no message in the queue, the first because of AccessDenied: Access Denied. The log names each.',
    });
    expect(world.bodies).toEqual([event('b.zip')]);
    expect(world.cluster.running).toHaveLength(1);
  });
});

describe('messages that SQS does not take', () => {
  const busy = (id: string) => ({ id, reason: 'InternalError', isPassing: true });

  test('are sent again, alone', async () => {
    world.unsent.push([busy('1')], [busy('1')]);
    await dispatch(event('0.zip', '1.zip', '2.zip'), world.deps);

    const sent = world.callsOf('sendBatch') as readonly (readonly { readonly id: string }[])[];
    expect(sent.map((batch) => batch.map(({ id }) => id))).toEqual([['0', '1', '2'], ['1'], ['1']]);
    // Full jitter of 200 and 400 ms, with a die that always shows the half.
    expect(world.sleeps).toEqual([100, 200]);
  });

  test('are raised when the time is nearly over, and the workers for the others are looked after', async () => {
    world.remainingMilliseconds = 15_050;
    world.unsent.push([busy('0')]);

    await expect(dispatch(event('0.zip', '1.zip'), world.deps)).rejects.toMatchObject({
      name: 'MESSAGES_NOT_SENT',
      message: '1 of 2 objects have no message in the queue, the first because of InternalError. The log names each.',
    });
    expect(world.sleeps).toEqual([]);
    expect(world.cluster.running).toHaveLength(1);
    expect(world.lines).toContainEqual({
      level: 'error',
      event: 'object-not-dispatched',
      fields: { bucket: 'uploads', key: '0.zip', reason: 'InternalError' },
    });
  });

  test('are not sent again where that is no use', async () => {
    world.unsent.push([{ id: '0', reason: 'InvalidMessageContents', isPassing: false }]);

    await expect(dispatch(event('0.zip'), world.deps)).rejects.toMatchObject({ name: 'MESSAGES_NOT_SENT' });
    expect([world.callsOf('sendBatch').length, world.sleeps, world.callsOf('runTask')]).toEqual([1, [], []]);
  });

  test('one that is too long for any batch does not hinder the others', async () => {
    const long = { ...record('long.zip'), padding: 'x'.repeat(1_048_576) };

    await expect(dispatch({ Records: [long, record('a.zip')] }, world.deps)).rejects.toMatchObject({
      message:
        '1 of 2 objects have no message in the queue, the first because of its event is longer than the 1,048,576 bytes of a message. The log names each.',
    });
    expect(world.bodies).toEqual([event('a.zip')]);
  });
});

describe('a queue that stands before the dispatcher', () => {
  test('gets back the messages alone of which something failed', async () => {
    world.unsent.push([{ id: '2', reason: 'InvalidMessageContents', isPassing: false }]);
    const messages = [
      queued('good', event('0.zip', '1.zip')),
      queued('half', event('2.zip', '3.zip')),
      queued('test', sample('s3-test')),
      queued('other', 'no JSON'),
      queued('skipped', event('scene.png')),
    ];

    await expect(dispatch({ Records: messages }, world.deps)).resolves.toEqual({
      batchItemFailures: [{ itemIdentifier: 'other' }, { itemIdentifier: 'half' }],
    });
    expect(world.bodies).toEqual([event('0.zip'), event('1.zip'), event('3.zip')]);
    expect(world.printed).toMatchObject([{ ObjectsDispatched: 3, ObjectsSkipped: 1, MessagesFailed: 2 }]);
  });
});

describe('objects that are named by hand', () => {
  test('go the way of those of which S3 tells, as they are now', async () => {
    world.objects.set('uploads/my scene+1.zip', stored({ versionId: 'v1', eTag: 'e9', sizeBytes: 12 }));
    world.objects.set('uploads/scene.png', stored());
    world.objects.set('uploads/secret.zip', denied);
    const objects = ['my scene+1.zip', 'scene.png', 'gone.zip', 'secret.zip'].map((key) => ({
      bucket: 'uploads',
      key,
    }));

    await expect(dispatch({ action: 'dispatch', objects }, world.deps)).resolves.toEqual({
      dispatched: 1,
      skipped: [
        { bucket: 'uploads', key: 'gone.zip', reason: 'gone' },
        { bucket: 'uploads', key: 'scene.png', reason: 'suffix' },
      ],
      failed: [{ bucket: 'uploads', key: 'secret.zip', reason: 'AccessDenied: Access Denied' }],
      workers: { kind: 'looked', waiting: 1, inFlight: 0, wanted: 1, running: 1, started: 1, missing: 0 },
    });
    expect(world.bodies).toEqual([
      {
        Records: [
          {
            eventVersion: '2.1',
            eventSource: 'aws:s3',
            awsRegion: 'eu-west-1',
            eventTime: '2026-11-27T11:00:00.000Z',
            eventName: 'ObjectCreated:Put',
            s3: {
              s3SchemaVersion: '1.0',
              configurationId: 'overtime-dispatch',
              bucket: { name: 'uploads', arn: 'arn:aws:s3:::uploads' },
              object: { key: 'my+scene%2B1.zip', size: 12, eTag: 'e9', versionId: 'v1' },
            },
          },
        ],
      },
    ]);
    expect(world.printed).toMatchObject([{ ObjectsDispatched: 1, ObjectsSkipped: 2, MessagesFailed: 1 }]);
  });

  test('that are wrong are refused before anything is done', async () => {
    await expect(dispatch({ action: 'dispatch', objects: [{ bucket: 'uploads' }] }, world.deps)).rejects.toMatchObject({
      name: 'INVALID_EVENT',
      message: expect.stringMatching(/^The event has 1 problem\. objects\.0\.key is missing: give/),
    });
    expect(world.calls).toEqual([]);
  });
});

describe('the workers', () => {
  test('whose starting fails are left to the sweep: the messages are sent, and would be sent again', async () => {
    world.faults.set('listTasks', denied);

    await expect(dispatch(event('a.zip'), world.deps)).resolves.toMatchObject({ dispatched: 1, workers: undefined });
    expect(world.lines).toContainEqual({
      level: 'error',
      event: 'workers-not-looked-after',
      fields: { reason: 'AccessDenied: Access Denied' },
    });
    expect(world.printed).toMatchObject([{ ObjectsDispatched: 1, WorkersMissing: 1 }]);

    world.faults.clear();
    world.depth = { waiting: 1, inFlight: 0, delayed: 0 };
    await dispatch({ action: 'sweep' }, world.deps);
    expect(world.cluster.running).toHaveLength(1);
  });

  test('are started by the sweep for messages that others put into the queue', async () => {
    world.depth = { waiting: 2, inFlight: 0, delayed: 0 };

    await expect(dispatch({ action: 'sweep' }, world.deps)).resolves.toEqual({
      workers: { kind: 'looked', waiting: 2, inFlight: 0, wanted: 2, running: 2, started: 2, missing: 0 },
    });
  });

  test('cost one call where nothing waits', async () => {
    await expect(dispatch({ action: 'sweep' }, world.deps)).resolves.toEqual({ workers: { kind: 'quiet' } });
    expect(world.calls).toEqual([{ name: 'queueDepth', given: undefined }]);
  });

  test('that the sweep may not look after make it fail', async () => {
    world.faults.set('queueDepth', denied);

    await expect(dispatch({ action: 'sweep' }, world.deps)).rejects.toBe(denied);
  });
});

describe('the metrics', () => {
  test('are a line for each invocation, by the name of the queue', async () => {
    await dispatch(event('a.zip', 'scene.png'), world.deps);

    expect(world.printed).toEqual([
      {
        _aws: {
          Timestamp: world.now,
          CloudWatchMetrics: [
            {
              Namespace: 'Overtime',
              Dimensions: [['service']],
              Metrics: [
                'ObjectsDispatched',
                'ObjectsSkipped',
                'MessagesFailed',
                'WorkersStarted',
                'WorkersMissing',
                'WorkersRunning',
              ].map((Name) => ({ Name, Unit: 'Count' })),
            },
          ],
        },
        service: 'scenes',
        ObjectsDispatched: 1,
        ObjectsSkipped: 1,
        MessagesFailed: 0,
        WorkersStarted: 1,
        WorkersMissing: 0,
        WorkersRunning: 1,
      },
    ]);
  });

  test('are none for a sweep in which nothing waits, as each costs something', async () => {
    await dispatch({ action: 'sweep' }, world.deps);

    expect(world.printed).toEqual([]);
  });

  test.each([
    ['messages wait', ENVIRONMENT, { depth: { waiting: 1, inFlight: 0, delayed: 0 } }, { WorkersStarted: 1 }],
    ['tasks of a service are there', SERVICE_ENVIRONMENT, { desired: 2 }, { WorkersRunning: 2 }],
  ])('are a line for a sweep in which %s', async (_, environment, found, printed) => {
    world = Object.assign(new DispatcherWorld(environment), found);
    await dispatch({ action: 'sweep' }, world.deps);

    expect(world.printed).toMatchObject([printed]);
  });
});
