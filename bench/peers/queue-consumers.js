// What one would write for a queue without Overtime: with sqs-consumer, or a loop of its own of the three steps that an
// event source mapping does. The handler is a function of this process.
const { createRequire } = require('node:module');
const path = require('node:path');

const [library, peerFolder, queueUrl, mode, concurrency] = process.argv.slice(2);
const load = createRequire(path.join(peerFolder, 'package.json'));
const { SQSClient, ReceiveMessageCommand, DeleteMessageBatchCommand } = load('@aws-sdk/client-sqs');
const { handler } = require(path.join(__dirname, '../support/batch-function'));

const sqs = new SQSClient({ endpoint: new URL(queueUrl).origin });
const attributes = { messageSystemAttributeNames: ['All'], messageAttributeNames: ['All'] };

function consume() {
  const { Consumer } = load('sqs-consumer');
  if (mode === 'messages') {
    // Works on what one poll has brought side by side.
    const handleMessage = async (message) => {
      await handler({ Records: [message] });
      return message;
    };
    Consumer.create({ queueUrl, sqs, ...attributes, batchSize: Number(concurrency), handleMessage }).start();
    return;
  }
  const handleMessageBatch = async (messages) => {
    await handler({ Records: messages });
    return messages;
  };
  for (let count = 0; count < concurrency; count += 1) {
    Consumer.create({ queueUrl, sqs, ...attributes, batchSize: 10, handleMessageBatch }).start();
  }
}

async function loop() {
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 20,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    if (Messages.length > 0) {
      await handler({ Records: Messages });
      const Entries = Messages.map(({ MessageId: Id, ReceiptHandle }) => ({ Id, ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    }
  }
}

if (library === 'sqs-consumer') {
  consume();
} else {
  for (let count = 0; count < Number(concurrency); count += 1) {
    void loop();
  }
}
