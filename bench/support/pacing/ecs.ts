/** A bucket of tokens, as AWS describes those behind its throttling. */
interface Bucket {
  readonly capacity: number;
  readonly perSecond: number;
}

/**
 * What AWS publishes of an account in a region: launches on Fargate, calls of RunTask that launch on Fargate, and calls
 * of RunTask and its like to ECS at all.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/throttling.html
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 */
const PUBLISHED: readonly Bucket[] = [
  { capacity: 100, perSecond: 20 },
  { capacity: 20, perSecond: 20 },
  { capacity: 100, perSecond: 40 },
];

const MILLISECONDS_PER_SECOND = 1_000;

/** ECS as far as its throttling goes: starts a task for each client token, while every bucket has a token left. */
export class ThrottledEcs {
  readonly #levels = PUBLISHED.map(({ capacity }) => capacity);
  readonly #tasks = new Set<string>();
  #refilledAt: number | undefined;
  #refused = 0;
  #lastStartAt = 0;

  /** @param now milliseconds, on any clock that does not go back */
  constructor(readonly now: () => number) {}

  /** A call of RunTask for one task. A call that is refused takes no token. */
  runTask(clientToken: string): 'accepted' | 'throttled' {
    const now = this.now();
    const seconds = (now - (this.#refilledAt ?? now)) / MILLISECONDS_PER_SECOND;
    this.#refilledAt = now;
    for (const [index, { capacity, perSecond }] of PUBLISHED.entries()) {
      this.#levels[index] = Math.min(capacity, (this.#levels[index] ?? 0) + seconds * perSecond);
    }
    if (this.#levels.some((level) => level < 1)) {
      this.#refused += 1;
      return 'throttled';
    }
    for (const index of PUBLISHED.keys()) {
      this.#levels[index] = (this.#levels[index] ?? 0) - 1;
    }
    if (!this.#tasks.has(clientToken)) {
      this.#tasks.add(clientToken);
      this.#lastStartAt = now;
    }
    return 'accepted';
  }

  get starts(): number {
    return this.#tasks.size;
  }

  get refused(): number {
    return this.#refused;
  }

  get lastStartAt(): number {
    return this.#lastStartAt;
  }
}
