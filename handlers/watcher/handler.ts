/** Placeholder of this branch alone, until the branch `watcher` brings the program. */
export const handler = async (event: unknown): Promise<never> => {
  throw new Error(`The watcher is not here yet: ${typeof event}`);
};
