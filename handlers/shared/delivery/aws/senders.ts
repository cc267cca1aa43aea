import type { Send } from '../send';
import type { ClientOptions } from './client-options';

export interface SenderOptions extends ClientOptions {
  /** For an S3 endpoint that is not AWS's own and has no name for each bucket. */
  readonly forcePathStyle: boolean;
}

/**
 * Makes the call of a send. Each target's client is loaded when the first send needs it: most runs deliver to nobody,
 * and neither they nor the watcher's start should pay for six clients.
 */
export function awsSender({ forcePathStyle, ...options }: SenderOptions): (send: Send) => Promise<void> {
  return async (send) => {
    switch (send.to) {
      case 'taskToken':
        return (await import('./task-token')).sendTaskOutcome(options, send);
      case 'callback':
        return (await import('./callback')).sendCallbackOutcome(options, send);
      case 'queue':
        return (await import('./queue')).sendToQueue(options, send);
      case 'topic':
        return (await import('./topic')).publishToTopic(options, send);
      case 'eventBus':
        return (await import('./event-bus')).putOnEventBus(options, send);
      case 'function':
        return (await import('./function')).invokeFunction(options, send);
      case 'bucket':
        return (await import('./bucket')).putIntoBucket(options, send, forcePathStyle);
    }
  };
}
