import { existsSync } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import type { OutputFile } from './output-plan';

type OutputFiles =
  | { readonly kind: 'found'; readonly files: readonly OutputFile[] }
  /** Nothing is uploaded, as not all of it can be. */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * The files in a folder and in those within it, by name. A link to a file of the job counts as one; folders alone are no
 * output, and neither is a folder that the command has removed. What leads out of the job's folder is refused: an object
 * that a command unpacks by itself may hold links to the container's own files.
 */
export async function outputFiles(folder: string, jobFolder: string): Promise<OutputFiles> {
  if (!existsSync(folder)) {
    return { kind: 'found', files: [] };
  }
  const root = `${await realpath(jobFolder)}${path.sep}`;
  const isOfJob = async (file: string) => `${await realpath(file)}${path.sep}`.startsWith(root);
  if (!(await isOfJob(folder))) {
    return refused('The output folder is a link that leads out of the folder of the job');
  }
  const files: OutputFile[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file);
    const target = entry.isFile() || entry.isSymbolicLink() ? await stat(file).catch(() => undefined) : undefined;
    if (target === undefined && entry.isFile()) {
      return refused(`The output "${name}" cannot be opened under its name, which may be no UTF-8 as keys of S3 are`);
    }
    if (target?.isFile() === true) {
      if (!(await isOfJob(file))) {
        return refused(`The output "${name}" is a link that leads out of the folder of the job`);
      }
      files.push({ file, name, bytes: target.size });
    }
  }
  return { kind: 'found', files: files.sort((one, other) => (one.name < other.name ? -1 : 1)) };
}

function refused(problem: string): OutputFiles {
  return { kind: 'refused', reason: `${problem}: leave the files themselves there.` };
}
