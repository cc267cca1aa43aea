import { groupedDigits } from '../shared/grouped-digits';
import { utf8Bytes } from '../shared/payload';
import { fullJitter } from '../starter/backoff';
import { batchesOf, MESSAGE_BYTES, type ObjectMessage } from './batches';
import type { DispatcherDeps, UnsentMessage } from './ports';

type Deps = Pick<DispatcherDeps, 'ports' | 'sleep' | 'random' | 'remainingMilliseconds'>;

const BACKOFF = { firstMilliseconds: 200, mostMilliseconds: 5_000 } as const;

/** What is kept of the time for what comes after the messages: to look after workers, and to say what is not sent. */
const REST_MILLISECONDS = 15_000;

/** Sends a batch, and of it again what SQS could not take just then, as long as there is time. */
async function sendBatch(batch: readonly ObjectMessage[], deps: Deps): Promise<readonly UnsentMessage[]> {
  const { ports, sleep, random, remainingMilliseconds } = deps;
  const refused: UnsentMessage[] = [];
  let left = batch;
  for (let tries = 1; ; tries += 1) {
    const unsent = await ports.sendBatch(left);
    refused.push(...unsent.filter(({ isPassing }) => !isPassing));
    const passing = unsent.filter(({ isPassing }) => isPassing);
    if (passing.length === 0) {
      return refused;
    }
    const wait = fullJitter(tries, random(), BACKOFF);
    if (remainingMilliseconds() < wait + REST_MILLISECONDS) {
      return [...refused, ...passing];
    }
    await sleep(wait);
    const ids = new Set(passing.map(({ id }) => id));
    left = left.filter(({ id }) => ids.has(id));
  }
}

/** Sends messages in their order. Answers with those that are not in the queue, and why. */
export async function sendMessages(messages: readonly ObjectMessage[], deps: Deps): Promise<readonly UnsentMessage[]> {
  const isTooLong = ({ body }: ObjectMessage) => utf8Bytes(body) > MESSAGE_BYTES;
  const unsent: UnsentMessage[] = messages.filter(isTooLong).map(({ id }) => ({
    id,
    reason: `its event is longer than the ${groupedDigits(MESSAGE_BYTES)} bytes of a message`,
    isPassing: false,
  }));
  for (const batch of batchesOf(messages.filter((message) => !isTooLong(message)))) {
    unsent.push(...(await sendBatch(batch, deps)));
  }
  return unsent;
}
