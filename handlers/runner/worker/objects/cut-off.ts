import { type CutOff, firstOf, type Limits } from '../../host/happenings';

/**
 * Does something until it is done or must end. What must end hears of it by its signal, and has ended when this
 * resolves.
 */
export async function cutOffAt<T>(
  limits: Limits,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<{ readonly kind: 'worked'; readonly value: T } | CutOff> {
  const over = new AbortController();
  const working = work(over.signal).then((value) => ({ kind: 'worked', value }) as const);
  const first = await firstOf(working, limits);
  if (first.kind !== 'worked') {
    over.abort();
    await working.catch(() => undefined);
  }
  return first;
}
