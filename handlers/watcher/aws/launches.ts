import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { LAUNCH_MESSAGE_GROUP } from '../../shared/launch-message';
import type { WatcherPorts } from '../ports';

/** Puts launches at the end of the launch queue. */
export function launchQueue(client: SQSClient, queueUrl: string): WatcherPorts['sendLaunch'] {
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
