import { type Log, logWithin } from '../../../shared/log';
import { objectJobId } from '../../../shared/object-event/job-id';
import type { ObjectEvent } from '../../../shared/object-event/object-event';
import { parseObjectEvents } from '../../../shared/object-event/parse';
import { outcomeOf } from '../../outcome';
import type { Carried, Executor, Job } from '../executor';
import { mayComeAgain, messageResult, type ObjectEnd, type ObjectResult, poison } from './object-result';
import { type ObjectDeps, workObject } from './work-object';

export interface ObjectsDeps extends ObjectDeps {
  /** Has an object's job done by one worker alone, and by none where it was done before. */
  readonly underClaim: (
    jobId: string,
    job: Job,
    log: Log,
    work: (callerGone: AbortSignal) => Promise<ObjectResult>,
  ) => Promise<ObjectResult>;
  readonly log: Log;
  /** Resolves when nothing is left of what the jobs were done with. */
  readonly close: () => Promise<void>;
}

/**
 * The job of a message that tells of one object. Of several each has a job of its own, and one that somebody wrote by
 * hand and that names a key alone is a job by itself: under the key there may be other content by now.
 */
export function messageJobId(body: string): string | undefined {
  const events = parseObjectEvents(body);
  const [object, ...others] = events.kind === 'objects' ? events.objects : [];
  return object === undefined || others.length > 0 ? undefined : claimedAs(object);
}

function claimedAs(object: ObjectEvent): string | undefined {
  const { versionId, eTag, sequencer } = object;
  return (versionId ?? eTag ?? sequencer) === undefined ? undefined : objectJobId(object);
}

/** Does the jobs of messages that tell of objects: each object by a command of its own, one after another. */
export function objectsExecutor(deps: ObjectsDeps): Executor {
  return {
    jobId: messageJobId,
    carryOut: async (job) => {
      const begun = deps.now();
      const carried = await workMessage(deps, job);
      return { ...carried, timings: { durationMilliseconds: Math.round(deps.now() - begun) } };
    },
    close: deps.close,
  };
}

async function workMessage(deps: ObjectsDeps, job: Job): Promise<Pick<Carried, 'outcome' | 'verdict'>> {
  const log = logWithin(deps.log, { requestId: job.requestId });
  const events = parseObjectEvents(job.input);
  switch (events.kind) {
    case 'test':
      log.info('objects.test-event');
      return messageResult([]);
    case 'not-objects': {
      const { failure: outcome, verdict } = poison('NOT_AN_OBJECT_EVENT', events.problems.join('\n'));
      return { outcome, verdict };
    }
    case 'objects':
      for (const { reason, bucket, key, eventName } of events.skipped) {
        log.info('object.skipped', { object: `s3://${bucket}/${key}`, reason, eventName });
      }
      return messageResult(await workAll(deps, job, events.objects, log));
  }
}

async function workAll(
  deps: ObjectsDeps,
  job: Job,
  objects: readonly ObjectEvent[],
  log: Log,
): Promise<readonly ObjectEnd[]> {
  const ends: ObjectEnd[] = [];
  for (const [index, object] of objects.entries()) {
    const taskId = objects.length === 1 ? job.requestId : `${job.requestId}-${index + 1}`;
    const ofObject = logWithin(log, { object: `s3://${object.bucket}/${object.key}` });
    const work = (callerGone: AbortSignal) => workObject(deps, { ...job, callerGone, object, taskId, log: ofObject });
    // One alone is claimed with its message.
    const jobId = objects.length === 1 ? undefined : claimedAs(object);
    const result =
      notBegun(job, taskId) ??
      (await (jobId === undefined ? work(job.callerGone) : deps.underClaim(jobId, job, ofObject, work)));
    tell(ofObject, result);
    ends.push({ object, result });
  }
  return ends;
}

function notBegun({ interruption, callerGone }: Job, taskId: string): ObjectResult | undefined {
  if (callerGone.aborted) {
    return { kind: 'failed', failure: outcomeOf({ kind: 'caller-gone' }, taskId) };
  }
  return interruption.aborted
    ? { kind: 'failed', failure: outcomeOf({ kind: 'interrupted', phase: 'invoke' }, taskId) }
    : undefined;
}

function tell(log: Log, result: ObjectResult): void {
  switch (result.kind) {
    case 'done':
      log.info('object.done', { outputs: result.outputs.length });
      break;
    case 'skipped':
      (mayComeAgain(result) ? log.warn : log.info)('object.skipped', { reason: result.reason });
      break;
    case 'failed':
      log.error('object.failed', { errorType: result.failure.error.errorType, verdict: result.verdict });
  }
}
