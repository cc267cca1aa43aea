import type { LaunchMemory } from './launch-memory';
import type { DispatcherDeps } from './ports';

/**
 * How long the lock outlives the last word of its owner: more than a call of ECS with its retries takes. If one takes
 * longer, whoever comes next makes the same call under the same client token, which starts nothing twice.
 */
const LOCK_MILLISECONDS = 20_000;

/** The lock changes hands between two writes of one dispatcher, but hardly three times. */
const TRIES = 3;

/** Without so much time no further look is begun; the next sweep has it. */
const LOOK_MILLISECONDS = 10_000;

/** Writes the memory down before something is done that others must know of. False: the lock is somebody else's. */
type Note = (memory: LaunchMemory) => Promise<boolean>;

export interface Look {
  /** What those before have done. */
  readonly memory: LaunchMemory;
  /** Somebody has sent messages since the look before, which SQS may not count yet. */
  readonly isAsked: boolean;
  readonly note: Note;
}

type LookDeps = Pick<DispatcherDeps, 'ports' | 'now' | 'newId' | 'remainingMilliseconds'>;

/** Looks for as long as others ask for it, and lets go however that ends. */
async function lookWhileAsked(
  owner: string,
  known: LaunchMemory,
  look: (one: Look) => Promise<LaunchMemory>,
  { ports, now, remainingMilliseconds }: LookDeps,
): Promise<'done' | 'lost'> {
  let memory = known;
  const note: Note = async (next) => {
    const isHeld = await ports.lock.note(owner, next, now().getTime() + LOCK_MILLISECONDS);
    memory = isHeld ? next : memory;
    return isHeld;
  };
  let ended: 'unlocked' | 'asked' | 'lost' = 'asked';
  try {
    for (let looks = 0; ended === 'asked'; looks += 1) {
      memory = await look({ memory, isAsked: looks > 0, note });
      ended = await ports.lock.unlock(owner, memory, remainingMilliseconds() < LOOK_MILLISECONDS);
    }
  } catch (error) {
    // Others need not wait for the lock's end. What went wrong first is what the caller hears.
    await ports.lock.unlock(owner, memory, true).catch(() => undefined);
    throw error;
  }
  return ended === 'unlocked' ? 'done' : 'lost';
}

/**
 * Looks after the workers under the launch lock. Where another dispatcher has it, that one is asked to look again, so
 * that it does not overlook what was sent since it began; `busy` says so.
 */
export async function holdLock(
  look: (one: Look) => Promise<LaunchMemory>,
  deps: LookDeps,
): Promise<'done' | 'busy' | 'lost'> {
  const { ports, now, newId } = deps;
  const owner = newId();
  for (let tries = 0; tries < TRIES; tries += 1) {
    const time = now().getTime();
    const answer = await ports.lock.lock(owner, time, time + LOCK_MILLISECONDS);
    if (answer.kind === 'locked') {
      return lookWhileAsked(owner, answer.memory, look, deps);
    }
    if (answer.kind === 'crowded' || answer.isAsked || (await ports.lock.ask(answer.owner))) {
      return 'busy';
    }
  }
  return 'busy';
}
