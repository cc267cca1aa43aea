import { failedDeletions, receivedMessages } from '../../../../../handlers/runner/worker/queue/quick-answers';

const MESSAGE = { MessageId: 'm', ReceiptHandle: 'h', Body: 'b', MD5OfBody: 'd' };

test.each([
  ['nothing', {}, []],
  ['a message', { Messages: [MESSAGE] }, [MESSAGE]],
  [
    'all that a message may have',
    {
      Messages: [
        {
          ...MESSAGE,
          MD5OfMessageAttributes: 'e',
          Attributes: { SentTimestamp: '1' },
          MessageAttributes: {
            text: { DataType: 'String', StringValue: 'v' },
            bytes: { DataType: 'Binary', BinaryValue: 'AQID' },
          },
        },
      ],
    },
    [
      {
        ...MESSAGE,
        MD5OfMessageAttributes: 'e',
        Attributes: { SentTimestamp: '1' },
        MessageAttributes: {
          text: { DataType: 'String', StringValue: 'v' },
          bytes: { DataType: 'Binary', BinaryValue: Buffer.from([1, 2, 3]) },
        },
      },
    ],
  ],
  ['no answer', undefined, undefined],
  ['a page of a proxy', '<html>', undefined],
  ['a message without a handle', { Messages: [{ ...MESSAGE, ReceiptHandle: undefined }] }, undefined],
])('of a poll, %s is read', (_, answer, expected) => {
  expect(receivedMessages(answer)).toEqual(expected);
});

test.each([
  ['that all are gone', { Successful: [{ Id: '0' }], Failed: [] }, []],
  ['that all are gone, without a word of failures', { Successful: [{ Id: '0' }] }, []],
  [
    'which are not',
    { Failed: [{ Id: '1', Code: 'ReceiptHandleIsInvalid', SenderFault: true, Message: 'm' }] },
    [{ Id: '1', Code: 'ReceiptHandleIsInvalid', SenderFault: true, Message: 'm' }],
  ],
  ['nothing that can be read', undefined, undefined],
  ['failures without a code', { Failed: [{ Id: '1' }] }, undefined],
])('of a deletion it is read %s', (_, answer, expected) => {
  expect(failedDeletions(answer)).toEqual(expected);
});
