import path from 'node:path';
import { build } from 'esbuild';

const ROOT = path.resolve(__dirname, '..');

/** The programs of the runner, by the name of their one file. */
const PROGRAMS = {
  'runner.js': 'handlers/runner/main.ts',
  'node-client.js': 'handlers/runner/node-client/main.ts',
} as const;

export interface RunnerBundle {
  readonly runnerFile: string;
  /** Runs functions where AWS's own Node.js runtime is not there. It must lie beside the runner's file. */
  readonly nodeClientFile: string;
}

/** Bundles the runner into `outputDirectory`, one file per program and nothing else to install. */
export async function bundleRunner(outputDirectory: string): Promise<RunnerBundle> {
  await build({
    entryPoints: Object.entries(PROGRAMS).map(([out, entry]) => ({
      in: path.join(ROOT, entry),
      out: path.basename(out, '.js'),
    })),
    outdir: outputDirectory,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    // The oldest Node.js among Lambda's base images that AWS still updates, and the oldest that this project supports.
    target: 'node20',
    // Smaller files are pulled and parsed sooner. Nothing goes by the name of a function or a class.
    minify: true,
    legalComments: 'none',
    logLevel: 'silent',
  });
  return {
    runnerFile: path.join(outputDirectory, 'runner.js'),
    nodeClientFile: path.join(outputDirectory, 'node-client.js'),
  };
}
