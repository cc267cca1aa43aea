import type { ObjectEvent } from '../shared/object-event/object-event';
import { reasonOf } from '../shared/reason';
import { objectMessage } from './batches';
import { filterObject, type SkipReason } from './filter';
import type { DispatcherDeps } from './ports';
import { sendMessages } from './send-messages';
import { sideBySide } from './side-by-side';

/** An object that is no work. */
export interface Skipped {
  readonly bucket: string;
  readonly key: string;
  readonly reason: SkipReason;
}

/** An object that is work, and has no message. */
export interface Failed {
  readonly bucket: string;
  readonly key: string;
  readonly reason: string;
}

export interface Dispatched {
  readonly sent: readonly ObjectEvent[];
  readonly skipped: readonly Skipped[];
  readonly failed: readonly Failed[];
  /** The objects of `failed`. */
  readonly unsent: ReadonlySet<ObjectEvent>;
}

type Judged =
  | { readonly kind: 'send' }
  | { readonly kind: 'skip'; readonly reason: SkipReason }
  | { readonly kind: 'fail'; readonly reason: string };

/** An object of which it is not known whether a worker made it is not sent: that could go round in circles for ever. */
async function judge(object: ObjectEvent, { ports, settings }: DispatcherDeps): Promise<Judged> {
  const decision = filterObject(object, settings);
  if (decision.kind !== 'check') {
    return decision;
  }
  try {
    const { bucket, key, versionId } = object;
    const stored = await ports.headObject({ bucket, key, versionId });
    if (stored.kind === 'gone') {
      return { kind: 'skip', reason: 'gone' };
    }
    return stored.isOutput ? { kind: 'skip', reason: 'output' } : { kind: 'send' };
  } catch (error) {
    return { kind: 'fail', reason: reasonOf(error) };
  }
}

/** Puts a message into the queue for each object that is work, and logs what becomes of every one. */
export async function dispatchObjects(objects: readonly ObjectEvent[], deps: DispatcherDeps): Promise<Dispatched> {
  const { settings, log } = deps;
  const judged = await sideBySide(objects, (object) => judge(object, deps));
  const messages = objects.flatMap((object, index) =>
    judged[index]?.kind === 'send' ? [objectMessage(object, String(index), settings.isFifo)] : [],
  );
  const refusals = new Map((await sendMessages(messages, deps)).map(({ id, reason }) => [id, reason]));
  const sent: ObjectEvent[] = [];
  const skipped: Skipped[] = [];
  const failed: Failed[] = [];
  const unsent = new Set<ObjectEvent>();
  for (const [index, object] of objects.entries()) {
    const { bucket, key } = object;
    const one = judged[index];
    const reason = one?.kind === 'fail' ? one.reason : refusals.get(String(index));
    if (one?.kind === 'skip') {
      log.info('object-skipped', { bucket, key, reason: one.reason });
      skipped.push({ bucket, key, reason: one.reason });
    } else if (reason !== undefined) {
      log.error('object-not-dispatched', { bucket, key, reason });
      failed.push({ bucket, key, reason });
      unsent.add(object);
    } else {
      log.info('object-dispatched', { bucket, key });
      sent.push(object);
    }
  }
  return { sent, skipped, failed, unsent };
}
