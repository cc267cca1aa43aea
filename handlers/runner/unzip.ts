import { createWriteStream } from 'node:fs';
import { mkdir, realpath, symlink } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { type Entry, getFileNameLowLevel, openPromise, parseExtraFields, type ZipFile } from 'yauzl';
import { messageOf, RunnerError } from './errors';
import { linkStaysInside, placeEntry } from './zip-entry';

/** How many files are written at a time: a package of ten thousand small files is bound by latency, not by bytes. */
const FILES_AT_A_TIME = 16;

interface Link {
  readonly path: string;
  readonly target: string;
}

/**
 * Unpacks a zip under `root`, with execute permissions and symbolic links. Links come last, so nothing is written
 * through one.
 *
 * @throws {RunnerError} PACKAGE_UNSAFE for an entry outside the root, PACKAGE_CORRUPT for what is no zip
 */
export async function unzip(file: string, root: string, signal: AbortSignal): Promise<void> {
  try {
    await mkdir(root, { recursive: true });
    // The names are checked in placeEntry, with a reason that says more.
    const zip = await openPromise(file, { lazyEntries: true, autoClose: false, decodeStrings: false });
    try {
      const links = await writeFiles(zip, root, signal);
      for (const link of links) {
        await writeLink(root, link);
      }
    } finally {
      zip.close();
    }
  } catch (cause) {
    if (cause instanceof RunnerError || signal.aborted) {
      throw cause;
    }
    throw new RunnerError('PACKAGE_CORRUPT', `The function's package could not be unpacked: ${messageOf(cause)}`, {
      cause,
    });
  }
}

async function writeFiles(zip: ZipFile, root: string, signal: AbortSignal): Promise<readonly Link[]> {
  const links: Link[] = [];
  const writing = new Set<Promise<void>>();
  for await (const entry of zip.eachEntry()) {
    signal.throwIfAborted();
    const work = writeEntry(zip, entry, root, signal).then((link) => {
      if (link !== undefined) {
        links.push(link);
      }
      writing.delete(work);
    });
    // A failure is thrown by the race or by the last wait; this keeps it from being unhandled until then.
    work.catch(() => undefined);
    writing.add(work);
    if (writing.size >= FILES_AT_A_TIME) {
      await Promise.race(writing);
    }
  }
  await Promise.all(writing);
  return links;
}

async function writeEntry(zip: ZipFile, entry: Entry, root: string, signal: AbortSignal): Promise<Link | undefined> {
  const fileName = nameOf(entry);
  const placement = placeEntry({
    fileName,
    externalFileAttributes: entry.externalFileAttributes,
    versionMadeBy: entry.versionMadeBy,
    isEncrypted: entry.isEncrypted(),
  });
  switch (placement.kind) {
    case 'refused':
      throw unsafe(fileName, placement.reason);
    case 'directory':
      await mkdir(path.join(root, placement.path), { recursive: true });
      return undefined;
    case 'symlink':
      return { path: placement.path, target: await text(await open(zip, entry)) };
    case 'file': {
      const target = path.join(root, placement.path);
      await mkdir(path.dirname(target), { recursive: true });
      await pipeline(await open(zip, entry), createWriteStream(target, { mode: placement.mode }), { signal });
      return undefined;
    }
  }
}

function nameOf(entry: Entry): string {
  const extraFields = parseExtraFields(entry.extraFieldRaw);
  return getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, extraFields, true);
}

function open(zip: ZipFile, entry: Entry): Promise<Readable> {
  return zip.openReadStreamPromise(entry);
}

async function writeLink(root: string, link: Link): Promise<void> {
  const parent = path.join(root, path.dirname(link.path));
  await mkdir(parent, { recursive: true });
  const realRoot = await realpath(root);
  const realParent = await realpath(parent);
  const isInside = realParent === realRoot || realParent.startsWith(`${realRoot}${path.sep}`);
  if (!isInside || !linkStaysInside(link.path, link.target)) {
    throw unsafe(link.path, 'it is a symbolic link that leads outside the package');
  }
  await symlink(link.target, path.join(root, link.path));
}

function unsafe(name: string, reason: string): RunnerError {
  return new RunnerError('PACKAGE_UNSAFE', `The function's package holds ${JSON.stringify(name)}, and ${reason}.`);
}
