import { mkdir, readdir, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { messageOf, RunnerError } from '../errors';
import { unsafe } from './contents';
import { linkStaysInside } from './zip-entry';

export interface MergeRequest {
  /** What it is, for messages: "The layer ARN". */
  readonly subject: string;
  /** A folder on the same file system as the root, which is empty or gone afterwards. */
  readonly from: string;
  readonly root: string;
}

/**
 * Moves what was unpacked over what is in the root already: a file or a link replaces what lies there, a folder joins
 * it. Where an earlier zip has a link to a folder, files go where it leads, which is inside the root; links that come
 * with them are looked at again, as from there they may lead elsewhere: see `linkStaysInside`.
 *
 * @throws {RunnerError} PACKAGE_UNSAFE for a link that leads outside, PACKAGE_CORRUPT where a folder meets a file
 */
export async function merge(request: MergeRequest): Promise<void> {
  try {
    await mkdir(request.root, { recursive: true });
    const root = await realpath(request.root);
    await mergeFolder({ ...request, root }, request.from, root, true);
  } catch (cause) {
    if (cause instanceof RunnerError) {
      throw cause;
    }
    const message = `${request.subject} could not be unpacked: ${messageOf(cause)}`;
    throw new RunnerError('PACKAGE_CORRUPT', message, { cause });
  }
}

/** `to` is a path without links. */
async function mergeFolder(request: MergeRequest, from: string, to: string, isWhereItWas: boolean): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name);
    const place = path.join(to, entry.name);
    if (entry.isDirectory()) {
      await mergeChild(request, source, place, isWhereItWas);
      continue;
    }
    if (entry.isSymbolicLink()) {
      const target = await readlink(source);
      if (!linkStaysInside(path.relative(request.root, place), target)) {
        const name = path.relative(request.from, source);
        throw unsafe(request.subject, name, 'it is a symbolic link that leads outside the package');
      }
    }
    await rename(source, place);
  }
}

async function mergeChild(request: MergeRequest, source: string, place: string, isWhereItWas: boolean): Promise<void> {
  const there = await stat(place).catch(() => undefined);
  if (there === undefined && isWhereItWas) {
    // A link that leads nowhere is no folder: that cannot be moved over it, and the message says so.
    await rename(source, place);
    return;
  }
  await mkdir(place, { recursive: true });
  const real = await realpath(place);
  await mergeFolder(request, source, real, isWhereItWas && real === place);
  await rm(source, { recursive: true });
}
