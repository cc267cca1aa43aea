import type { UrlRequest } from './aws-events';
import { type Order, type OrderSettings, ordersOf, queueMessageOrders } from './orders';
import { shapeOf } from './shapes';

/** A message of a queue, and what it asks for. */
export interface QueuedOrders {
  readonly messageId: string;
  readonly orders: readonly Order[];
}

/** By which of the starter's entrances an event came, and what it asks for. */
export type Entrance =
  | { readonly kind: 'direct'; readonly event: unknown }
  | { readonly kind: 'url'; readonly request: UrlRequest }
  /** A FIFO queue keeps its order only if nothing after a failure is done. */
  | { readonly kind: 'queue'; readonly isFifo: boolean; readonly messages: readonly QueuedOrders[] }
  /** SNS, S3, EventBridge, and Lambda's destinations. Lambda invokes for them asynchronously, and tries again. */
  | { readonly kind: 'event'; readonly orders: readonly Order[] };

/** Reads whatever Lambda invokes the starter with. `awsRequestId` is the same when Lambda tries an event again. */
export function readEntrance(event: unknown, awsRequestId: string, settings: OrderSettings): Entrance {
  const shape = shapeOf(event);
  switch (shape.kind) {
    case 'request':
      return { kind: 'direct', event };
    case 'url':
      return { kind: 'url', request: shape.request };
    case 'queue':
      return {
        kind: 'queue',
        isFifo: shape.messages.some(({ read }) => read.eventSourceARN.endsWith('.fifo')),
        messages: shape.messages.map(({ raw, read }) => ({
          messageId: read.messageId,
          orders: queueMessageOrders(raw, read, settings),
        })),
      };
    default:
      return { kind: 'event', orders: ordersOf(shape, awsRequestId, settings) };
  }
}
