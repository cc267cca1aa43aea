import { createHash } from 'node:crypto';
import type { StartRequest } from './request';

/** What makes a run one and the same, however often it is asked for. */
export interface RunIdentity {
  readonly runId: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** ECS starts one task per cluster and token; see {@link clientToken}. */
  readonly clientToken: string;
  /** Tells a repeated request from another one under the same key. */
  readonly requestHash: string;
}

const RUN_ID_HASH_CHARACTERS = 32;
const FIRST_ATTEMPT = 1;

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

function sortKeys(_key: string, value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;
}

/**
 * The same for the same request, in whatever order its keys come. The key itself is not part of it, nor is who waits for
 * the run: Step Functions gives another token each time it tries a state again.
 */
function hashRequest({ idempotencyKey, taskToken, callbackId, ...request }: StartRequest): string {
  return sha256(JSON.stringify(request, sortKeys));
}

/**
 * At most 64 characters of ASCII 33 to 126.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
 */
function clientToken(runId: string, attempt: number): string {
  return `${runId}-${attempt}`;
}

/**
 * Who a run is. Its id depends on the caller's key alone, so that the same key with another request is found out;
 * and on the ledger, so that two deployments that share a cluster never share a client token. Without a key it is the
 * id of the starter's invocation, which Lambda keeps when it retries an asynchronous one.
 */
export function identify(request: StartRequest, awsRequestId: string, ledgerTable: string): RunIdentity {
  const key = request.idempotencyKey === undefined ? ['request', awsRequestId] : ['key', request.idempotencyKey];
  const runId = `run-${sha256(JSON.stringify([ledgerTable, ...key])).slice(0, RUN_ID_HASH_CHARACTERS)}`;
  return {
    runId,
    attempt: FIRST_ATTEMPT,
    clientToken: clientToken(runId, FIRST_ATTEMPT),
    requestHash: hashRequest(request),
  };
}
