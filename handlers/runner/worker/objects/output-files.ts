import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { OutputFile } from './output-plan';

/**
 * The files in a folder and in those within it, by name. A link to a file counts as one; folders alone are no output,
 * and neither is a folder that the command has removed.
 */
export async function outputFiles(folder: string): Promise<readonly OutputFile[]> {
  const entries = existsSync(folder) ? await readdir(folder, { recursive: true, withFileTypes: true }) : [];
  const found = await Promise.all(
    entries.map(async (entry): Promise<readonly OutputFile[]> => {
      const file = path.join(entry.parentPath, entry.name);
      if (!entry.isFile() && !entry.isSymbolicLink()) {
        return [];
      }
      const target = await stat(file).catch(() => undefined);
      return target?.isFile() === true ? [{ file, name: path.relative(folder, file), bytes: target.size }] : [];
    }),
  );
  return found.flat().sort((one, other) => (one.name < other.name ? -1 : 1));
}
