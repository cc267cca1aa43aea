import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../../../shared/log';
import type { ObjectEvent } from '../../../shared/object-event/object-event';
import { isOwnOutput } from '../../../shared/object-event/output-mark';
import { messageOf, RunnerError, STORAGE_FULL, storageFull, systemCodeOf } from '../../errors';
import { inAttempts } from '../../package/attempts';
import { DownloadError, download, PART_BYTES } from '../../package/download';
import { GrowingFile } from '../../package/growing-file';
import type { UnpackerPool } from '../../package/unpackers';
import { type UnzipLimits, unzip } from '../../package/unzip';
import { objectFault } from './object-fault';
import type { ObjectPaths } from './object-paths';
import type { ObjectStore, OpenedObject } from './object-store';

export interface FetchDeps {
  readonly store: Pick<ObjectStore, 'open'>;
  readonly unpackers: UnpackerPool;
  /** The queue that this worker works for. */
  readonly queueUrl: string;
  readonly log: Log;
}

export interface FetchRequest {
  readonly object: ObjectEvent;
  readonly paths: ObjectPaths;
  /** `undefined` leaves the object as it is. */
  readonly unpackLimits: UnzipLimits | undefined;
}

export type Fetched =
  | { readonly kind: 'fetched'; readonly bytes: number }
  /** There is nothing to work on: see `ObjectFault`; `output` is one of this queue's own. */
  | { readonly kind: 'skipped'; readonly reason: 'gone' | 'superseded' | 'output' };

/**
 * Downloads an object into its job's folders, and unpacks it meanwhile where that is asked for. A download that is cut
 * goes on where it stopped. When it returns or throws, nothing is being written any more.
 *
 * @throws {RunnerError} INPUT_UNAVAILABLE, STORAGE_FULL; PACKAGE_UNSAFE and PACKAGE_CORRUPT for what cannot be unpacked;
 *   `signal.reason` when it was aborted
 */
export async function fetchObject(deps: FetchDeps, request: FetchRequest, signal: AbortSignal): Promise<Fetched> {
  const { object, paths } = request;
  const subject = subjectOf(object);
  try {
    for (const folder of [path.dirname(paths.objectFile), paths.inputFolder, paths.outputFolder]) {
      await mkdir(folder, { recursive: true });
    }
    const opened = await deps.store.open(object, signal);
    try {
      if (isOwnOutput(opened.metadata, deps.queueUrl)) {
        return { kind: 'skipped', reason: 'output' };
      }
      checkSize(object, opened);
      await receive(deps, request, opened, signal);
      return { kind: 'fetched', bytes: opened.bytes };
    } finally {
      opened.close();
    }
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof RunnerError) {
      throw thrown;
    }
    if (systemCodeOf(thrown) === STORAGE_FULL || (thrown instanceof DownloadError && thrown.kind === 'storage-full')) {
      throw storageFull(subject, messageOf(thrown));
    }
    const fault = objectFault(thrown instanceof DownloadError ? (thrown.cause ?? thrown) : thrown);
    if (fault.kind === 'gone' || fault.kind === 'superseded') {
      return { kind: 'skipped', reason: fault.kind };
    }
    const reason = fault.kind === 'failed' ? fault.reason : messageOf(thrown);
    throw new RunnerError('INPUT_UNAVAILABLE', `${subject} could not be downloaded: ${reason}`, { cause: thrown });
  }
}

function subjectOf({ bucket, key }: ObjectEvent): string {
  return `The object s3://${bucket}/${key}`;
}

function checkSize({ sizeBytes }: ObjectEvent, { bytes }: OpenedObject): void {
  if (sizeBytes !== undefined && sizeBytes !== bytes) {
    throw new Error(`it has ${bytes} bytes, and the event tells of ${sizeBytes}`);
  }
}

async function receive(
  { unpackers, log }: FetchDeps,
  { object, paths, unpackLimits }: FetchRequest,
  { bytes, source }: OpenedObject,
  signal: AbortSignal,
): Promise<void> {
  const subject = subjectOf(object);
  const file = await GrowingFile.create(paths.objectFile, bytes, PART_BYTES);
  const unpacker = unpackers.unpackerFor(bytes);
  const unpacked =
    unpackLimits === undefined
      ? Promise.resolve()
      : unzip({ subject, file, root: paths.inputFolder, unpacker, signal, limits: unpackLimits });
  // It is waited for later, and may fail before.
  unpacked.catch(() => undefined);
  try {
    const options = { subject, event: 'object.attempt-failed', log, signal };
    await inAttempts(() => download(source, file, signal), options);
    await unpacked;
  } finally {
    file.end(new Error('the download was given up'));
    await Promise.allSettled([unpacked]);
    await file.close();
  }
}
