import fc from 'fast-check';
import { batchesOf, MESSAGE_BYTES, type ObjectMessage, objectMessage } from '../../../handlers/dispatcher/batches';
import { parseObjectEvents } from '../../../handlers/shared/object-event/parse';

const record = (key: string, more: Record<string, unknown> = {}) => ({
  eventSource: 'aws:s3',
  eventName: 'ObjectCreated:Put',
  s3: { bucket: { name: 'uploads' }, object: { key, eTag: 'e1', sequencer: '01', ...more } },
});

const busEvent = (key: string) => ({
  source: 'aws.s3',
  'detail-type': 'Object Created',
  detail: { bucket: { name: 'uploads' }, object: { key } },
});

function objectOf(event: unknown) {
  const read = parseObjectEvents(event);
  const [object] = read.kind === 'objects' ? read.objects : [];
  if (object === undefined) {
    throw new Error('The example is no object.');
  }
  return object;
}

const idsOf = (batches: readonly (readonly ObjectMessage[])[]) => batches.map((batch) => batch.map(({ id }) => id));

const message = (id: string, bytes: number, groupId?: string): ObjectMessage => ({
  id,
  body: 'x'.repeat(bytes),
  order: groupId === undefined ? undefined : { groupId, deduplicationId: id },
});

describe('the message of an object', () => {
  test('is the notification of S3 with its record alone, untouched: what a function gets from S3 through SQS', () => {
    const one = record('my+scene.zip', { versionId: null });

    expect(JSON.parse(objectMessage(objectOf({ Records: [one] }), '0', false).body)).toEqual({ Records: [one] });
  });

  test('is the event of EventBridge as it came', () => {
    expect(JSON.parse(objectMessage(objectOf(busEvent('a')), '0', false).body)).toEqual(busEvent('a'));
  });

  test('has no character that SQS refuses, and is read as the same', () => {
    const { body } = objectMessage(objectOf(busEvent('a\uFFFFb\uFFFE')), '0', false);

    expect(body).not.toMatch(/[\uFFFE\uFFFF]/);
    expect(JSON.parse(body)).toEqual(busEvent('a\uFFFFb\uFFFE'));
  });

  test('has no order in a queue that keeps none', () => {
    expect(objectMessage(objectOf(busEvent('a')), '0', false).order).toBeUndefined();
  });
});

describe('the order of a FIFO queue', () => {
  const orderOf = (event: unknown) => objectMessage(objectOf(event), '0', true).order;

  test('is that of each object', () => {
    const first = orderOf({ Records: [record('a', { sequencer: '01', eTag: 'e1' })] });
    const later = orderOf({ Records: [record('a', { sequencer: '02', eTag: 'e2' })] });
    const other = orderOf({ Records: [record('b', { sequencer: '01', eTag: 'e1' })] });

    expect(first?.groupId).toBe(later?.groupId);
    expect(first?.groupId).not.toBe(other?.groupId);
    expect(new Set([first, later, other].map((order) => order?.deduplicationId)).size).toBe(3);
  });

  test('takes an event that S3 sends twice for one', () => {
    expect(orderOf({ Records: [record('a')] })).toEqual(orderOf({ Records: [{ ...record('a'), eventTime: 'later' }] }));
  });

  test('has ids as SQS takes them', () => {
    const { groupId = '', deduplicationId = '' } = orderOf({ Records: [record('%F0%9F%8E%AC'.repeat(80))] }) ?? {};

    expect([groupId, deduplicationId]).toEqual([
      expect.stringMatching(/^[0-9a-f]{64}$/),
      expect.stringMatching(/^[0-9a-f]{64}$/),
    ]);
  });
});

describe('batches', () => {
  test('have at most 10 messages', () => {
    const messages = Array.from({ length: 21 }, (_, index) => message(String(index), 1));

    expect(batchesOf(messages).map(({ length }) => length)).toEqual([10, 10, 1]);
  });

  test('have at most 1 MiB in all, to the byte', () => {
    const half = MESSAGE_BYTES / 2;

    expect(idsOf(batchesOf([message('a', half), message('b', half), message('c', 1)]))).toEqual([['a', 'b'], ['c']]);
    expect(idsOf(batchesOf([message('a', half), message('b', half + 1)]))).toEqual([['a'], ['b']]);
  });

  test('count bytes, not characters', () => {
    const wide = (id: string): ObjectMessage => ({ id, body: '雪'.repeat(MESSAGE_BYTES / 4), order: undefined });

    expect(idsOf(batchesOf([wide('a'), wide('b')]))).toEqual([['a'], ['b']]);
  });

  test('never have two of one group, of which the first might have to be sent again', () => {
    expect(idsOf(batchesOf([message('a', 1, 'x'), message('b', 1, 'y'), message('c', 1, 'x')]))).toEqual([
      ['a', 'b'],
      ['c'],
    ]);
  });

  test('hold every message once, in order, within the limits', () => {
    const one = fc.record({
      bytes: fc.nat({ max: 400_000 }),
      group: fc.option(fc.constantFrom('x', 'y', 'z'), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 40 }), (ones) => {
        const messages = ones.map(({ bytes, group }, index) => message(String(index), bytes, group));
        const batches = batchesOf(messages);

        expect(batches.flat()).toEqual(messages);
        for (const batch of batches) {
          const groups = batch.flatMap(({ order }) => order?.groupId ?? []);
          expect(batch.length).toBeLessThanOrEqual(10);
          expect(batch.reduce((sum, { body }) => sum + body.length, 0)).toBeLessThanOrEqual(MESSAGE_BYTES);
          expect(new Set(groups).size).toBe(groups.length);
        }
      }),
      { numRuns: 50 },
    );
  });

  test('are none for no messages', () => {
    expect(batchesOf([])).toEqual([]);
  });
});
