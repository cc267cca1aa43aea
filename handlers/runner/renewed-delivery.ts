import type { Delivery } from '../shared/run';
import type { Ledger } from './ledger';

/** Gives the delivery that has taken the place of the last one known; `undefined` where the run has no other. */
type RenewDelivery = () => Promise<Delivery | undefined>;

/**
 * A repeated request may hand a running attempt over to a new task token or callback. The runner asks for it where the
 * old one is dead: only then does it matter before the end, whose write gives the row with the last delivery.
 */
export function deliveryRenewal(first: Delivery, ledger: Pick<Ledger, 'reread'>): RenewDelivery {
  let { taskToken, callbackId } = first;
  return async () => {
    const { kind, record } = await ledger.reread();
    const delivery = kind === 'written' ? record.delivery : undefined;
    if (delivery === undefined || (delivery.taskToken === taskToken && delivery.callbackId === callbackId)) {
      return undefined;
    }
    ({ taskToken, callbackId } = delivery);
    return delivery;
  };
}
