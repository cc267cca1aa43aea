import { createHash } from 'node:crypto';
import type { StartRequest } from './start-request';

/** What makes a run one and the same, however often it is asked for. */
export interface RunIdentity {
  readonly runId: string;
  /** Tells a repeated request from another one under the same key. */
  readonly requestHash: string;
}

const RUN_ID_HASH_CHARACTERS = 32;

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
function hashRequest({ idempotencyKey, wait, taskToken, callbackId, ...request }: StartRequest): string {
  return sha256(JSON.stringify(request, sortKeys));
}

/**
 * ECS starts one task per cluster and token, and refuses a token that comes with other parameters: each place has its
 * own. At most 64 characters of ASCII 33 to 126.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
 */
export function clientToken(one: { readonly runId: string; readonly attempt: number; readonly variant: number }) {
  const token = `${one.runId}-${one.attempt}`;
  return one.variant === 0 ? token : `${token}-v${one.variant}`;
}

function hashedRunId(ledgerTable: string, kind: 'key' | 'request', text: string): string {
  return `run-${sha256(JSON.stringify([ledgerTable, kind, text])).slice(0, RUN_ID_HASH_CHARACTERS)}`;
}

/** The run of a key, for a caller who was refused it: the error of a Lambda function has no fields of its own. */
export function runIdOfKey(idempotencyKey: string, ledgerTable: string): string {
  return hashedRunId(ledgerTable, 'key', idempotencyKey);
}

/**
 * Who a run is. Its id depends on the caller's key alone, so that the same key with another request is found out;
 * and on the ledger, so that two deployments that share a cluster never share a client token. Without a key it is the
 * request's id: of the message or event that brought it, or of the starter's invocation, which Lambda keeps when it
 * retries an asynchronous one.
 */
export function identify(request: StartRequest, requestId: string, ledgerTable: string): RunIdentity {
  if (request.idempotencyKey !== undefined) {
    return { runId: runIdOfKey(request.idempotencyKey, ledgerTable), requestHash: hashRequest(request) };
  }
  // Under an id of AWS's own there is one request, but not always in one form: a message that comes again has another
  // receipt handle, which a function that gets the whole message has in its input.
  return { runId: hashedRunId(ledgerTable, 'request', requestId), requestHash: sha256(requestId) };
}
