import {
  LambdaClient,
  SendDurableExecutionCallbackFailureCommand,
  SendDurableExecutionCallbackHeartbeatCommand,
  SendDurableExecutionCallbackSuccessCommand,
} from '@aws-sdk/client-lambda';
import type { SendTo } from '../send';
import type { ClientOptions, Heartbeat } from './client-options';

export async function sendCallbackOutcome(options: ClientOptions, send: SendTo<'callback'>): Promise<void> {
  const client = new LambdaClient(options);
  await (send.call === 'success'
    ? client.send(new SendDurableExecutionCallbackSuccessCommand(send.input))
    : client.send(new SendDurableExecutionCallbackFailureCommand(send.input)));
}

/** Sends one heartbeat at each call, over one client. */
export function callbackHeartbeat(options: ClientOptions, callbackId: string): Heartbeat {
  const client = new LambdaClient(options);
  return async (signal) => {
    await client.send(new SendDurableExecutionCallbackHeartbeatCommand({ CallbackId: callbackId }), {
      abortSignal: signal,
    });
  };
}
