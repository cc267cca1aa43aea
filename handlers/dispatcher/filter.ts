import type { ObjectEvent, SkippedRecord } from '../shared/object-event/object-event';
import type { DispatcherSettings, KeyFilter, OutputPlace } from './settings';

/** Why an object is no work. None of these is a mistake. */
export type SkipReason =
  | SkippedRecord['reason']
  | 'prefix'
  | 'suffix'
  /** A worker made it. */
  | 'output'
  /** It is not there any more. */
  | 'gone';

type FilterDecision =
  | { readonly kind: 'send' }
  /** It lies where outputs go: its metadata tells whether it is one. */
  | { readonly kind: 'check' }
  | { readonly kind: 'skip'; readonly reason: SkipReason };

function matches(
  key: string,
  texts: readonly string[],
  { ignoreCase }: KeyFilter,
  is: (key: string, text: string) => boolean,
) {
  const fold = (text: string) => (ignoreCase ? text.toLowerCase() : text);
  return texts.length === 0 || texts.some((text) => is(fold(key), fold(text)));
}

/** Outputs lie beside the objects that they are made of, under the prefix if there is one. */
function isWhereOutputsGo({ bucket, key }: ObjectEvent, outputs: OutputPlace): boolean {
  return bucket === (outputs.bucket ?? bucket) && key.startsWith(outputs.prefix);
}

/** What is done about an object, as far as its name tells. */
export function filterObject(
  object: ObjectEvent,
  settings: Pick<DispatcherSettings, 'filter' | 'outputs'>,
): FilterDecision {
  const { filter, outputs } = settings;
  if (!matches(object.key, filter.prefixes, filter, (key, prefix) => key.startsWith(prefix))) {
    return { kind: 'skip', reason: 'prefix' };
  }
  if (!matches(object.key, filter.suffixes, filter, (key, suffix) => key.endsWith(suffix))) {
    return { kind: 'skip', reason: 'suffix' };
  }
  return { kind: isWhereOutputsGo(object, outputs) ? 'check' : 'send' };
}
