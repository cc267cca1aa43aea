import { setTimeout as wait } from 'node:timers/promises';

const INTERVAL_MILLISECONDS = 50;

/** Asks until there is an answer. @throws {Error} naming what did not come in time */
export async function eventually<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined>,
  withinMilliseconds = 150_000,
): Promise<Answer> {
  const deadline = performance.now() + withinMilliseconds;
  while (performance.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined) {
      return answer;
    }
    await wait(INTERVAL_MILLISECONDS);
  }
  throw new Error(`${what}: not within ${withinMilliseconds / 1000} s`);
}
