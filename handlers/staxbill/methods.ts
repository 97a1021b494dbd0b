/**
 * What a payment was made by (rules stored-method, make-default).
 */
import type { Books, Customer, Import, Method, World } from './types.js';

/** The stored method that an import names, or a new one; made the customer's default where that is wanted. */
export function methodOf(body: Import, customer: Customer, world: World): Method {
  const { customers, paymentMethods } = world.state;
  const isFirst = paymentMethods.first('customerId', customer.id) === undefined;
  // An empty reference names nothing, as none does.
  const reference = body.globalPaymentsReferenceId || null;
  const method = known(reference, customer, world.state) ?? add(reference, customer, world);
  if ((body.makeDefault === true || isFirst) && customer.defaultPaymentMethodId !== method.id) {
    customers.replace({ ...customer, defaultPaymentMethodId: method.id });
  }
  return method;
}

/** The customer's method of a reference; without one, the customer's default. */
function known(reference: string | null, customer: Customer, { paymentMethods }: Books): Method | undefined {
  const { id: customerId, defaultPaymentMethodId } = customer;
  const isOwn = (method: Method | undefined) => method?.customerId === customerId;
  if (reference !== null) return paymentMethods.where('globalPaymentsReferenceId', reference).find(isOwn);
  const usual = typeof defaultPaymentMethodId === 'number' ? paymentMethods.get(defaultPaymentMethodId) : undefined;
  return isOwn(usual) ? usual : undefined;
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
