import { memoryText, parseMemory } from '../../../handlers/dispatcher/launch-memory';
import type { LaunchLock } from '../../../handlers/dispatcher/ports';

/** The launch lock in memory. A test holds the one in DynamoDB against it. */
export class FakeLock implements LaunchLock {
  owner = '';
  until: number | undefined;
  isAsked = false;
  memory: string | undefined;

  readonly lock: LaunchLock['lock'] = async (owner, now, until) => {
    if (this.until !== undefined && this.until >= now) {
      if (this.owner === owner) {
        return { kind: 'locked', memory: parseMemory(this.memory) };
      }
      return { kind: 'busy', owner: this.owner, isAsked: this.isAsked };
    }
    this.owner = owner;
    this.until = until;
    this.isAsked = false;
    return { kind: 'locked', memory: parseMemory(this.memory) };
  };

  readonly ask: LaunchLock['ask'] = async (owner) => {
    const isHeld = this.#isHeldBy(owner);
    this.isAsked ||= isHeld;
    return isHeld;
  };

  readonly note: LaunchLock['note'] = async (owner, memory, until) => {
    if (!this.#isHeldBy(owner)) {
      return false;
    }
    this.memory = memoryText(memory);
    this.until = until;
    return true;
  };

  readonly unlock: LaunchLock['unlock'] = async (owner, memory, isLast) => {
    if (!this.#isHeldBy(owner)) {
      return 'lost';
    }
    this.memory = memoryText(memory);
    const goesOn = this.isAsked && !isLast;
    this.isAsked = false;
    if (goesOn) {
      return 'asked';
    }
    this.until = undefined;
    return 'unlocked';
  };

  #isHeldBy(owner: string): boolean {
    return this.owner === owner && this.until !== undefined;
  }
}
