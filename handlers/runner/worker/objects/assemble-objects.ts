import { setTimeout as wait } from 'node:timers/promises';
import { objectClientOptions } from '../../assemble-host';
import { unpackerPool } from '../../package/unpackers';
import type { Surroundings } from '../../start-function';
import type { Executor } from '../executor';
import type { Claims } from '../queue/claims/claims';
import type { WorkerSettings } from '../settings';
import { underClaim } from './claim-object';
import { makeJobsRoot } from './jobs-root';
import type { ObjectSettings } from './object-settings';
import { openObjectStore } from './object-store';
import { objectsExecutor } from './objects-executor';
import type { ObjectDeps } from './work-object';

interface ObjectsOptions extends Pick<ObjectDeps, 'words' | 'queueUrl' | 'drainMilliseconds' | 'stopMilliseconds'> {
  readonly objects: ObjectSettings;
  readonly claims: Claims | undefined;
}

/** Joins what has a command work on objects. */
export async function assembleObjects(
  settings: WorkerSettings,
  { environment, log, streams, unpackThreadSource }: Surroundings,
  { objects, claims, ...options }: ObjectsOptions,
): Promise<Executor> {
  const { workRoot, timeoutSeconds, concurrency, heartbeatMilliseconds } = settings;
  const unpackers = unpackerPool(unpackThreadSource);
  const jobsRoot = await makeJobsRoot(workRoot, log);
  const claiming = {
    claims,
    renewalMilliseconds: heartbeatMilliseconds,
    pause: (milliseconds: number, signal: AbortSignal) =>
      wait(milliseconds, undefined, { signal }).catch(() => undefined),
  };
  return objectsExecutor({
    ...options,
    store: openObjectStore(objectClientOptions(settings, environment, concurrency)),
    unpackers,
    settings: objects,
    environment,
    streams,
    workRoot,
    jobsRoot: jobsRoot.folder,
    timeoutSeconds,
    now: () => performance.now(),
    underClaim: (...words) => underClaim(claiming, ...words),
    log,
    close: async () => {
      await Promise.all([unpackers.close(), jobsRoot.remove()]);
    },
  });
}
