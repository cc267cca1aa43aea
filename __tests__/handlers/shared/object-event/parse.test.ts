import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseObjectEvents } from '../../../../handlers/shared/object-event/parse';

const sample = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(__dirname, '../../../support/events', `${name}.json`), 'utf8'));

const notification = sample('s3');
const busEvent = sample('eventbridge-s3');
const testEvent = sample('s3-test');

const { Records: [sampleRecord] = [] } = notification as { Records?: readonly unknown[] };

const sampleObject = {
  bucket: 'amzn-s3-demo-bucket',
  key: 'b21b84d653bb07b05b1e6b33684dc11b',
  rawKey: 'b21b84d653bb07b05b1e6b33684dc11b',
  eTag: 'b21b84d653bb07b05b1e6b33684dc11b',
  sequencer: '0C0F6F405D6ED209E1',
  sizeBytes: 1305107,
  eventName: 'ObjectCreated:Put',
  eventTime: '2019-09-03T19:37:27.192Z',
  region: 'us-east-2',
  source: sampleRecord,
};

const sampleBusObject = {
  bucket: 'amzn-s3-demo-bucket1',
  key: 'example-key',
  rawKey: 'example-key',
  versionId: 'IYV3p45BT0ac8hjHg1houSdS1a.Mro8e',
  eTag: 'b1946ac92492d2347c6235b4d2611184',
  sequencer: '617f08299329d189',
  sizeBytes: 5,
  eventName: 'Object Created',
  eventTime: '2021-11-12T00:00:00Z',
  region: 'ca-central-1',
  source: busEvent,
};

const record = (key: string, more: { eventName?: string; object?: Record<string, unknown> } = {}) => ({
  eventName: more.eventName ?? 'ObjectCreated:Put',
  s3: { bucket: { name: 'uploads' }, object: { key, ...more.object } },
});

const busEventOf = (key: string) => ({
  source: 'aws.s3',
  'detail-type': 'Object Created',
  detail: { bucket: { name: 'uploads' }, object: { key } },
});

const inQueue = (...bodies: readonly unknown[]) => ({
  Records: bodies.map((body) => ({
    messageId: '059f36b4-87a3-44ab-83d2-661975830a7d',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-2:123456789012:my-queue',
    body: JSON.stringify(body),
  })),
});

const inTopic = (message: unknown) => ({
  Records: [{ EventSource: 'aws:sns', Sns: { Type: 'Notification', Message: JSON.stringify(message) } }],
});

const throughTopicToQueue = (message: unknown) => ({ ...sample('sns-in-sqs'), Message: JSON.stringify(message) });

const keysOf = (event: unknown) => {
  const read = parseObjectEvents(event);
  return read.kind === 'objects' ? read.objects.map(({ key }) => key) : read;
};

/** As S3 encodes keys in its notifications: like a form's value, but for the slashes. */
const asS3Encodes = (key: string) =>
  new URLSearchParams([['', key]]).toString().slice(1).replaceAll('%2F', '/').replaceAll('*', '%2A');

const character = fc.oneof(
  fc.constantFrom(' ', '+', '%', '%2B', '%25', '/', '&', '=', 'ü', '雪', '🎬'),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
);

const key = fc.string({ unit: character, minLength: 1, maxLength: 40 });

describe('the objects that an event tells of', () => {
  test("S3's notification, as AWS documents it", () => {
    expect(parseObjectEvents(notification)).toEqual({ kind: 'objects', objects: [sampleObject], skipped: [] });
  });

  test("S3's event on EventBridge, as AWS documents it", () => {
    expect(parseObjectEvents(busEvent)).toEqual({ kind: 'objects', objects: [sampleBusObject], skipped: [] });
  });

  test.each([
    ['as the text of a message', JSON.stringify(notification)],
    ['in the event of a queue', inQueue(notification)],
    ['in the event of a topic', inTopic(notification)],
    ['through a topic into a queue', throughTopicToQueue(notification)],
    ['through a topic into a queue, as Lambda gets it', inQueue(throughTopicToQueue(notification))],
  ])('the same %s', (_, event) => {
    expect(parseObjectEvents(event)).toEqual({ kind: 'objects', objects: [sampleObject], skipped: [] });
  });

  test('an event of EventBridge that came through a queue', () => {
    expect(parseObjectEvents(inQueue(busEvent))).toEqual({ kind: 'objects', objects: [sampleBusObject], skipped: [] });
  });

  test('every record of every message, in order: the launcher of 2015 read the first alone, and its worker the last', () => {
    const event = inQueue(
      { Records: [record('1'), record('2')] },
      busEventOf('3'),
      inTopic({ Records: [record('4')] }),
    );

    expect(keysOf(event)).toEqual(['1', '2', '3', '4']);
  });

  test.each([
    ['as AWS documents it', testEvent],
    ['as the text of a message', JSON.stringify(testEvent)],
    ['in the event of a queue', inQueue(testEvent)],
    ['in the event of a topic', inTopic(testEvent)],
  ])("S3's test of a notification, %s, is no object and no mistake", (_, event) => {
    expect(parseObjectEvents(event)).toEqual({ kind: 'test' });
  });

  test('a test that comes with an object does not hide it', () => {
    expect(keysOf(inQueue(testEvent, { Records: [record('scene.zip')] }))).toEqual(['scene.zip']);
  });
});

describe('what is no work', () => {
  test.each([
    'ObjectRemoved:Delete',
    'ObjectRemoved:DeleteMarkerCreated',
    'LifecycleExpiration:Delete',
    'ObjectTagging:Put',
  ])('%s leaves nothing to work on', (eventName) => {
    expect(parseObjectEvents({ Records: [record('old+scene.zip', { eventName })] })).toEqual({
      kind: 'objects',
      objects: [],
      skipped: [{ reason: 'not-created', bucket: 'uploads', key: 'old scene.zip', eventName }],
    });
  });

  test('nor does an object that EventBridge says was deleted', () => {
    const event = { ...busEventOf('old.zip'), 'detail-type': 'Object Deleted' };

    expect(parseObjectEvents(event)).toEqual({
      kind: 'objects',
      objects: [],
      skipped: [{ reason: 'not-created', bucket: 'uploads', key: 'old.zip', eventName: 'Object Deleted' }],
    });
  });

  test.each([
    ['an empty object whose key ends with a slash is a folder', 0, []],
    ['one that has bytes is an object', 1, ['scenes/']],
    ['so is one of which nobody knows', undefined, ['scenes/']],
  ])('%s', (_, size, keys) => {
    expect(keysOf({ Records: [record('scenes/', { object: { size } })] })).toEqual(keys);
  });
});

describe('keys', () => {
  test.each([
    ['red flower.jpg', 'red+flower.jpg', "AWS's own example"],
    ['my scene (2).zip', 'my+scene+%282%29.zip', 'which the worker of 2015 looked for under this very name'],
    ['a+b.zip', 'a%2Bb.zip', 'where the plus is one'],
    ['100%.zip', '100%25.zip', 'with a percent sign'],
    ['a%2Bb.zip', 'a%252Bb.zip', 'which looks encoded when it is decoded'],
    ['größe/雪.zip', 'gr%C3%B6%C3%9Fe/%E9%9B%AA.zip', 'in UTF-8'],
  ])('%j comes as %j: %s', (decoded, rawKey) => {
    const read = parseObjectEvents({ Records: [record(rawKey)] });

    expect(read).toMatchObject({ kind: 'objects', objects: [{ key: decoded, rawKey }] });
  });

  test('any key comes back from a notification, decoded exactly once', () => {
    fc.assert(
      fc.property(key, (one) => {
        expect(keysOf({ Records: [record(asS3Encodes(one))] })).toEqual([one]);
      }),
    );
  });

  test('any key comes from EventBridge as it is', () => {
    fc.assert(
      fc.property(key, (one) => {
        expect(keysOf(busEventOf(one))).toEqual([one]);
      }),
    );
  });

  test('a key that is not encoded is refused rather than guessed', () => {
    expect(parseObjectEvents({ Records: [record('fine'), record('100%.zip')] })).toEqual({
      kind: 'not-objects',
      problems: [
        'The key in Records[1] of the event is not encoded as S3 encodes it: write % as %25, + as %2B and a space as +',
      ],
    });
  });

  test('half a character is refused: no key of S3 has one', () => {
    expect(parseObjectEvents(busEventOf('\ud83c'))).toEqual({
      kind: 'not-objects',
      problems: ['The key in the event is no text that UTF-8 can hold: give the key of an object'],
    });
  });
});

describe('versions', () => {
  test.each([
    ['of a bucket with versioning', '096fKKXTRTtl3on89fVO.nfljtsv6qko', '096fKKXTRTtl3on89fVO.nfljtsv6qko'],
    ['of one without', undefined, undefined],
    ['of one without, said in words', null, undefined],
    ['of one whose versioning is suspended: the next upload writes over it', 'null', undefined],
  ])('%s', (_, versionId, expected) => {
    const read = parseObjectEvents({ Records: [record('scene.zip', { object: { versionId } })] });

    expect(read.kind === 'objects' ? read.objects.map((object) => object.versionId) : read).toEqual([expected]);
  });
});

const FORMS =
  "an S3 notification, an S3 event of EventBridge, or one of them in SNS's or SQS's wrapping, such as " +
  '{"Records": [{"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "my-bucket"}, "object": {"key": "my+key"}}}]}';

describe('what is no event of an object says why, and shows nothing that it holds', () => {
  test.each([
    ['a text without JSON', 'secret', `There is no JSON in the text: give ${FORMS}`],
    ['a text in JSON', '"secret"', `There is a text in the text: give ${FORMS}`],
    [
      'a text among records',
      { Records: ['secret'] },
      `There is a text in Records[0] of the event that is no record of S3, SNS or SQS: give ${FORMS}`,
    ],
    ['a number', 7, `There is 7 in the event: give ${FORMS}`],
    ['nothing', undefined, `There is undefined in the event: give ${FORMS}`],
    ['a list', [], `There is a list of 0 items in the event: give ${FORMS}`],
    ['an object of no kind', { secret: 1 }, `There is an object in the event without Records: give ${FORMS}`],
    ['no records', { Records: [] }, `The event's Records are an empty list: give ${FORMS}`],
    [
      'a record of another service',
      { Records: [{ eventSource: 'aws:dynamodb', dynamodb: {} }] },
      `There is an object in Records[0] of the event that is no record of S3, SNS or SQS: give ${FORMS}`,
    ],
    [
      'a record without a bucket and key',
      { Records: [{ eventName: 'ObjectCreated:Put', s3: { object: {} } }] },
      'In Records[0] of the event is missing or of another type: s3.bucket, s3.object.key',
    ],
    [
      'an event of EventBridge from another service',
      sample('eventbridge-schedule'),
      'In the event is missing or of another type: source, detail.bucket, detail.object',
    ],
    [
      'a message that is no JSON',
      sample('sqs-fifo'),
      `There is no JSON in the body of Records[0] of the event: give ${FORMS}`,
    ],
    [
      'a notification that is no JSON',
      sample('sns-in-sqs'),
      `There is no JSON in the Message of the event: give ${FORMS}`,
    ],
  ])('%s', (_, event, problem) => {
    expect(parseObjectEvents(event)).toEqual({ kind: 'not-objects', problems: [problem] });
  });

  test('every wrong record is named', () => {
    expect(parseObjectEvents({ Records: [record('a'), record('%'), { s3: {} }] })).toEqual({
      kind: 'not-objects',
      problems: [
        'The key in Records[1] of the event is not encoded as S3 encodes it: write % as %25, + as %2B and a space as +',
        'In Records[2] of the event is missing or of another type: eventName, s3.bucket, s3.object',
      ],
    });
  });
});
