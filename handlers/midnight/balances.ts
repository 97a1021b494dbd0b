/**
 * What is still due for orders while one request is carried out: an order's balance less the details recorded for it.
 *
 * Services and Postage have a balance each. Earmarked money is for the order as a whole, so it counts against both
 * together, and no label may take more than both together. (Rule detail-amount-within-balance.)
 */
import { type Amount, money } from '../../src/index.js';
import type { Order, OrderLabel, StoredDetail } from './types.js';

/** What one order still owes: for each of its two charges, and in all, earmarked money taken off the whole alone. */
interface Owed {
  readonly Services: Amount;
  readonly Postage: Amount;
  readonly whole: Amount;
}

/** The balances of orders, each read when first needed. */
export class Balances {
  readonly #owed = new Map<number, Owed>();

  private constructor(private readonly read: (order: Order) => Owed) {}

  /** Balances by what is stored. */
  static stored(detailsOf: (orderId: number) => readonly StoredDetail[]): Balances {
    return new Balances((order) => owedAfter(order, detailsOf(order.id)));
  }

  /** A copy to try a payment on: what is taken from it is not taken from these balances. */
  attempt(): Balances {
    return new Balances((order) => this.#of(order));
  }

  /** The most that a detail with this label can be; 0 or less if nothing is due. */
  due(order: Order, label: OrderLabel): Amount {
    const owed = this.#of(order);
    return label === 'Earmarked' ? owed.whole : money.least(owed[label], owed.whole);
  }

  /** Takes a detail off, so that the next one finds less due. */
  take(order: Order, label: OrderLabel, amount: Amount): void {
    this.#owed.set(order.id, less(this.#of(order), label, amount));
  }

  #of(order: Order): Owed {
    const known = this.#owed.get(order.id);
    if (known !== undefined) return known;
    const owed = this.read(order);
    this.#owed.set(order.id, owed);
    return owed;
  }
}

function owedAfter(order: Order, details: readonly StoredDetail[]): Owed {
  // What nothing was taken off is told as it is stored: 75.60, not 75.6.
  const after = (due: Amount, labels: readonly StoredDetail['paymentLabel'][]) => {
    const taken = details.filter(({ paymentLabel }) => labels.includes(paymentLabel)).map((each) => each.amountBilled);
    return taken.length === 0 ? due : money.subtract(due, money.sum(taken));
  };
  const { Services, Postage } = order.balanceDue;
  return {
    Services: after(Services, ['Services']),
    Postage: after(Postage, ['Postage']),
    whole: after(money.sum([Services, Postage]), ['Services', 'Postage', 'Earmarked']),
  };
}

function less(owed: Owed, label: OrderLabel, amount: Amount): Owed {
  const whole = money.subtract(owed.whole, amount);
  return label === 'Earmarked' ? { ...owed, whole } : { ...owed, [label]: money.subtract(owed[label], amount), whole };
}
