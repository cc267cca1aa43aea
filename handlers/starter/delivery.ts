import type { Delivery, RunRecord } from '../shared/run';
import { isAmong } from './patterns';
import type { StartRequest } from './start-request';

/** Where a request wants its outcome to go; `undefined` where that is the ledger alone. */
export function deliveryOf(request: StartRequest): Delivery | undefined {
  const { taskToken, callbackId, onSuccess, onFailure } = request;
  const heartbeatSeconds = 'arn' in request ? request.heartbeatSeconds : undefined;
  const delivery: Delivery = {
    ...(taskToken === undefined ? {} : { taskToken }),
    ...(callbackId === undefined ? {} : { callbackId }),
    ...(heartbeatSeconds === undefined ? {} : { heartbeatSeconds }),
    ...(onSuccess === undefined ? {} : { onSuccess }),
    ...(onFailure === undefined ? {} : { onFailure }),
  };
  return Object.keys(delivery).length === 0 ? undefined : delivery;
}

/** Why a request's destinations are refused: the roles of the runner and the watcher may send to those listed alone. */
export function refusedDestination(request: StartRequest, destinationArns: readonly string[]): string | undefined {
  const fields = ['onSuccess', 'onFailure'] as const;
  const refused = fields.filter((field) => {
    const arn = request[field];
    return arn !== undefined && !isAmong(arn, destinationArns);
  });
  if (refused.length === 0) {
    return undefined;
  }
  const named = refused.map((field) => `${field} is ${request[field]}`).join(', ');
  const listed = destinationArns.length === 0 ? 'none' : destinationArns.join(', ');
  return (
    `${named}, and this deployment sends outcomes to none but those that OVERTIME_DESTINATION_ARNS lists (now ${listed}). ` +
    'Add the destination to destination_arns (destinationArns in deployment.ts), or give one of those.'
  );
}

/**
 * The delivery that a known run gets from a repeated request, `undefined` where it keeps its own.
 *
 * Step Functions gives a new token each time it tries a state again, and a durable function may give a new callback. The
 * token is thus no part of what makes a request the same, and the last one that asked is the one that is told: a run that has
 * not ended takes it over, and the outcome of one that has is delivered to it.
 */
export function renewedDelivery(known: RunRecord, request: StartRequest): Delivery | undefined {
  const { taskToken, callbackId } = request;
  const isNew =
    (taskToken !== undefined && taskToken !== known.delivery?.taskToken) ||
    (callbackId !== undefined && callbackId !== known.delivery?.callbackId);
  return isNew ? deliveryOf(request) : undefined;
}
