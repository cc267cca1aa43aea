import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../shared/clock';
import type { Log } from '../../shared/log';
import { RunnerError } from '../errors';
import type { FunctionDescription } from '../function-description';
import type { LookUpFunction } from '../function-lookup';
import type { LookUpLayer } from '../layer-lookup';
import { type ArchiveLink, stageArchive } from './archive';
import { merge } from './merge';
import { type UnpackerPool, unpackerPool } from './unpackers';

export interface PackageDeps {
  readonly lookUp: LookUpFunction;
  readonly lookUpLayer: LookUpLayer;
  readonly clock: Clock;
  readonly log: Log;
  readonly workRoot: string;
  readonly taskRoot: string;
  readonly layersRoot: string;
  /** The program of a thread that unpacks; without it there is none. */
  readonly unpackThreadSource: string | undefined;
}

/** One of the zips that a function is made of. */
interface Part {
  /** For messages: "The package of ARN". */
  readonly subject: string;
  readonly file: string;
  readonly root: string;
  readonly locate: (signal: AbortSignal) => Promise<ArchiveLink>;
}

/**
 * Brings a function's package into the task root and its layers into the layers root: looked up, downloaded side by
 * side, verified and unpacked.
 *
 * @throws {RunnerError} when it cannot; `signal.reason` when it was aborted
 */
export async function fetchPackage(
  deps: PackageDeps,
  functionArn: string,
  signal: AbortSignal,
): Promise<FunctionDescription> {
  await mkdir(deps.workRoot, { recursive: true });
  const lookUps = functionLookUps(deps.lookUp, functionArn, await deps.lookUp(functionArn, signal));
  const code: Part = {
    subject: `The package of ${functionArn}`,
    file: path.join(deps.workRoot, 'package.zip'),
    root: deps.taskRoot,
    locate: lookUps.locate,
  };
  const layers = lookUps.latest().layerArns.map(
    (layerArn, index): Part => ({
      subject: `The layer ${layerArn}`,
      file: path.join(deps.workRoot, `layer-${index}.zip`),
      root: deps.layersRoot,
      locate: (stop) => deps.lookUpLayer(layerArn, stop),
    }),
  );
  const unpackers = unpackerPool(deps.unpackThreadSource);
  try {
    await together(signal, (stop) => [
      ...installInOrder({ ...deps, unpackers }, [code], stop),
      // A later layer's files replace those of the layers before it.
      ...installInOrder({ ...deps, unpackers }, layers, stop),
    ]);
  } finally {
    await unpackers.close();
  }
  return lookUps.latest();
}

/** The first look-up serves the first attempt. A later one has a new link, and perhaps a function that has changed. */
function functionLookUps(lookUp: LookUpFunction, functionArn: string, first: FunctionDescription) {
  let latest = first;
  let isFresh = true;
  return {
    latest: () => latest,
    locate: async (signal: AbortSignal): Promise<ArchiveLink> => {
      if (!isFresh) {
        latest = await lookUp(functionArn, signal);
      }
      isFresh = false;
      if (latest.layerArns.join() !== first.layerArns.join()) {
        throw new RunnerError(
          'PACKAGE_DOWNLOAD_FAILED',
          `The layers of ${functionArn} were changed while it was being fetched: run it again.`,
        );
      }
      return { url: latest.codeUrl, sha256: latest.codeSha256, bytes: latest.codeBytes };
    },
  };
}

type InstallDeps = PackageDeps & { readonly unpackers: UnpackerPool };

/** Downloads and unpacks the parts side by side, and moves each into its place when those before it are there. */
function installInOrder(deps: InstallDeps, parts: readonly Part[], signal: AbortSignal): readonly Promise<void>[] {
  let before: Promise<void> = Promise.resolve();
  return parts.map((part) => {
    before = install(deps, part, before, signal);
    return before;
  });
}

async function install(deps: InstallDeps, part: Part, before: Promise<void>, signal: AbortSignal): Promise<void> {
  const { clock, log } = deps;
  const { subject, root } = part;
  const begun = clock().getTime();
  const { folder } = await stageArchive(part, deps, signal);
  try {
    await before;
    await merge({ subject, from: folder, root });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  log.info('package.unpacked', { subject, milliseconds: clock().getTime() - begun });
}

/** Waits for all of the works. The first that fails stops the others, and is thrown when none writes any more. */
async function together(signal: AbortSignal, begin: (stop: AbortSignal) => readonly Promise<void>[]): Promise<void> {
  const failure = new AbortController();
  const works = begin(AbortSignal.any([signal, failure.signal]));
  let first: { readonly thrown: unknown } | undefined;
  await Promise.all(
    works.map((work) =>
      work.catch((thrown: unknown) => {
        first ??= { thrown };
        failure.abort();
      }),
    ),
  );
  if (first !== undefined) {
    throw first.thrown;
  }
}
