// A function of a queue as Lambda calls it: does what the body of each message says.
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

exports.handler = async ({ Records }) => {
  process.stdout.write(`the batch is ${Records.map(({ messageId }) => messageId).join(' ')}\n`);
  const [{ eventSource, eventSourceARN, awsRegion, attributes, messageAttributes }] = Records;
  process.stdout.write(
    `the first is ${JSON.stringify({ eventSource, eventSourceARN, awsRegion, attributes, messageAttributes })}\n`,
  );
  const batchItemFailures = [];
  for (const { messageId, body } of Records) {
    if (body === 'throws') {
      throw new Error('no batch of mine');
    }
    if (body === 'fails') {
      batchItemFailures.push({ itemIdentifier: messageId });
    }
    if (body.startsWith('sleeps ')) {
      await wait(Number(body.split(' ')[1]));
    }
  }
  return { batchItemFailures };
};
