import { chmod, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { systemCodeOf } from './errors';

const OWNER_MAY_ALL = 0o700;

/**
 * Removes a folder with all that is in it, if it is there. Programs leave folders that not even their owner may write to,
 * such as Go's cache of modules: they are opened first.
 */
export async function removeTree(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch (thrown) {
    if (systemCodeOf(thrown) !== 'EACCES') {
      throw thrown;
    }
    await open(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

async function open(folder: string): Promise<void> {
  await chmod(folder, OWNER_MAY_ALL);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) {
      await open(path.join(folder, entry.name));
    }
  }
}
