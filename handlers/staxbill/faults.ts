/**
 * All that is wrong with an import, in the order of its properties. Nothing is written here.
 */
import { type Amount, excerpt, money, numberText, Problem, type ProblemDetail } from '../../src/index.js';
import type { Settings } from './settings.js';
import { readReferenceDate } from './timestamps.js';
import type { Books, Customer, Import, Invoice } from './types.js';

/** A rule that is broken, and the status that it has by itself. */
interface Fault {
  readonly status: 400 | 404 | 409;
  readonly detail: ProblemDetail;
}

/**
 * Lets an import pass that keeps every rule, and gives the customer who pays.
 *
 * @throws {Problem} `rule`, with every fault. Its status is that of a bad request if there is one among them, then that of
 *   a thing that does not exist, then that of a broken business rule (rule every-fault-told).
 */
export function requireFaultless(body: Import, books: Books, settings: Settings): Customer {
  const customer = books.customers.get(body.customerId ?? 0);
  const faults = [
    ...customerFaults(body, customer),
    ...amountFaults(body),
    ...transactionFaults(body, books, settings),
    ...gatewayFaults(body, books),
    ...dateFaults(body),
    ...allocationFaults(body, books),
    ...sumFaults(body, settings),
    ...orderFaults(body, settings),
  ];
  if (customer !== undefined && faults.length === 0) return customer;
  const status = Math.min(...faults.map((each) => each.status));
  throw new Problem('rule', { status, details: faults.map(({ detail }) => detail) });
}

function fault(status: Fault['status'], rule: string, pointer: string, message: string): Fault {
  return { status, detail: { in: 'body', pointer, rule, message } };
}

function customerFaults({ customerId = 0 }: Import, customer: Customer | undefined): readonly Fault[] {
  if (customer !== undefined) return [];
  const message = `Received customerId ${customerId}, which is no customer. Send the id of a stored customer.`;
  return [fault(404, 'customer-exists', '/customerId', message)];
}

function amountFaults({ amount = 0 }: Import): readonly Fault[] {
  if (money.isPositive(amount)) return [];
  const message = `Received amount ${numberText(amount)}. Send an amount greater than 0.`;
  return [fault(400, 'amount-positive', '/amount', message)];
}

function transactionFaults(
  { globalPaymentsTransactionId }: Import,
  books: Books,
  settings: Settings,
): readonly Fault[] {
  if (!settings.refusesRepeatedTransaction || !globalPaymentsTransactionId) return [];
  const known = books.paymentActivities.first('globalPaymentsTransactionId', globalPaymentsTransactionId);
  if (known === undefined) return [];
  const received = excerpt(globalPaymentsTransactionId);
  const message = `Received globalPaymentsTransactionId ${received}, which was imported as activity ${known.id}. Send each once.`;
  return [fault(409, 'repeated-transaction', '/globalPaymentsTransactionId', message)];
}

function gatewayFaults({ gatewayId }: Import, books: Books): readonly Fault[] {
  if (!gatewayId || books.gateways.has(gatewayId)) return [];
  const message = `Received gatewayId ${gatewayId}, which is no gateway. Send that of a stored gateway, or leave it out.`;
  return [fault(404, 'gateway-known', '/gatewayId', message)];
}

/** The schema knows the form of a date, not the calendar. */
function dateFaults({ referenceDate }: Import): readonly Fault[] {
  if (typeof referenceDate !== 'string' || readReferenceDate(referenceDate) !== undefined) return [];
  const message = `Received referenceDate ${excerpt(referenceDate)}, a day or time that there is not. Send one that there is.`;
  return [fault(400, 'reference-date', '/referenceDate', message)];
}

/** Judges allocations one after the other: what one takes of an invoice, the next does not find. */
function allocationFaults(body: Import, books: Books): readonly Fault[] {
  const taken = new Map<number, Amount>();
  return (body.paymentAllocations ?? []).flatMap(({ invoiceId = 0, amount = 0 }, index) => {
    const at = `/paymentAllocations/${index}`;
    const invoice = books.invoices.get(invoiceId);
    const before = taken.get(invoiceId) ?? 0;
    if (money.isPositive(amount)) taken.set(invoiceId, money.sum([before, amount]));
    return [
      ...positiveFaults(amount, `${at}/amount`),
      ...invoiceFaults(invoiceId, invoice, body.customerId ?? 0, `${at}/invoiceId`),
      ...balanceFaults(amount, before, invoice, body.customerId ?? 0, `${at}/amount`),
    ];
  });
}

function positiveFaults(amount: Amount, at: string): readonly Fault[] {
  if (money.isPositive(amount)) return [];
  const message = `Received amount ${numberText(amount)}. Send an amount greater than 0.`;
  return [fault(400, 'allocation-positive', at, message)];
}

function invoiceFaults(
  invoiceId: number,
  invoice: Invoice | undefined,
  customerId: number,
  at: string,
): readonly Fault[] {
  if (invoice === undefined) {
    const message = `Received invoiceId ${invoiceId}, which is no invoice. Send that of one of the customer's invoices.`;
    return [fault(404, 'allocation-invoice-exists', at, message)];
  }
  if (invoice.customerId === customerId) return [];
  const message = `Received invoiceId ${invoiceId}, which is not an invoice of customer ${customerId}. Send one of their own.`;
  return [fault(409, 'allocation-own-invoice', at, message)];
}

/** Of an invoice of somebody else's, nothing is said: what they owe is not for this customer to know. */
function balanceFaults(
  amount: Amount,
  before: Amount,
  invoice: Invoice | undefined,
  customerId: number,
  at: string,
): readonly Fault[] {
  if (invoice?.customerId !== customerId || !money.isPositive(amount)) return [];
  const open = money.subtract(invoice.outstandingBalance, before);
  if (money.compare(amount, open) <= 0) return [];
  const left = numberText(money.isPositive(open) ? open : 0);
  const message = `Received amount ${numberText(amount)}, while ${left} is open of invoice ${invoice.invoiceId}. Send at most that.`;
  return [fault(409, 'allocation-within-balance', at, message)];
}

function sumFaults(body: Import, settings: Settings): readonly Fault[] {
  const total = money.sum((body.paymentAllocations ?? []).map(({ amount = 0 }) => amount));
  const amount = body.amount ?? 0;
  if (!settings.refusesBeyondAmount || !money.isPositive(amount) || money.compare(total, amount) <= 0) return [];
  const message = `The allocations come to ${numberText(total)}, while the payment is ${numberText(amount)}. Send at most that in sum.`;
  return [fault(409, 'allocations-within-amount', '/paymentAllocations', message)];
}

function orderFaults({ autoAllocateOrder }: Import, settings: Settings): readonly Fault[] {
  const known = [undefined, null, 'OldestToNewest', 'NewestToOldest'].includes(autoAllocateOrder);
  if (known || !settings.refusesUnknownOrder) return [];
  const message = `Received autoAllocateOrder ${excerpt(autoAllocateOrder)}. Send OldestToNewest or NewestToOldest, or leave it out.`;
  return [fault(400, 'automatic-order', '/autoAllocateOrder', message)];
}
