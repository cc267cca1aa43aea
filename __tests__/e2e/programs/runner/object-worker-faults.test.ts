import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { type FakeAws, startFakeAws } from '../../../support/fake-aws';
import { createdRecord, notification, send, withObjects, zipOf } from '../../../support/worker/object-world';

// Each test runs real processes, which a busy machine may make slow.
jest.setTimeout(600_000);

const COPY = 'cp "$OVERTIME_OBJECT_FILE" "$OVERTIME_OUTPUT_FOLDER/$OVERTIME_OBJECT_KEY.txt"';
/** The first who asks finds nothing there. */
const IS_FIRST = 'mkdir "$FLAGS/$OVERTIME_OBJECT_KEY" 2>/dev/null';

let aws: FakeAws;
let flags: string;

beforeAll(async () => {
  aws = await startFakeAws();
  flags = mkdtempSync(path.join(tmpdir(), 'overtime-flags-'));
});

afterAll(async () => {
  await aws.close();
  await rm(flags, { recursive: true, force: true });
});

/** A zip whose one entry says that it is encrypted, in its own header and in the table of contents. */
function encryptedZip(): Buffer {
  const zip = zipOf({ 'scene.ini': 'x' });
  zip.writeUInt16LE(1, 6);
  zip.writeUInt16LE(1, zip.indexOf('PK\x01\x02') + 8);
  return zip;
}

function linkZip(): Buffer {
  return Buffer.from(zipSync({ link: [strToU8('/etc/passwd'), { os: 3, attrs: 0o120777 << 16 }] }));
}

const THREE = { a: 'x'.repeat(1_000), b: 'x'.repeat(1_000), c: 'x'.repeat(1_000) };

test.concurrent.each([
  [
    'an entry outside',
    zipOf({ '../../escaped': 'x' }),
    {},
    'ARCHIVE_UNSAFE',
    /"\.\.\/\.\.\/escaped", and it lies outside the zip/,
  ],
  [
    'a link that leads outside',
    linkZip(),
    {},
    'ARCHIVE_UNSAFE',
    /"link", and it is a symbolic link that leads outside/,
  ],
  [
    'too many entries',
    zipOf(THREE),
    { OVERTIME_UNPACK_LIMIT_ENTRIES: '2' },
    'ARCHIVE_UNSAFE',
    /holds more than 2 entries/,
  ],
  [
    'too many bytes',
    zipOf(THREE),
    { OVERTIME_UNPACK_LIMIT_BYTES: '2999' },
    'ARCHIVE_UNSAFE',
    /holds more than 2999 bytes when it is unpacked/,
  ],
  ['a secret', encryptedZip(), {}, 'ARCHIVE_UNSAFE', /"scene\.ini", and it is encrypted/],
  ['nothing that is a zip', Buffer.from('<html>'), {}, 'ARCHIVE_CORRUPT', /s3:\/\/in\/bad\.zip could not be unpacked/],
])(
  'a zip with %s is put among the dead with the reason, and the next object is worked on',
  (_, zip, environment, code, reason) =>
    withObjects(aws, 'echo worked; ls', async (world) => {
      const worker = await world.start(environment);
      send(world, 'bad.zip', zip);
      await world.queue.until(({ dead }) => dead.length === 1);
      send(world, 'good');
      await world.queue.seen('DeleteMessage good');

      expect(world.queue.dead[0]).toMatchObject({
        body: expect.stringContaining('"key":"bad.zip"'),
        attributes: {
          'overtime-code': { StringValue: code },
          'overtime-reason': { StringValue: expect.stringMatching(reason) },
        },
      });
      expect(worker.text().stdout).toBe('worked\ngood\n');
      expect(world.leftovers()).toEqual([]);
    }),
);

test.concurrent('a message that tells of no object is put among the dead, with what it should be', () =>
  withObjects(aws, 'echo worked', async ({ queue, start }) => {
    queue.send('other', '{"hello":"world"}');
    await start();
    await queue.until(({ dead }) => dead.length === 1);

    expect(queue.dead[0]).toMatchObject({
      body: '{"hello":"world"}',
      attributes: {
        'overtime-code': { StringValue: 'NOT_AN_OBJECT_EVENT' },
        'overtime-reason': { StringValue: expect.stringContaining('an S3 notification') },
      },
    });
  }));

test.concurrent('an output that would replace its own object is refused, and the object stays', () =>
  withObjects(aws, 'cp "$OVERTIME_OBJECT_FILE" "$OVERTIME_OUTPUT_FOLDER"', async (world) => {
    await world.start();
    send(world, 'picture');
    await world.queue.until(({ dead }) => dead.length === 1);

    expect(world.queue.dead[0]?.attributes['overtime-code']).toMatchObject({ StringValue: 'OUTPUT_REFUSED' });
    expect(world.s3.asked('PutObject')).toBe(0);
  }));

test.concurrent('a command that gives up on its object puts it among the dead, with what it said last', () =>
  withObjects(aws, 'seq 2000 >&2; echo no such scene >&2; exit 3', async (world) => {
    await world.start();
    send(world, 'scene');
    await world.queue.until(({ dead }) => dead.length === 1);

    const reason = world.queue.dead[0]?.attributes['overtime-reason']?.StringValue;
    expect(reason).toMatch(/^exit status 3\n/);
    expect(reason).toMatch(/\n1999\n2000\nno such scene$/);
    expect(world.leftovers()).toEqual([]);
  }));

test.concurrent('a command that fails is tried again, and then put among the dead', () =>
  withObjects(aws, 'echo no such scene >&2; exit 1', async (world) => {
    await world.start({ OVERTIME_MAX_RECEIVE_COUNT: '2' });
    send(world, 'scene');
    await world.queue.until(({ dead }) => dead.length === 1);

    expect(world.queue.about('scene').slice(0, 3)).toEqual([
      'ReceiveMessage scene',
      'ChangeMessageVisibility scene 2',
      'ReceiveMessage scene',
    ]);
    expect(world.queue.dead[0]?.attributes).toMatchObject({
      'overtime-code': { StringValue: 'Overtime.CommandFailed' },
      'overtime-reason': { StringValue: 'exit status 1\nno such scene' },
    });
  }));

test.concurrent('a command that gives its object back has it again at once, and that is no failure', () =>
  withObjects(aws, `${IS_FIRST} && exit 4; ${COPY}`, async (world) => {
    await world.start({ FLAGS: flags, OVERTIME_MAX_RECEIVE_COUNT: '1' });
    send(world, 'given-back');
    await world.queue.seen('DeleteMessage given-back');

    expect(world.queue.about('given-back')).toContain('ChangeMessageVisibility given-back 0');
    expect(world.queue.dead).toEqual([]);
    expect(world.s3.objects.has('in/given-back.txt')).toBe(true);
  }));

test.concurrent('a command that leaves nothing has failed where an output is required', () =>
  withObjects(aws, 'true', async (world) => {
    await world.start({ OVERTIME_OUTPUT_REQUIRED: 'true', OVERTIME_MAX_RECEIVE_COUNT: '1' });
    send(world, 'scene');
    await world.queue.until(({ dead }) => dead.length === 1);

    expect(world.queue.dead[0]?.attributes['overtime-reason']).toMatchObject({
      StringValue: 'The command ended well and left nothing in OVERTIME_OUTPUT_FOLDER.',
    });
  }));

test.concurrent('a job that takes too long is ended, comes back, and leaves no file', () =>
  withObjects(aws, 'echo begun; sleep 600', async (world) => {
    const worker = await world.start({ OVERTIME_TIMEOUT_SECONDS: '1' });
    send(world, 'slow');
    await world.queue.seen('ChangeMessageVisibility slow 2');

    expect(worker.text().stderr).toContain('"errorType":"Sandbox.Timedout"');
    expect(world.leftovers()).toEqual([]);
  }));

test.concurrent('a download that stands still is ended by the time limit as well', () =>
  withObjects(aws, 'echo worked', async (world) => {
    world.s3.faults.set('GetObject in/silent', ['silent']);
    const worker = await world.start({ OVERTIME_TIMEOUT_SECONDS: '5' });
    send(world, 'silent');
    await world.queue.seen('DeleteMessage silent');

    expect(worker.text().stderr).toContain('"errorType":"Sandbox.Timedout"');
    expect(worker.text().stdout).toBe('worked\n');
  }));

test.concurrent('a worker that is stopped gives its message back at once, and the next one does it', () =>
  withObjects(aws, `echo begun; if ${IS_FIRST}; then sleep 600; fi; ${COPY}`, async (world) => {
    const first = await world.start({ FLAGS: flags, OVERTIME_STOP_TIMEOUT_SECONDS: '2' });
    send(world, 'stopped');
    await first.seen('begun');
    first.child.kill('SIGTERM');

    expect(await first.exited).toBe(143);
    expect(world.queue.about('stopped')).toEqual(['ReceiveMessage stopped', 'ChangeMessageVisibility stopped 0']);
    expect(world.leftovers()).toEqual([]);
    await world.start({ FLAGS: flags });
    await world.queue.seen('DeleteMessage stopped');
    expect(world.s3.objects.has('in/stopped.txt')).toBe(true);
  }));

test.concurrent('what a killed worker has left is removed, and the next one does its job', () =>
  withObjects(
    aws,
    // The command lives on, as the worker cannot end it any more: until its folder goes.
    `echo begun; if ${IS_FIRST}; then while [ -d "$OVERTIME_OUTPUT_FOLDER" ]; do sleep 0.1; done; exit 1; fi; ${COPY}`,
    async (world) => {
      // SQS shows the message again after ten seconds, and the claim has ended then.
      const environment = { FLAGS: flags, OVERTIME_HEARTBEAT_MILLISECONDS: '100' };
      const first = await world.start(environment);
      send(world, 'killed');
      await first.seen('begun');
      const killed = once(first.child, 'exit');
      first.child.kill('SIGKILL');
      await killed;
      expect(world.leftovers()).toHaveLength(1);
      const second = await world.start(environment);
      await second.seen('worker.begins');

      expect(world.leftovers()).toEqual([]);
      await world.queue.until(({ left }) => left === 0);
      expect(world.s3.objects.get('in/killed.txt')?.content.toString()).toBe('content');
      expect(world.leftovers()).toEqual([]);
    },
  ));

test.concurrent('an output that has arrived when its worker is killed is not put there a second time, and others are', () =>
  withObjects(aws, `${COPY}; echo more > "$OVERTIME_OUTPUT_FOLDER/z.txt"`, async (world) => {
    const environment = { OVERTIME_HEARTBEAT_MILLISECONDS: '100' };
    world.s3.faults.set('PutObject in/once.txt', ['unanswered']);
    world.s3.faults.set('PutObject in/z.txt', ['silent']);
    const first = await world.start(environment);
    send(world, 'once');
    await Promise.all([world.s3.seen('PutObject in/once.txt'), world.s3.seen('PutObject in/z.txt')]);
    await world.s3.appeared('in/once.txt');
    const killed = once(first.child, 'exit');
    first.child.kill('SIGKILL');
    await killed;
    await world.start(environment);
    await world.queue.until(({ left }) => left === 0);

    expect(world.s3.objects.get('in/z.txt')?.content.toString()).toBe('more\n');
    expect([world.s3.asked('PutObject in/once.txt'), world.s3.asked('PutObject in/z.txt')]).toEqual([1, 2]);
  }));

test.concurrent('of several objects in a message those that are done are not done again', () =>
  withObjects(
    aws,
    `echo "on $OVERTIME_OBJECT_KEY"; [ "$OVERTIME_OBJECT_KEY" = two ] && ${IS_FIRST} && exit 1; ${COPY}`,
    async (world) => {
      const worker = await world.start({ FLAGS: flags });
      const records = ['one', 'two', 'three'].map((key) => createdRecord(key, world.s3.put(`in/${key}`, key)));
      world.queue.send('several', notification(...records));
      await world.queue.seen('DeleteMessage several');

      expect(worker.text().stdout.trim().split('\n')).toEqual(['on one', 'on two', 'on three', 'on two']);
      expect(['one', 'two', 'three'].every((key) => world.s3.objects.has(`in/${key}.txt`))).toBe(true);
    },
  ));

test.concurrent('an object of which S3 tells twice is worked on once', () =>
  withObjects(aws, `echo worked; ${COPY}`, async (world) => {
    const worker = await world.start();
    const event = notification(createdRecord('twice', world.s3.put('in/twice', 'content')));
    world.queue.send('first', event);
    await world.queue.seen('DeleteMessage first');
    world.queue.send('second', event);
    await world.queue.seen('DeleteMessage second');

    expect(worker.text().stdout).toBe('worked\n');
  }));

test.concurrent('an object that was gone is worked on when it is there again with the same bytes', () =>
  withObjects(aws, `echo worked; ${COPY}`, async (world) => {
    const worker = await world.start();
    send(world, 'again');
    world.s3.objects.delete('in/again');
    await world.queue.seen('DeleteMessage again');
    world.queue.send('second', notification(createdRecord('again', world.s3.put('in/again', 'content'))));
    await world.queue.seen('DeleteMessage second');

    expect(worker.text().stderr).toContain('"reason":"gone"');
    expect(worker.text().stdout).toBe('worked\n');
  }));
