import { SendMessageCommand, SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import type { RouterPorts } from '../ports';

/** Puts rows' messages into the queue whose delay is the window. */
export function rowQueue(settings: SQSClientConfig, queueUrl: string): RouterPorts['sendRow'] {
  const client = new SQSClient(settings);
  return async (message) => {
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(message) }));
  };
}
