import type { ClientOptions, Heartbeat } from '../shared/delivery/aws/client-options';
import type { Delivery } from '../shared/run';
import type { Heart } from './heartbeats';

/** Most runs have nobody who waits by token, so the client is loaded with the first heartbeat. */
function loaded(load: () => Promise<Heartbeat>): Heartbeat {
  let beat: Promise<Heartbeat> | undefined;
  return async (signal) => {
    beat ??= load();
    const send = await beat;
    return send(signal);
  };
}

/** Those who wait for a run by token. */
export function heartsOf(options: ClientOptions, { taskToken, callbackId }: Delivery): readonly Heart[] {
  const task: readonly Heart[] =
    taskToken === undefined
      ? []
      : [
          {
            to: 'taskToken',
            beat: loaded(async () =>
              (await import('../shared/delivery/aws/task-token')).taskHeartbeat(options, taskToken),
            ),
          },
        ];
  const callback: readonly Heart[] =
    callbackId === undefined
      ? []
      : [
          {
            to: 'callback',
            beat: loaded(async () =>
              (await import('../shared/delivery/aws/callback')).callbackHeartbeat(options, callbackId),
            ),
          },
        ];
  return [...task, ...callback];
}
