import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../../../shared/log';
import { objectJobId } from '../../../shared/object-event/job-id';
import type { ObjectEvent } from '../../../shared/object-event/object-event';
import type { Environment } from '../../../shared/settings';
import { aborted } from '../../deferred';
import { messageOf, RunnerError } from '../../errors';
import type { CutOff } from '../../host/happenings';
import { outcomeOf } from '../../outcome';
import type { UnpackerPool } from '../../package/unpackers';
import { removeTree } from '../../remove-tree';
import type { Streams } from '../../streams';
import { containerVariables, TASK_ID } from '../command/command-environment';
import { startCommand } from '../command/command-process';
import { commandFailure, commandVerdict, exitFailure } from '../command/command-result';
import type { Job } from '../executor';
import { cutOffAt } from './cut-off';
import { fetchObject } from './fetch-object';
import { isArchiveKey, type ObjectPaths, objectPaths } from './object-paths';
import { type ObjectResult, poison, resultOfError } from './object-result';
import type { ObjectSettings } from './object-settings';
import type { ObjectStore } from './object-store';
import { objectVariables } from './object-variables';
import { outputFiles } from './output-files';
import { planOutputs } from './output-plan';
import { uploadOutputs } from './upload-outputs';

export interface ObjectDeps {
  readonly store: ObjectStore;
  readonly unpackers: UnpackerPool;
  /** The queue that this worker works for. */
  readonly queueUrl: string;
  readonly settings: ObjectSettings;
  readonly words: readonly [string, ...string[]];
  readonly environment: Environment;
  readonly streams: Pick<Streams, 'forward'>;
  readonly workRoot: string;
  /** Where the jobs of this worker have their folders. */
  readonly jobsRoot: string;
  /** The longest that one object may take. */
  readonly timeoutSeconds: number;
  /** How long a command may go on once its task is told to stop, and what it has left be uploaded. */
  readonly drainMilliseconds: number;
  /** How long a command that is ended has between SIGTERM and SIGKILL. */
  readonly stopMilliseconds: number;
  /** Milliseconds of a clock that is never set. */
  readonly now: () => number;
}

export interface ObjectJob extends Pick<Job, 'interruption' | 'callerGone' | 'message'> {
  readonly object: ObjectEvent;
  /** No two have the same. */
  readonly taskId: string;
  readonly log: Log;
}

const MILLISECONDS_PER_SECOND = 1_000;

/** Brings the object into a folder of its own, has the command work on it, uploads what that has left, and cleans up. */
export async function workObject(deps: ObjectDeps, job: ObjectJob): Promise<ObjectResult> {
  const { object, taskId } = job;
  const folder = path.join(deps.jobsRoot, taskId);
  const isArchive = deps.settings.unpacks && isArchiveKey(object.key);
  try {
    await mkdir(folder, { recursive: true });
    return await workIn(deps, job, objectPaths(folder, { key: object.key, isArchive }), isArchive);
  } catch (thrown) {
    if (thrown instanceof RunnerError) {
      return resultOfError(thrown);
    }
    throw thrown;
  } finally {
    await removeTree(folder).catch((thrown: unknown) => {
      // The object is done, or not, all the same.
      job.log.error('object.folder-not-removed', { folder, reason: messageOf(thrown) });
    });
  }
}

async function workIn(deps: ObjectDeps, job: ObjectJob, paths: ObjectPaths, isArchive: boolean): Promise<ObjectResult> {
  const { object, interruption, callerGone, log } = job;
  const { settings, timeoutSeconds, drainMilliseconds, now } = deps;
  const begun = now();
  const limits = { phase: 'invoke', seconds: timeoutSeconds, interruption, callerGone } as const;
  const request = { object, paths, unpackLimits: isArchive ? settings.unpackLimits : undefined };
  // Of what has not begun nothing is lost: a worker that stops gives it back at once.
  const fetched = await cutOffAt({ ...limits, drainMilliseconds: 0 }, (signal) =>
    fetchObject({ ...deps, log }, request, signal),
  );
  if (fetched.kind !== 'worked') {
    return cutOffResult(deps, job, fetched);
  }
  if (fetched.value.kind === 'skipped') {
    return fetched.value;
  }
  const fetchMilliseconds = Math.round(now() - begun);
  log.info('object.fetched', { bytes: fetched.value.bytes, milliseconds: fetchMilliseconds });
  const seconds = Math.max(timeoutSeconds - fetchMilliseconds / MILLISECONDS_PER_SECOND, 0);
  const worked = await cutOffAt({ ...limits, seconds, drainMilliseconds }, async (signal) => {
    const failed = await runCommand(deps, job, paths, signal);
    return failed ?? storeOutputs(deps, job, paths, signal);
  });
  return worked.kind === 'worked' ? worked.value : cutOffResult(deps, job, worked);
}

function cutOffResult({ timeoutSeconds }: ObjectDeps, { taskId }: ObjectJob, end: CutOff): ObjectResult {
  const happening = end.kind === 'deadline' ? { ...end, seconds: timeoutSeconds } : end;
  return { kind: 'failed', failure: outcomeOf(happening, taskId) };
}

/** @returns how it failed; `undefined` when it ended well */
async function runCommand(
  deps: ObjectDeps,
  { object, taskId, interruption, message }: ObjectJob,
  paths: ObjectPaths,
  signal: AbortSignal,
): Promise<ObjectResult | undefined> {
  const { words, workRoot, streams, stopMilliseconds } = deps;
  const command = await startCommand({
    words,
    folder: paths.inputFolder,
    environment: {
      ...containerVariables(deps.environment),
      [TASK_ID]: taskId,
      ...objectVariables(object, paths, message),
    },
    workRoot,
    streams,
  });
  await Promise.race([command.exited, aborted(signal)]);
  await command.end(stopMilliseconds);
  // What was cut off is told by whoever cut it off.
  signal.throwIfAborted();
  const end = await command.exited;
  if (end.kind === 'not-started') {
    return { kind: 'failed', failure: commandFailure(`The command could not be started: ${end.message}`) };
  }
  const failure = exitFailure({ ...end, stderr: command.said().stderr });
  if (failure === undefined) {
    return undefined;
  }
  // It may have heard of the stop before the runner ended it.
  return interruption.aborted
    ? { kind: 'failed', failure: outcomeOf({ kind: 'interrupted', phase: 'invoke' }, taskId) }
    : { kind: 'failed', failure, verdict: commandVerdict(end.code) };
}

async function storeOutputs(
  { store, settings, queueUrl }: ObjectDeps,
  { object, message }: ObjectJob,
  { folder, outputFolder }: ObjectPaths,
  signal: AbortSignal,
): Promise<ObjectResult> {
  const found = await outputFiles(outputFolder, folder);
  if (found.kind === 'refused') {
    return poison('OUTPUT_REFUSED', found.reason);
  }
  const { files } = found;
  if (files.length === 0 && settings.isOutputRequired) {
    return {
      kind: 'failed',
      failure: commandFailure('The command ended well and left nothing in OVERTIME_OUTPUT_FOLDER.'),
    };
  }
  const plan = planOutputs(object, { jobId: objectJobId(object), queueUrl }, files, settings);
  if (plan.kind === 'refused') {
    return poison('OUTPUT_REFUSED', plan.reason);
  }
  const isFirstAttempt = (message?.receiveCount ?? 1) === 1;
  await uploadOutputs(isFirstAttempt ? store : withoutThoseThere(store), plan.outputs, signal);
  return { kind: 'done', outputs: plan.outputs.map(({ bucket, key }) => `s3://${bucket}/${key}`) };
}

/** A worker that was killed may have come as far as that: whoever hears of outputs hears of each once. */
function withoutThoseThere({ isThere, put }: Pick<ObjectStore, 'isThere' | 'put'>): Pick<ObjectStore, 'put'> {
  return {
    put: async (output, signal) => {
      if (!(await isThere(output, signal))) {
        await put(output, signal);
      }
    },
  };
}
