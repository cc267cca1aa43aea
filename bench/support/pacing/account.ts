import { SETTINGS } from '../../../__tests__/support/starter/examples';
import type { LaunchMessage } from '../../../handlers/shared/launch-message';
import type { PacerLimits } from '../../../handlers/starter/pacer';
import type { StarterDeps } from '../../../handlers/starter/ports';
import type { StarterSettings } from '../../../handlers/starter/settings';
import type { ThrottledEcs } from './ecs';

/** The time, that of this machine or a simulated one. */
export interface Time {
  /** In milliseconds. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Calls RunTask through the SDK's retries, for a loop that has nothing else. @throws what the SDK gives up with */
export type RunTaskCall = (clientToken: string) => Promise<void>;

/** An account with a deployment of ours in it, and with programs that call ECS themselves. */
export interface Account {
  readonly time: Time;
  readonly ecs: ThrottledEcs;
  readonly launches: LaunchQueue;
  /** A process of the starter's function, for one event after another. */
  readonly starter: () => Omit<StarterDeps, 'remainingMilliseconds'>;
  /** One client of the SDK. */
  readonly runTaskCall: () => Promise<RunTaskCall>;
}

export function settingsOf(launchLimits: PacerLimits): StarterSettings {
  return { ...SETTINGS, launchLimits };
}

/** How long what is asked takes in a region, in milliseconds; of RunTask that is a guess, as AWS does not say. */
export const LATENCY = { dynamoDb: 5, lambda: 30, ecs: 150, sqs: 15 } as const;

/**
 * DynamoDB writes one item a thousand times a second and no more, and the pacer's row is one:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
const ROW_WRITE_MILLISECONDS = 1;

export class HotRow {
  #freeAt = 0;

  constructor(readonly time: Time) {}

  async turn(): Promise<void> {
    const now = this.time.now();
    this.#freeAt = Math.max(now, this.#freeAt) + ROW_WRITE_MILLISECONDS;
    await this.time.sleep(this.#freeAt - now);
  }
}

/** The launch queue: SQS takes each id once, and keeps the order. */
export class LaunchQueue {
  readonly #ids = new Set<string>();
  readonly #messages: string[] = [];
  #taken = 0;

  put(body: string, deduplicationId: string): void {
    if (!this.#ids.has(deduplicationId)) {
      this.#ids.add(deduplicationId);
      this.#messages.push(body);
    }
  }

  queue(message: LaunchMessage, deduplicationId: string): void {
    this.put(JSON.stringify(message), deduplicationId);
  }

  get size(): number {
    return this.#messages.length - this.#taken;
  }

  take(most: number): readonly { readonly messageId: string; readonly body: string }[] {
    const taken = this.#messages.slice(this.#taken, this.#taken + most);
    const first = this.#taken;
    this.#taken += taken.length;
    return taken.map((body, index) => ({ messageId: `message-${first + index}`, body }));
  }
}
