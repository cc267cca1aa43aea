import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { oneFile } from '../stacks/parts/one-file';

const ROOT = path.resolve(__dirname, '..');

const RUNNER = path.join(ROOT, 'handlers/runner/main.ts');
const NODE_CLIENT = path.join(ROOT, 'handlers/runner/node-client/main.ts');

export interface RunnerBundle {
  readonly runnerFile: string;
  /** Runs functions where AWS's own Node.js runtime is not there. It must lie beside the runner's file. */
  readonly nodeClientFile: string;
}

/** What runs in the threads of the runner: its text is part of the runner's file, see handlers/runner/main.ts. */
const THREAD = 'handlers/runner/package/unpack-thread.ts';

/** Of every program that goes into an image of ours. */
export const OPTIONS: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  // The oldest Node.js among Lambda's base images that AWS still updates, and the oldest that this project supports.
  target: 'node20',
  // The SDK's ES modules: of CommonJS ones esbuild drops nothing, and the runner takes twice as long to load.
  mainFields: ['module', 'main'],
  // Smaller files are pulled and parsed sooner. Nothing goes by the name of a function or a class.
  minify: true,
  legalComments: 'none',
  logLevel: 'silent',
};

/** Bundles the runner into `outputDirectory`, one file per program and nothing else to install. */
export async function bundleRunner(outputDirectory: string): Promise<RunnerBundle> {
  const runnerFile = path.join(outputDirectory, 'runner.js');
  const nodeClientFile = path.join(outputDirectory, 'node-client.js');
  const { bundle, format, ...options } = OPTIONS;
  const define = { UNPACK_THREAD_SOURCE: JSON.stringify(await unpackThreadSource()) };
  mkdirSync(outputDirectory, { recursive: true });
  writeFileSync(runnerFile, oneFile(RUNNER, { ...options, absWorkingDir: ROOT, define }).bytes);
  await build({ ...OPTIONS, entryPoints: [NODE_CLIENT], outfile: nodeClientFile });
  return { runnerFile, nodeClientFile };
}

/** The program of a thread that unpacks, as text. */
export async function unpackThreadSource(): Promise<string> {
  const { outputFiles } = await build({ ...OPTIONS, entryPoints: [path.join(ROOT, THREAD)], write: false });
  return outputFiles.map(({ text }) => text).join('');
}
