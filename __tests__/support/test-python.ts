import { spawnSync } from 'node:child_process';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../..');

export type ProvidedPython = { readonly python: string } | { readonly missing: string };

/**
 * A Python with exactly what a file of requirements names, made at first use and kept, as the emulator's is. Its answer
 * is there at once: whether tests are skipped is decided before the first of them runs.
 */
export function provideTestPython(requirementsFile: string): ProvidedPython {
  const script = `
    import { CACHE_DIRECTORY } from ${JSON.stringify(path.join(ROOT, 'local/cache-directory.ts'))};
    import { providePython } from ${JSON.stringify(path.join(ROOT, 'local/python-environment.ts'))};
    const options = { cacheDirectory: CACHE_DIRECTORY, env: process.env, onProgress: () => undefined };
    providePython({ ...options, requirementsFile: ${JSON.stringify(requirementsFile)} }).then(
      (python) => process.stdout.write(python),
      (error) => { process.stderr.write(error.message); process.exitCode = 1; },
    );`;
  const { status, stdout, stderr } = spawnSync(path.join(ROOT, 'node_modules/.bin/tsx'), ['--eval', script], {
    encoding: 'utf8',
  });
  return status === 0 ? { python: stdout } : { missing: stderr };
}
