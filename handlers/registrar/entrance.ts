import { isMap } from '../shared/schedule/row-fields';

type Named = Readonly<Record<string, unknown>>;

/** How the registrar was invoked. */
export type Entrance =
  | { readonly kind: 'custom-resource'; readonly event: Named }
  | { readonly kind: 'terraform'; readonly event: Named }
  | { readonly kind: 'stream'; readonly records: readonly unknown[] }
  | { readonly kind: 'plain'; readonly event: unknown };

/** One of these is enough: whoever waits for an answer gets one, however odd the rest of the event is. */
const CUSTOM_RESOURCE_FIELDS = ['RequestType', 'ResponseURL', 'StackId', 'LogicalResourceId', 'ResourceProperties'];

export function readEntrance(event: unknown): Entrance {
  if (!isMap(event)) {
    return { kind: 'plain', event };
  }
  if (CUSTOM_RESOURCE_FIELDS.some((name) => event[name] !== undefined)) {
    return { kind: 'custom-resource', event };
  }
  const records = event['Records'];
  if (Array.isArray(records)) {
    return { kind: 'stream', records };
  }
  return event['tf'] === undefined ? { kind: 'plain', event } : { kind: 'terraform', event };
}
