import type { RunRecord } from '../shared/run';
import type { RefusalCode } from './errors';
import type { RunIdentity } from './identity';
import type { Launch } from './launch';
import { FUNCTION_TAG, RUN_ID_TAG } from './limits';
import type { Upload } from './overrides';
import type { StarterSettings } from './settings';
import type { StartRequest } from './start-request';

/** Everything that a start does, decided before anything is done. */
export interface StartPlan {
  readonly kind: 'run';
  /** What the row says of what runs. */
  readonly subject: Pick<RunRecord, 'functionArn' | 'unqualifiedFunctionArn' | 'container' | 'taskDefinition'>;
  readonly timeoutSeconds: number;
  readonly inputBytes: number;
  readonly maxAttempts: number;
  readonly launch: Launch;
  readonly upload: Upload | undefined;
}

export interface Refusal {
  readonly kind: 'refuse';
  readonly code: RefusalCode;
  readonly reason: string;
}

export function refuse(code: RefusalCode, reason: string): Refusal {
  return { kind: 'refuse', code, reason };
}

/** The caller's, and over them those by which the run is found and its task may be stopped. */
export function taskTags(request: StartRequest, identity: RunIdentity, functionName?: string): Launch['tags'] {
  const own = {
    [RUN_ID_TAG]: identity.runId,
    ...(functionName === undefined ? {} : { [FUNCTION_TAG]: functionName }),
  };
  return Object.entries({ ...request.tags, ...own }).map(([key, value]) => ({ key, value }));
}

/** Where and how the task is placed, but for its capacity. */
export function placing(request: StartRequest, settings: StarterSettings) {
  const { capacityFallback, platformVersion, group, propagateTags, enableExecuteCommand } = request;
  return {
    cluster: request.cluster ?? settings.cluster,
    ...(capacityFallback === undefined ? {} : { capacityFallback }),
    subnets: [...(request.subnets ?? settings.subnets)],
    securityGroups: [...(request.securityGroups ?? settings.securityGroups)],
    assignPublicIp: request.assignPublicIp ?? settings.assignPublicIp,
    ...(platformVersion === undefined ? {} : { platformVersion }),
    ...(group === undefined ? {} : { group }),
    ...(propagateTags === undefined ? {} : { propagateTags }),
    ...(enableExecuteCommand === undefined ? {} : { enableExecuteCommand }),
  };
}

/** Where an input goes that does not fit into RunTask's overrides; `undefined` when the deployment has no bucket. */
export function inputLocation({ payloadBucket }: StarterSettings, { runId }: RunIdentity) {
  return payloadBucket === undefined ? undefined : { bucket: payloadBucket, key: `inputs/${runId}.json` };
}
