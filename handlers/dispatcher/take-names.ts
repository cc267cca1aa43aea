import type { ObjectEvent } from '../shared/object-event/object-event';
import { reasonOf } from '../shared/reason';
import type { Failed, Skipped } from './dispatch';
import type { DispatcherDeps, ObjectName } from './ports';
import { storedObjectEvent } from './redrive';
import { sideBySide } from './side-by-side';
import { type DispatchAnswer, takeObjects } from './take-objects';

type Found =
  | { readonly kind: 'object'; readonly object: ObjectEvent }
  | { readonly kind: 'skipped'; readonly skipped: Skipped }
  | { readonly kind: 'failed'; readonly failed: Failed };

async function find(name: ObjectName, { ports, functionArn, log }: DispatcherDeps): Promise<Found> {
  const { bucket, key } = name;
  try {
    const stored = await ports.headObject(name);
    if (stored.kind === 'gone') {
      return { kind: 'skipped', skipped: { bucket, key, reason: 'gone' } };
    }
    const object = storedObjectEvent(name, stored, functionArn);
    return object === undefined
      ? { kind: 'skipped', skipped: { bucket, key, reason: 'folder' } }
      : { kind: 'object', object };
  } catch (error) {
    const reason = reasonOf(error);
    log.error('object-not-dispatched', { bucket, key, reason });
    return { kind: 'failed', failed: { bucket, key, reason } };
  }
}

/** Objects that somebody names by hand, as they are now. They pass the same filter as those of which S3 tells. */
export async function takeNames(names: readonly ObjectName[], deps: DispatcherDeps): Promise<DispatchAnswer> {
  const found = await sideBySide(names, (name) => find(name, deps));
  const failed = found.flatMap((one) => (one.kind === 'failed' ? [one.failed] : []));
  const taken = await takeObjects(
    found.flatMap((one) => (one.kind === 'object' ? [one.object] : [])),
    { skipped: found.flatMap((one) => (one.kind === 'skipped' ? [one.skipped] : [])), failures: failed.length },
    deps,
  );
  return {
    dispatched: taken.sent.length,
    skipped: taken.skipped,
    failed: [...failed, ...taken.failed],
    workers: taken.workers,
  };
}
