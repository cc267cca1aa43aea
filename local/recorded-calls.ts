import { randomUUID } from 'node:crypto';
import path from 'node:path';

/** Names the folder in which each local AWS writes down what it allowed to whom. Set by `npm test`. */
export const CALLS_DIRECTORY_VARIABLE = 'OVERTIME_CALLS_DIRECTORY';

/** Where a local AWS writes down the calls of its roles: a file of its own. `undefined` where nobody asks for them. */
export function callsFile(env: NodeJS.ProcessEnv): string | undefined {
  const directory = env[CALLS_DIRECTORY_VARIABLE];
  return directory === undefined ? undefined : path.join(path.resolve(directory), `${randomUUID()}.jsonl`);
}
