import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { SendTo } from '../send';
import type { ClientOptions } from './client-options';

export async function invokeFunction(options: ClientOptions, { region, input }: SendTo<'function'>): Promise<void> {
  await new LambdaClient({ ...options, region }).send(new InvokeCommand(input));
}
