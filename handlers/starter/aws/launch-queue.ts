import { SendMessageCommand, SQSClient, type SQSClientConfig } from '@aws-sdk/client-sqs';
import { LAUNCH_MESSAGE_GROUP } from '../../shared/launch-message';
import type { StarterPorts } from '../ports';

/** Puts launches at the end of the launch queue. */
export function launchQueue(settings: SQSClientConfig, queueUrl: string): StarterPorts['queueLaunch'] {
  const client = new SQSClient(settings);
  return async (message, deduplicationId) => {
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify(message),
        MessageGroupId: LAUNCH_MESSAGE_GROUP,
        MessageDeduplicationId: deduplicationId,
      }),
    );
  };
}
