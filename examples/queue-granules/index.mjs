import { setTimeout } from 'node:timers/promises';

/** A state machine can name it in Catch, in Lambda as in a worker. */
class NoGranules extends Error {
  name = 'NoGranules';
}

/** Knows nothing of where it runs. The pause stands for work that takes longer than Lambda lets it. */
export const handler = async ({ granules = [], pauseMilliseconds = 0 }) => {
  if (granules.length === 0) {
    throw new NoGranules('There is nothing to queue.');
  }
  await setTimeout(pauseMilliseconds);
  return { queued: granules.length, granules: [...granules].sort() };
};
