import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEntrance } from '../../../handlers/dispatcher/entrance';

const sample = (name: string) =>
  JSON.parse(readFileSync(join(__dirname, '../../support/events', `${name}.json`), 'utf8'));

const ACTIONS =
  'give {"action": "sweep"} or {"action": "dispatch", "objects": [{"bucket": "my-bucket", "key": "my key.zip"}]}';
const OBJECTS = 'give a list of 1 to 1,000 objects, each with its bucket and key';
const BUCKET = "give a bucket's name";
const KEY = "give an object's key as it is, not encoded: 1 to 1,024 bytes of UTF-8";

describe('how the dispatcher was invoked', () => {
  test.each(['s3', 's3-test', 'sns', 'sns-in-sqs', 'eventbridge-s3'])("AWS's sample %s is an event", (name) => {
    expect(readEntrance(sample(name))).toEqual({ kind: 'event' });
  });

  test('messages of a queue are read one by one', () => {
    expect(readEntrance(sample('sqs-standard'))).toEqual({
      kind: 'queue',
      messages: [
        expect.objectContaining({ messageId: '059f36b4-87a3-44ab-83d2-661975830a7d', body: 'Test message.' }),
        expect.objectContaining({ messageId: '2e1424d4-f796-459a-8184-9c92662be6da', body: 'Test message.' }),
      ],
    });
  });

  test('the rule of every minute asks for a sweep', () => {
    expect(readEntrance({ action: 'sweep' })).toEqual({ kind: 'sweep' });
  });

  test('somebody names objects by hand', () => {
    const objects = [
      { bucket: 'uploads', key: 'my scene+1.zip' },
      { bucket: 'uploads', key: 'old.zip', versionId: 'v1' },
    ];

    expect(readEntrance({ action: 'dispatch', objects })).toEqual({ kind: 'dispatch', objects });
  });

  test.each([
    ['a text', 'text'],
    ['nothing', undefined],
    ['no records', { Records: [] }],
  ])('%s is left to the parser of events', (_, event) => {
    expect(readEntrance(event)).toEqual({ kind: 'event' });
  });
});

describe('a request that is wrong', () => {
  const dispatch = (objects: unknown) => ({ action: 'dispatch', objects });

  test.each([
    ['another action', { action: 'start' }, [`action is "start": ${ACTIONS}`]],
    ['a field too many', { action: 'sweep', force: true }, [`force is no field: ${ACTIONS}`]],
    ['no objects', { action: 'dispatch' }, [`objects is missing: ${OBJECTS}`]],
    ['an empty list', dispatch([]), [`objects is a list of 0 items: ${OBJECTS}`]],
    ['no list', dispatch('a'), [`objects is "a": ${OBJECTS}`]],
    ['an object that is none', dispatch(['a']), [`objects.0 is "a": ${OBJECTS}`]],
    [
      'every wrong field',
      dispatch([{ bucket: 'No', key: '' }, { bucket: 'uploads' }, { bucket: 'uploads', key: 'a', eTag: 'e' }]),
      [
        `objects.0.bucket is "No": ${BUCKET}`,
        `objects.0.key is "": ${KEY}`,
        `objects.1.key is missing: ${KEY}`,
        `objects.2.eTag is no field: ${ACTIONS}`,
      ],
    ],
    [
      'a key that is too long in UTF-8',
      dispatch([{ bucket: 'uploads', key: '雪'.repeat(342) }]),
      [`objects.0.key is "${'雪'.repeat(60)}...": ${KEY}`],
    ],
    [
      'a key of half a character',
      dispatch([{ bucket: 'uploads', key: '\ud83c' }]),
      [`objects.0.key is "\\ud83c": ${KEY}`],
    ],
    [
      'too many objects',
      dispatch(Array.from({ length: 1_001 }, () => ({ bucket: 'uploads', key: 'a' }))),
      [`objects is a list of 1001 items: ${OBJECTS}`],
    ],
  ])('%s', (_, event, problems) => {
    expect(readEntrance(event)).toEqual({ kind: 'wrong', problems });
  });
});
