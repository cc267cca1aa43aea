import type { Delivery, FinalStatus } from '../run';

/** Whether an outcome has anywhere to go besides the ledger. */
export function isDeliveryDue(delivery: Delivery | undefined, status: FinalStatus): boolean {
  const { taskToken, callbackId, onSuccess, onFailure } = delivery ?? {};
  const destination = status === 'SUCCEEDED' ? onSuccess : onFailure;
  return [taskToken, callbackId, destination].some((addressee) => addressee !== undefined);
}
