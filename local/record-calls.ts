import { writeFile } from 'node:fs/promises';
import { committedModules } from '../stacks/committed-modules';
import { CALLS_DIRECTORY, KNOWN_CALLS_FILE, readKnownCalls, readRecordedCalls } from './recorded-calls';
import { callsSeen, formatCalls, nextKnownCalls } from './role-calls';

/**
 * `npx tsx local/record-calls.ts` adds the calls of the last `npm run test:e2e` to those that are known; `--anew` leaves
 * out those that were not made again.
 */
async function record(args: readonly string[]): Promise<void> {
  const [known, recorded] = [await readKnownCalls(), await readRecordedCalls(CALLS_DIRECTORY, committedModules())];
  await writeFile(KNOWN_CALLS_FILE, formatCalls(nextKnownCalls(known, recorded, args.includes('--anew'))));
  for (const each of callsSeen(known, recorded).gone) {
    process.stdout.write(`not made this time: ${each}\n`);
  }
}

void record(process.argv.slice(2));
