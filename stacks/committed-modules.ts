import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ModuleFiles } from './module-files';

const MODULES = path.resolve(__dirname, '../modules');

/**
 * What is committed, without the programs: quicker than to generate it, and the same, as
 * __tests__/modules/generated.test.ts says byte by byte.
 */
export function committedModules(): ModuleFiles {
  return Object.fromEntries(
    readdirSync(MODULES).flatMap((name) =>
      ['main.tf.json', 'README.md'].map(
        (file) => [`${name}/${file}`, new Uint8Array(readFileSync(path.join(MODULES, name, file)))] as const,
      ),
    ),
  );
}
