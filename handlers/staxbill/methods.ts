/**
 * What a payment was made by (rules stored-method, make-default).
 */
import type { Customer, Import, Method, World } from './types.js';

/** The stored method that an import names, or a new one; made the customer's default where that is wanted. */
export function methodOf(body: Import, customer: Customer, world: World): Method {
  const { state } = world;
  const stored = state.paymentMethods.where('customerId', customer.id);
  // An empty reference names nothing, as none does.
  const reference = body.globalPaymentsReferenceId || null;
  const known =
    reference === null
      ? stored.find(({ id }) => id === customer.defaultPaymentMethodId)
      : stored.find(({ globalPaymentsReferenceId }) => globalPaymentsReferenceId === reference);
  const method = known ?? add(reference, customer, world);
  const becomesDefault = body.makeDefault === true || stored.length === 0;
  if (becomesDefault && customer.defaultPaymentMethodId !== method.id) {
    state.customers.replace({ ...customer, defaultPaymentMethodId: method.id });
  }
  return method;
}

/** Stores a card of which nothing is known but whose it is, and what Global Payments knows it by. */
function add(reference: string | null, { id: customerId, firstName, lastName }: Customer, world: World): Method {
  const method: Method = {
    id: world.nextId('paymentMethods'),
    customerId,
    kind: 'CreditCard',
    globalPaymentsReferenceId: reference,
    firstName: firstName ?? null,
    lastName: lastName ?? null,
    externalCardId: reference,
  };
  world.state.paymentMethods.insert(method);
  return method;
}

/** A method in words: `CreditCard (Visa ending in 1111)`, as the vendor's public pages have it. */
export function wordsOf({ methodText, kind, cardType, lastFour, maskedAccountNumber }: Method): string {
  if (methodText !== undefined) return methodText;
  const account = typeof maskedAccountNumber === 'string' ? ` (account ${maskedAccountNumber})` : '';
  const card = typeof lastFour === 'string' ? ` (${cardType ?? 'card'} ending in ${lastFour})` : '';
  return `${kind}${kind === 'ACH' ? account : card}`;
}
