import path from 'node:path';
import { build } from 'esbuild';
import { OPTIONS } from './bundle-runner';

const ENTRY = path.resolve(__dirname, '../handlers/scheduler/main.ts');

/** Bundles the scheduler into `outputDirectory`, as the one file scheduler.js. */
export async function bundleScheduler(outputDirectory: string): Promise<void> {
  await build({ ...OPTIONS, entryPoints: [ENTRY], outfile: path.join(outputDirectory, 'scheduler.js') });
}
