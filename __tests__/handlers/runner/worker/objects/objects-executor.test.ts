import { messageJobId } from '../../../../../handlers/runner/worker/objects/objects-executor';

const record = (key: string, eventName = 'ObjectCreated:Put') => ({
  eventName,
  s3: { bucket: { name: 'b' }, object: { key, eTag: 'e' } },
});

test.each([
  ['one object is its own', { Records: [record('a')] }, 's3://b/a?etag=e'],
  [
    'one object, the rest being no work',
    { Records: [record('x', 'ObjectRemoved:Delete'), record('a')] },
    's3://b/a?etag=e',
  ],
  [
    'a key alone is none, as there may be other content by now',
    { Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'b' }, object: { key: 'a' } } }] },
    undefined,
  ],
  ['several objects is none, as each has one', { Records: [record('a'), record('b')] }, undefined],
  ['no object is none', { Event: 's3:TestEvent' }, undefined],
  ['no event is none', 'hello', undefined],
])("a message's job by %s", (_, body, expected) => {
  expect(messageJobId(JSON.stringify(body))).toBe(expected);
});
