import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../shared/clock';
import type { Log } from '../../shared/log';
import { messageOf, RunnerError, storageFull } from '../errors';
import { inAttempts } from './attempts';
import { DownloadError, download, type Expected, linkSource, PART_BYTES, verify } from './download';
import { GrowingFile } from './growing-file';
import type { UnpackerPool } from './unpackers';
import { unzip } from './unzip';

/** Where a zip of Lambda's can be downloaded for ten minutes, and what it must be. */
export interface ArchiveLink extends Expected {
  readonly url: string;
}

export interface ArchiveRequest {
  /** What it is, for messages: "The package of ARN". */
  readonly subject: string;
  /** Where it is downloaded to. Gone afterwards. */
  readonly file: string;
  /** What was unpacked will lie in a folder of its own in here. */
  readonly root: string;
  /** Asks Lambda for a link. An error of its own is final. */
  readonly locate: (signal: AbortSignal) => Promise<ArchiveLink>;
}

export interface ArchiveDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly unpackers: UnpackerPool;
  /** What is larger is downloaded in parts of this size. @default PART_BYTES */
  readonly partBytes?: number;
}

/** A zip that has been unpacked and verified, in a folder that nothing runs from. */
export interface StagedArchive {
  readonly folder: string;
  readonly bytes: number;
}

/**
 * Downloads a zip, and meanwhile unpacks and verifies it, into a folder of its own: until the hash of the whole is
 * right, nothing of it lies where a function is run from. Each attempt asks for a new link, as the last one may have
 * expired, and goes on where the last one stopped.
 *
 * @throws {RunnerError} when it cannot; `signal.reason` when it was aborted. Either way nothing is left on the disk.
 */
export async function stageArchive(
  request: ArchiveRequest,
  deps: ArchiveDeps,
  signal: AbortSignal,
): Promise<StagedArchive> {
  const staging = new Staging(request, deps, signal);
  const options = { subject: request.subject, event: 'package.attempt-failed', log: deps.log, signal };
  try {
    return await inAttempts(() => staging.attempt(), options);
  } catch (thrown) {
    await staging.discard();
    signal.throwIfAborted();
    throw archiveError(request.subject, thrown);
  }
}

/** What has come of one content so far. */
interface Arrival {
  readonly sha256: string;
  readonly file: GrowingFile;
  readonly folder: string;
  readonly verified: Promise<void>;
  readonly unpacked: Promise<void>;
}

class Staging {
  #arrival: Arrival | undefined;
  #servesRanges = true;

  constructor(
    readonly request: ArchiveRequest,
    readonly deps: ArchiveDeps,
    readonly signal: AbortSignal,
  ) {}

  async attempt(): Promise<StagedArchive> {
    const begun = this.deps.clock().getTime();
    const link = await this.request.locate(this.signal);
    const arrival = await this.#receive(link);
    this.deps.log.info('package.fetched', {
      subject: this.request.subject,
      bytes: link.bytes,
      milliseconds: this.deps.clock().getTime() - begun,
    });
    // What is wrong with the zip counts only now: bytes that were not the package's may have looked like anything.
    await arrival.unpacked;
    await arrival.file.close();
    await rm(this.request.file);
    return { folder: arrival.folder, bytes: link.bytes };
  }

  async discard(): Promise<void> {
    const arrival = this.#arrival;
    this.#arrival = undefined;
    if (arrival !== undefined) {
      arrival.file.end(new Error('the download was given up'));
      await Promise.allSettled([arrival.verified, arrival.unpacked]);
      await arrival.file.close();
      await rm(arrival.folder, { recursive: true, force: true });
      await rm(this.request.file, { force: true });
    }
  }

  async #receive(link: ArchiveLink): Promise<Arrival> {
    // A download without ranges begins anew, and a byte that was read must not change.
    if (!this.#servesRanges || this.#arrival?.sha256 !== link.sha256 || this.#arrival.file.parts.length === 1) {
      await this.discard();
    }
    const arrival = this.#arrival ?? (await this.#begin(link));
    try {
      await download(linkSource(link.url, arrival.file), arrival.file, this.signal);
      await arrival.verified;
      return arrival;
    } catch (thrown) {
      const kind = thrown instanceof DownloadError ? thrown.kind : undefined;
      if (kind === 'corrupt') {
        await this.discard();
      }
      if (kind !== 'ranges-ignored' || !this.#servesRanges) {
        throw thrown;
      }
      this.#servesRanges = false;
      return this.#receive(link);
    }
  }

  async #begin(link: ArchiveLink): Promise<Arrival> {
    const { subject, root } = this.request;
    const { unpackers, partBytes = PART_BYTES } = this.deps;
    await mkdir(root, { recursive: true });
    const file = await GrowingFile.create(
      this.request.file,
      link.bytes,
      this.#servesRanges ? partBytes : Math.max(link.bytes, 1),
    );
    const folder = await mkdtemp(path.join(root, '.overtime-'));
    const unpacker = unpackers.unpackerFor(link.bytes);
    const verified = verify(file, link);
    const unpacked = unzip({ subject, file, root: folder, unpacker, signal: this.signal });
    // Both are waited for later, and may fail before.
    verified.catch(() => undefined);
    unpacked.catch(() => undefined);
    this.#arrival = { sha256: link.sha256, file, folder, verified, unpacked };
    return this.#arrival;
  }
}

function archiveError(subject: string, thrown: unknown): RunnerError {
  if (thrown instanceof RunnerError) {
    return thrown;
  }
  const kind = thrown instanceof DownloadError ? thrown.kind : undefined;
  if (kind === 'storage-full') {
    return storageFull(subject, messageOf(thrown));
  }
  return new RunnerError(
    kind === 'corrupt' ? 'PACKAGE_CORRUPT' : 'PACKAGE_DOWNLOAD_FAILED',
    `${subject} could not be downloaded: ${messageOf(thrown)}.`,
    { cause: thrown },
  );
}
