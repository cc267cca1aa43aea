import fc from 'fast-check';
import { type QueueMessage, queueMessage } from '../../../../../handlers/runner/worker/queue/message';
import { deadLetter, messageCopy } from '../../../../../handlers/runner/worker/queue/message-copy';
import { queueMessageOf } from '../../../../support/worker/queue-messages';

const text = (StringValue: string) => ({ DataType: 'String', StringValue });
const attributes = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, text('v')]));
const ERROR = { errorType: 'Overtime.CommandFailed', errorMessage: 'exit status 3' };

const received = (given: object = {}) =>
  queueMessage({ MessageId: 'm', ReceiptHandle: 'h', Body: 'b', MD5OfBody: 'd', ...given }, 5);

test('a message is what SQS says of it', () => {
  const message = received({
    Attributes: { ApproximateReceiveCount: '3', MessageGroupId: 'g', SentTimestamp: '4' },
    MessageAttributes: { a: text('1') },
    MD5OfMessageAttributes: 'e',
  });

  expect(message).toEqual({
    messageId: 'm',
    receiptHandle: 'h',
    body: 'b',
    bodyMd5: 'd',
    attributesMd5: 'e',
    system: { ApproximateReceiveCount: '3', MessageGroupId: 'g', SentTimestamp: '4' },
    attributes: { a: text('1') },
    firstMessageId: 'm',
    receiveCount: 3,
    isCopy: false,
    sentAt: 4,
    receivedAt: 5,
  });
});

test.each([
  ['nothing by which it could be deleted', { ReceiptHandle: undefined }, undefined],
  ['no id', { MessageId: undefined }, undefined],
])('with %s it is no message', (_, given, expected) => {
  expect(received(given)).toBe(expected);
});

test('a copy is of the job of the first message, counts its receives, and hides what is ours', () => {
  const first = queueMessageOf('first', { attributes: { a: text('1') }, receiveCount: 2 });
  const copy = messageCopy(first, 90, 2);
  const message = received({
    MessageAttributes: copy?.MessageAttributes,
    MD5OfMessageAttributes: 'of all of them',
    Attributes: { ApproximateReceiveCount: '1' },
  });

  expect(copy).toEqual({
    MessageBody: '{}',
    MessageAttributes: {
      a: text('1'),
      'overtime-message': text('first'),
      'overtime-attempt': { DataType: 'Number', StringValue: '2' },
    },
    DelaySeconds: 90,
  });
  expect(message).toMatchObject({
    firstMessageId: 'first',
    receiveCount: 3,
    isCopy: true,
    attributes: { a: text('1') },
    attributesMd5: undefined,
  });
});

test('a copy of a copy of a copy is still of the first message', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 10 }), (receives) => {
      let message: QueueMessage = queueMessageOf('first');
      let count = 1;
      for (const [index, times] of receives.entries()) {
        const copy = messageCopy(message, 0, message.receiveCount);
        const next = queueMessage(
          {
            MessageId: `copy ${index}`,
            ReceiptHandle: 'h',
            Attributes: { ApproximateReceiveCount: String(times) },
            ...(copy?.MessageAttributes === undefined ? {} : { MessageAttributes: copy.MessageAttributes }),
          },
          0,
        );
        message = next ?? message;
        count += times;
      }

      expect([message.firstMessageId, message.receiveCount]).toEqual(['first', count]);
    }),
  );
});

test.each([
  ['no number', 'x'],
  ['a negative number', '-3'],
  ['half a number', '1.5'],
])('a count that anybody may have sent and is %s is none', (_, value) => {
  expect(received({ MessageAttributes: { 'overtime-attempt': text(value) } })).toMatchObject({ receiveCount: 1 });
});

test('a copy waits a quarter of an hour at most, as SQS has it', () => {
  expect(messageCopy(queueMessageOf('m'), 43_200, 1)?.DelaySeconds).toBe(900);
});

test.each([
  [8, true],
  [9, false],
])('a message with %p attributes of its own can be copied: %p', (count, expected) => {
  expect(messageCopy(queueMessageOf('m', { attributes: attributes(count) }), 0, 1) !== undefined).toBe(expected);
});

test('among the dead a message has its body, its attributes, its trace and why it is there', () => {
  const message = queueMessageOf('m', {
    body: 'b',
    attributes: { a: text('1') },
    system: { AWSTraceHeader: 'Root=1', SentTimestamp: '1' },
  });

  expect(deadLetter(message, ERROR, false)).toEqual({
    MessageBody: 'b',
    MessageAttributes: {
      a: text('1'),
      'overtime-code': text('Overtime.CommandFailed'),
      'overtime-reason': text('exit status 3'),
    },
    MessageSystemAttributes: { AWSTraceHeader: text('Root=1') },
  });
});

test('among the dead of a FIFO queue it is in its group, once', () => {
  expect(deadLetter(queueMessageOf('m', { system: { MessageGroupId: 'g' } }), ERROR, true)).toMatchObject({
    MessageGroupId: 'g',
    MessageDeduplicationId: 'm',
  });
});

test.each([
  [8, ['overtime-code', 'overtime-reason']],
  [9, ['overtime-code']],
  [10, []],
])('a message with %p attributes of its own keeps them all, and gets %j', (count, ours) => {
  const { MessageAttributes = {} } = deadLetter(queueMessageOf('m', { attributes: attributes(count) }), ERROR, false);

  expect(Object.keys(MessageAttributes)).toEqual([...Object.keys(attributes(count)), ...ours]);
});

test.each([
  ['colours of a terminal', '\u{1b}[31mred', '\u{FFFD}[31mred'],
  ['half of a pair', 'a\u{d83d}', 'a\u{FFFD}'],
  ['nothing', '', '-'],
  ['a whole pair and a line', '😀\n', '😀\n'],
])('a reason with %s is one that SQS takes', (_, errorMessage, reason) => {
  expect(deadLetter(queueMessageOf('m'), { errorType: 'E', errorMessage }, false).MessageAttributes).toMatchObject({
    'overtime-reason': text(reason),
  });
});

test('a reason is cut to 2,048 characters: of a longer one the middle is left out', () => {
  const { MessageAttributes = {} } = deadLetter(
    queueMessageOf('m'),
    { errorType: 'E', errorMessage: `exit status 1\n${'x'.repeat(9_999)}\nno such scene` },
    false,
  );

  const reason = MessageAttributes['overtime-reason']?.StringValue;
  expect(reason).toHaveLength(2_048);
  expect(reason).toMatch(/^exit status 1\nx+\n\.\.\.\nx+\nno such scene$/);
});
