import type { Delivery, FinalStatus, RunRecord } from '../run';

/** Whether an outcome has anywhere to go besides the ledger. */
export function isDeliveryDue(delivery: Delivery | undefined, status: FinalStatus): boolean {
  const { taskToken, callbackId, onSuccess, onFailure } = delivery ?? {};
  const destination = status === 'SUCCEEDED' ? onSuccess : onFailure;
  return [taskToken, callbackId, destination].some((addressee) => addressee !== undefined);
}

/**
 * That the delivery is the one that was seen: a repeated request may have replaced it since, or given a run somebody to
 * tell where there was nobody, and what is written was decided without that.
 */
export function asDelivered({ delivery }: RunRecord) {
  return delivery === undefined ? ({ isAbsent: 'delivery' } as const) : ({ is: 'delivery', value: delivery } as const);
}
