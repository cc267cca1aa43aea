import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** Where a layer has its external extensions, under the layers' root. */
const FOLDER = 'extensions';

/**
 * The programs of a function's external extensions, in the order of their names, as Lambda starts them: each file of
 * that folder is one.
 */
export function extensionFiles(layersRoot: string): readonly string[] {
  const folder = path.join(layersRoot, FOLDER);
  if (!existsSync(folder)) {
    return [];
  }
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => path.join(folder, entry.name))
    .sort();
}
