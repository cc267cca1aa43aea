import { type FileHandle, mkdir, open as openFile, realpath, rm, symlink } from 'node:fs/promises';
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

export interface UnzipRequest {
  /** What it is, for messages: "The package of ARN". */
  readonly subject: string;
  readonly file: string;
  readonly root: string;
  readonly signal: AbortSignal;
}

/** A zip that is being unpacked. */
interface Job extends UnzipRequest {
  readonly zip: ZipFile;
}

/**
 * Unpacks a zip under `root`, with execute permissions and symbolic links, over what is there already. Links come
 * last, so nothing is written through one of the same zip. Those of an earlier zip stay inside the root, wherever
 * others lead: see `linkStaysInside`.
 *
 * @throws {RunnerError} PACKAGE_UNSAFE for an entry outside the root, PACKAGE_CORRUPT for what is no zip
 */
export async function unzip(request: UnzipRequest): Promise<void> {
  const { subject, file, root, signal } = request;
  try {
    await mkdir(root, { recursive: true });
    // The names are checked in placeEntry, with a reason that says more.
    const zip = await openPromise(file, { lazyEntries: true, autoClose: false, decodeStrings: false });
    try {
      const job: Job = { ...request, zip };
      for (const link of await writeFiles(job)) {
        await writeLink(job, link);
      }
    } finally {
      zip.close();
    }
  } catch (cause) {
    if (cause instanceof RunnerError || signal.aborted) {
      throw cause;
    }
    throw new RunnerError('PACKAGE_CORRUPT', `${subject} could not be unpacked: ${messageOf(cause)}`, { cause });
  }
}

async function writeFiles(job: Job): Promise<readonly Link[]> {
  const links: Link[] = [];
  const writing = new Set<Promise<void>>();
  for await (const entry of job.zip.eachEntry()) {
    job.signal.throwIfAborted();
    const work = writeEntry(job, entry).then((link) => {
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

async function writeEntry(job: Job, entry: Entry): Promise<Link | undefined> {
  const { subject, root, zip, signal } = job;
  const fileName = nameOf(entry);
  const placement = placeEntry({
    fileName,
    externalFileAttributes: entry.externalFileAttributes,
    versionMadeBy: entry.versionMadeBy,
    isEncrypted: entry.isEncrypted(),
  });
  switch (placement.kind) {
    case 'refused':
      throw unsafe(subject, fileName, placement.reason);
    case 'directory':
      await mkdir(path.join(root, placement.path), { recursive: true });
      return undefined;
    case 'symlink':
      return { path: placement.path, target: await text(await open(zip, entry)) };
    case 'file': {
      const target = path.join(root, placement.path);
      await mkdir(path.dirname(target), { recursive: true });
      const content = await open(zip, entry);
      await pipeline(content, (await createFile(target, placement.mode)).createWriteStream(), { signal });
      return undefined;
    }
  }
}

/** What an earlier zip has there goes, rather than being written into: it may be a link, or not be writable. */
async function createFile(file: string, mode: number): Promise<FileHandle> {
  const create = () => openFile(file, 'wx', mode);
  return create().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') {
      throw error;
    }
    await rm(file);
    return create();
  });
}

function nameOf(entry: Entry): string {
  const extraFields = parseExtraFields(entry.extraFieldRaw);
  return getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, extraFields, true);
}

function open(zip: ZipFile, entry: Entry): Promise<Readable> {
  return zip.openReadStreamPromise(entry);
}

async function writeLink({ subject, root }: Job, link: Link): Promise<void> {
  const parent = path.join(root, path.dirname(link.path));
  await mkdir(parent, { recursive: true });
  const place = path.join(await realpath(parent), path.basename(link.path));
  if (!linkStaysInside(path.relative(await realpath(root), place), link.target)) {
    throw unsafe(subject, link.path, 'it is a symbolic link that leads outside the package');
  }
  await rm(place, { force: true });
  await symlink(link.target, place);
}

function unsafe(subject: string, name: string, reason: string): RunnerError {
  return new RunnerError('PACKAGE_UNSAFE', `${subject} holds ${JSON.stringify(name)}, and ${reason}.`);
}
