import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../../../shared/log';
import { systemCodeOf } from '../../errors';
import { removeTree } from '../../remove-tree';

/** The folder in which a worker's jobs have theirs. */
export interface JobsRoot {
  readonly folder: string;
  readonly remove: () => Promise<void>;
}

/** Makes the folder, and removes those that workers have left which were killed: each is named by its process. */
export async function makeJobsRoot(workRoot: string, log: Log): Promise<JobsRoot> {
  const all = path.join(workRoot, 'objects');
  await mkdir(all, { recursive: true });
  for (const name of await readdir(all)) {
    if (!/^\d+$/.test(name) || !isAnother(Number(name))) {
      log.warn('object.leftovers', { folder: path.join(all, name) });
      await removeTree(path.join(all, name));
    }
  }
  const folder = path.join(all, String(process.pid));
  await mkdir(folder);
  return { folder, remove: () => removeTree(folder) };
}

/** Whether it is a process that lives and is not this one, which has just begun: in a container each is the first. */
function isAnother(pid: number): boolean {
  try {
    return pid !== process.pid && process.kill(pid, 0);
  } catch (thrown) {
    return systemCodeOf(thrown) === 'EPERM';
  }
}
