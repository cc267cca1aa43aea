import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { SendTo } from '../send';
import type { ClientOptions } from './client-options';

export async function publishToTopic(options: ClientOptions, { region, input }: SendTo<'topic'>): Promise<void> {
  await new SNSClient({ ...options, region }).send(new PublishCommand(input));
}
