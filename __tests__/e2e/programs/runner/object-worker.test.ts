import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type FakeAws, startFakeAws } from '../../../support/fake-aws';
import {
  createdRecord,
  notification,
  type ObjectWorld,
  send,
  withObjects,
  zipOf,
} from '../../../support/worker/object-world';

// Each test runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

const MIB = 1_024 * 1_024;
const COPY = 'cp "$OVERTIME_OBJECT_FILE" "$OVERTIME_OUTPUT_FOLDER/result.txt"';

let aws: FakeAws;

beforeAll(async () => {
  aws = await startFakeAws();
});

afterAll(() => aws.close());

test.concurrent('a zip is unpacked, the command works on it with the documented variables, and its outputs lie beside it', () =>
  withObjects(
    aws,
    'for name in BUCKET KEY ETAG; do eval "echo \\$OVERTIME_OBJECT_$name"; done; ' +
      '[ "$PWD" = "$OVERTIME_INPUT_FOLDER" ] && echo started there; ' +
      'find . -type f | sort; echo "message $OVERTIME_MESSAGE_ID, $OVERTIME_RECEIVE_COUNT"; ' +
      '[ -s "$OVERTIME_OBJECT_FILE" ] && mkdir "$OVERTIME_OUTPUT_FOLDER/deep" && ' +
      'cp scene.ini "$OVERTIME_OUTPUT_FOLDER/deep/scene.png"',
    async (world) => {
      const { s3, queue, start, leftovers } = world;
      const worker = await start();
      send(world, 'a b/SCENE.ZIP', zipOf({ 'scene.ini': '[Low]', 'textures/wood.inc': 'x' }));
      await queue.seen('DeleteMessage a b/SCENE.ZIP');
      const { eTag } = s3.objects.get('in/a b/SCENE.ZIP') ?? {};

      expect(worker.text().stdout.split('\n')).toEqual([
        'in',
        'a b/SCENE.ZIP',
        eTag,
        'started there',
        './scene.ini',
        './textures/wood.inc',
        'message a b/SCENE.ZIP, 1',
        '',
      ]);
      expect(s3.objects.get('in/a b/deep/scene.png')).toMatchObject({
        content: Buffer.from('[Low]'),
        contentType: 'image/png',
        metadata: {
          'overtime-source': `s3://in/a%20b/SCENE.ZIP?etag=${eTag}`,
          'overtime-queue': queue.url,
          'overtime-sha256': createHash('sha256').update('[Low]').digest('hex'),
        },
      });
      expect(leftovers()).toEqual([]);
    },
  ));

test.concurrent('outputs go to their own bucket under their prefix, and a zip stays whole where that is asked for', () =>
  withObjects(aws, 'ls; cp "$OVERTIME_OBJECT_FILE" "$OVERTIME_OUTPUT_FOLDER"', async (world) => {
    const worker = await world.start({
      OVERTIME_UNPACK: 'none',
      OVERTIME_OUTPUT_BUCKET: 'out',
      OVERTIME_OUTPUT_PREFIX: 'done/',
    });
    send(world, 'a/b.zip', 'no zip at all');
    await world.queue.seen('DeleteMessage a/b.zip');

    expect(worker.text().stdout).toBe('b.zip\n');
    expect(world.s3.objects.get('out/done/a/b.zip')?.content.toString()).toBe('no zip at all');
  }));

test.concurrent('an object of many parts, and an output as large, come and go in parts', () =>
  withObjects(aws, COPY, async (world) => {
    const { s3, queue, start } = world;
    const content = randomBytes(20 * MIB);
    s3.faults.set('GetObject in/large', [undefined, 'cut']);
    s3.faults.set('UploadPart in/result.txt', ['busy']);
    await start();
    send(world, 'large', content);
    await queue.seen('DeleteMessage large');

    expect(s3.objects.get('in/result.txt')?.content.equals(content)).toBe(true);
    expect(s3.objects.get('in/result.txt')?.metadata).toHaveProperty('overtime-source');
    // Three parts, of which some were asked for again from where the one that was cut had stopped.
    expect(s3.asked('GetObject in/large')).toBeGreaterThan(3);
    expect(s3.uploads.size).toBe(0);
  }));

const onLinux = process.platform === 'linux' ? test.concurrent : test.concurrent.skip;

onLinux('memory does not grow with the object (Linux, whose kernel tells the peak)', () =>
  withObjects(aws, 'ln "$OVERTIME_OBJECT_FILE" "$OVERTIME_OUTPUT_FOLDER/copy"', async ({ s3, queue, start }) => {
    const bytes = 300 * MIB;
    s3.huge.set('in/huge', bytes);
    s3.huge.set('in/copy', 0);
    const worker = await start();
    queue.send(
      'huge',
      notification({ eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'in' }, object: { key: 'huge' } } }),
    );
    await queue.seen('DeleteMessage huge');
    const [, peakKiB] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${worker.child.pid}/status`, 'utf8')) ?? [];

    expect(s3.huge.get('in/copy')).toBe(bytes);
    expect(Number(peakKiB) / 1_024).toBeLessThan(250);
  }),
);

test.concurrent.each([
  [
    'is an output of a worker',
    'output',
    (world: ObjectWorld) => {
      const object = world.s3.put('in/object', 'content', { 'overtime-source': 's3://in/a.zip' });
      world.queue.send('object', notification(createdRecord('object', object)));
    },
  ],
  [
    'is gone',
    'gone',
    (world: ObjectWorld) => {
      send(world, 'object');
      world.s3.objects.delete('in/object');
    },
  ],
  [
    'was written over',
    'superseded',
    (world: ObjectWorld) => {
      send(world, 'object');
      world.s3.put('in/object', 'other content');
    },
  ],
])('the message of an object that %s is done without work', (_, reason, arrange) =>
  withObjects(aws, 'echo worked', async (world) => {
    arrange(world);
    const worker = await world.start();
    await world.queue.seen('DeleteMessage object');

    expect(worker.text().stdout).toBe('');
    expect(worker.text().stderr).toContain(`"event":"object.skipped"`);
    expect(worker.text().stderr).toContain(`"reason":"${reason}"`);
    expect(world.leftovers()).toEqual([]);
  }),
);

test.concurrent('the event by which S3 tests the queue is done', () =>
  withObjects(aws, 'echo worked', async ({ queue, start }) => {
    queue.send('test', JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'in' }));
    const worker = await start();
    await queue.seen('DeleteMessage test');

    expect(worker.text().stdout).toBe('');
  }));

test.concurrent.each([
  ['whose download is refused', 'GetObject in/object', ['denied'] as const],
  ['whose download is cut again and again', 'GetObject in/object', ['cut', 'cut', 'cut', 'cut'] as const],
  ['whose upload is refused', 'PutObject in/result.txt', ['denied'] as const],
])('an object %s comes back, and is worked on then', (_, operation, faults) =>
  withObjects(aws, COPY, async (world) => {
    const { s3, queue, start, leftovers } = world;
    s3.faults.set(operation, [...faults]);
    await start();
    send(world, 'object');
    await queue.seen('ChangeMessageVisibility object 2');
    expect(s3.objects.has('in/result.txt')).toBe(false);
    expect(leftovers()).toEqual([]);
    await queue.seen('DeleteMessage object');

    expect(s3.objects.get('in/result.txt')?.content.toString()).toBe('content');
    expect(leftovers()).toEqual([]);
  }),
);
