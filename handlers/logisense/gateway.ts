/**
 * The gateway, simulated: what it answers is a property of the stored payment method that is charged (rule
 * gateway-transaction).
 */
import { type Amount, formatInstant } from '../../src/index.js';
import type { Collections, World } from './types.js';

export interface GatewayAnswer {
  readonly approved: boolean;
  /** The number of the recorded transaction. */
  readonly paymentTransactionId: number;
}

/** Asks the gateway of a payment method for a charge or its reversal, and records what it answers. */
export function askGateway(
  kind: 'charge' | 'reversal',
  amount: Amount,
  method: Collections['paymentMethods'] | undefined,
  world: World,
): GatewayAnswer {
  const id = world.nextId('paymentTransactions');
  const reason = method?.declines ?? null;
  const approved = reason === null;
  world.state.paymentTransactions.insert({
    id,
    name: `TXN-${String(id).padStart(6, '0')}`,
    kind,
    outcome: approved ? 'approved' : 'declined',
    reason,
    amount,
    at: formatInstant(world.now, { digits: 3, zone: 'Z' }),
  });
  return { approved, paymentTransactionId: id };
}
