import {
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import type { SendTo } from '../send';
import type { ClientOptions, Heartbeat } from './client-options';

export async function sendTaskOutcome(options: ClientOptions, send: SendTo<'taskToken'>): Promise<void> {
  const client = new SFNClient(options);
  await (send.call === 'success'
    ? client.send(new SendTaskSuccessCommand(send.input))
    : client.send(new SendTaskFailureCommand(send.input)));
}

/** Sends one heartbeat at each call, over one client. */
export function taskHeartbeat(options: ClientOptions, taskToken: string): Heartbeat {
  const client = new SFNClient(options);
  return async (signal) => {
    await client.send(new SendTaskHeartbeatCommand({ taskToken }), { abortSignal: signal });
  };
}
