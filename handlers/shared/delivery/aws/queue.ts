import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SendTo } from '../send';
import type { ClientOptions } from './client-options';

export async function sendToQueue(options: ClientOptions, { region, account, name, input }: SendTo<'queue'>) {
  // Without the option the client would send to the host of the queue's URL, whatever endpoint it was told to use.
  const client = new SQSClient({ ...options, region, useQueueUrlAsEndpoint: false });
  const { url } = client.config.endpointProvider({ Region: region, UseDualStack: false, UseFIPS: false });
  await client.send(new SendMessageCommand({ ...input, QueueUrl: new URL(`/${account}/${name}`, url).href }));
}
