/**
 * Stax Bill's ImportPayment: money goes to the invoices that are named, then to the oldest or newest open ones; no invoice gets
 * more than is open of it, and a payment gives no more than it is.
 */
import Big from 'big.js';
import fc from 'fast-check';
import { isArray, isObject, type JsonObject, stringify, toNumber } from '../../src/json.js';
import { amountOf, amounts, least, sum } from './amounts.js';
import { sometimes } from './chance.js';
import type { Expected } from './compare.js';
import type { Simulated } from './simulated.js';

interface Allocation {
  readonly invoice: number;
  readonly amount: string;
}

interface Operation {
  readonly customer: number;
  readonly amount: string;
  readonly method?: string | null | undefined;
  readonly transaction?: string | undefined;
  readonly gateway?: number | undefined;
  readonly allocations?: readonly Allocation[] | undefined;
  readonly automatic?: boolean | undefined;
  readonly order?: string | null | undefined;
  readonly makeDefault?: boolean | undefined;
  readonly flaw?: 'amount' | 'gateway' | 'date' | undefined;
}

interface Activity {
  id: number;
  customer: number;
  amount: string;
  method: number;
  gateway: number | null;
  transaction: string | null;
  attempt: number;
  allocations: Allocation[];
}

interface State {
  customers: { id: number; method: number | null }[];
  methods: { id: number; customer: number; reference: string | null }[];
  gateways: { id: number; fails: boolean }[];
  invoices: { id: number; customer: number; posted: string; open: string }[];
  activities: Activity[];
  payments: { id: number; activity: number }[];
  next: { method: number; activity: number; payment: number };
}

const operations: fc.Arbitrary<Operation> = fc.record({
  customer: fc.constantFrom(7001, 7001, 7001, 7001, 7001, 7001, 7002, 7002, 9999),
  amount: amounts,
  method: sometimes(60, fc.constantFrom('gp-card-4242', 'gp-bank-6789', 'gp-new-1', 'gp-new-2', '', null)),
  transaction: sometimes(60, fc.constantFrom('T-1', 'T-2', 'T-3', 'T-4', 'T-5', 'TRN_1Aa0xY', '')),
  gateway: sometimes(50, fc.constantFrom(31, 31, 32, 33, 0, 77)),
  allocations: sometimes(
    40,
    fc.array(fc.record({ invoice: fc.constantFrom(501, 502, 502, 502, 503, 504, 999), amount: amounts }), {
      maxLength: 3,
    }),
  ),
  automatic: sometimes(60, fc.boolean()),
  order: sometimes(50, fc.constantFrom('OldestToNewest', 'NewestToOldest', 'NewestToOldest', null, 'LargestFirst')),
  makeDefault: sometimes(30, fc.boolean()),
  flaw: sometimes(4, fc.constantFrom('amount', 'gateway', 'date')),
});

const flaws: Readonly<Record<NonNullable<Operation['flaw']>, JsonObject>> = {
  amount: { amount: 'much' },
  gateway: { gatewayId: -1 },
  date: { referenceDate: 'yesterday' },
};

export const staxbill: Simulated<Operation, State> = {
  api: 'staxbill',
  collections: ['customers', 'paymentMethods', 'invoices', 'paymentActivities', 'payments', 'gateways'],
  operations,

  begin(books) {
    const { customers = [], paymentMethods = [], gateways = [], invoices = [] } = books;
    const { paymentActivities = [], payments = [] } = books;
    const numberOr = (value: unknown) => (typeof value === 'number' ? value : null);
    const textOr = (value: unknown) => (typeof value === 'string' ? value : null);
    const after = (records: readonly JsonObject[]) => Math.max(0, ...records.map(({ id }) => Number(id))) + 1;
    return {
      customers: customers.map((record) => ({
        id: Number(record.id),
        method: numberOr(record.defaultPaymentMethodId),
      })),
      methods: paymentMethods.map((record) => ({
        id: Number(record.id),
        customer: Number(record.customerId),
        reference: textOr(record.globalPaymentsReferenceId),
      })),
      gateways: gateways.map((record) => ({ id: Number(record.gatewayId), fails: record.status === 'Failed' })),
      invoices: invoices.map((record) => ({
        id: Number(record.invoiceId),
        customer: Number(record.customerId),
        posted: String(record.postedTimestamp),
        open: amountOf(record.outstandingBalance),
      })),
      activities: paymentActivities.map((record) => ({
        id: Number(record.id),
        customer: Number(record.customerId),
        amount: amountOf(record.amount),
        method: Number(record.paymentMethodId),
        gateway: numberOr(record.gatewayId),
        transaction: textOr(record.globalPaymentsTransactionId),
        attempt: Number(record.attemptNumber),
        allocations: (isArray(record.allocations) ? record.allocations : [])
          .filter(isObject)
          .map(({ invoiceId, amount }) => ({ invoice: Number(invoiceId), amount: amountOf(amount) })),
      })),
      payments: payments.map((record) => ({ id: Number(record.id), activity: Number(record.paymentActivityId) })),
      next: { method: after(paymentMethods), activity: after(paymentActivities), payment: after(payments) },
    };
  },

  carryOut(operation, state) {
    const request = {
      method: 'POST',
      path: '/v1/GlobalPayments/ImportPayment',
      body: stringify({ ...input(operation), ...(operation.flaw === undefined ? {} : flaws[operation.flaw]) }),
    };
    if (operation.flaw !== undefined) return { request, status: 400, byDocument: true };
    const statuses = refusals(operation, state);
    if (statuses.length > 0) return { request, status: Math.min(...statuses) };
    return { request, status: 200, body: record(operation, state) };
  },

  books: (state) => ({
    customers: state.customers.map(
      ({ id, method }): Expected => ({
        id,
        defaultPaymentMethodId: method ?? undefined,
      }),
    ),
    paymentMethods: state.methods.map(
      ({ id, customer, reference }): Expected => ({
        id,
        customerId: customer,
        globalPaymentsReferenceId: reference,
      }),
    ),
    invoices: state.invoices.map(({ id, open }): Expected => ({ invoiceId: id, outstandingBalance: new Big(open) })),
    paymentActivities: state.activities.map(
      (activity): Expected => ({
        id: activity.id,
        customerId: activity.customer,
        amount: new Big(activity.amount),
        paymentMethodId: activity.method,
        gatewayId: activity.gateway,
        globalPaymentsTransactionId: activity.transaction,
        attemptNumber: activity.attempt,
        allocations: activity.allocations.map(({ invoice, amount }) => ({
          invoiceId: invoice,
          amount: new Big(amount),
        })),
      }),
    ),
    payments: state.payments.map(({ id, activity }): Expected => ({ id, paymentActivityId: activity })),
    gateways: state.gateways.map(({ id }): Expected => ({ gatewayId: id })),
  }),
};

function input(operation: Operation): JsonObject {
  return {
    customerId: operation.customer,
    amount: toNumber(operation.amount),
    globalPaymentsReferenceId: operation.method,
    globalPaymentsTransactionId: operation.transaction,
    gatewayId: operation.gateway,
    paymentAllocations: operation.allocations?.map(({ invoice, amount }) => ({
      invoiceId: invoice,
      amount: toNumber(amount),
    })),
    autoAllocate: operation.automatic,
    autoAllocateOrder: operation.order,
    makeDefault: operation.makeDefault,
  };
}

/** The status of every rule that an import breaks. */
function refusals({ customer, amount, gateway, allocations = [], order }: Operation, state: State): readonly number[] {
  const statuses: number[] = [];
  if (!state.customers.some(({ id }) => id === customer)) statuses.push(404);
  if (new Big(amount).lte(0)) statuses.push(400);
  if (gateway !== undefined && gateway !== 0 && !state.gateways.some(({ id }) => id === gateway)) statuses.push(404);
  if (order === 'LargestFirst') statuses.push(400);
  for (const [index, allocation] of allocations.entries()) {
    const invoice = state.invoices.find(({ id }) => id === allocation.invoice);
    if (new Big(allocation.amount).lte(0)) statuses.push(400);
    if (invoice === undefined) statuses.push(404);
    else if (invoice.customer !== customer) statuses.push(409);
    else {
      const all = allocations.slice(0, index + 1).filter((each) => each.invoice === invoice.id);
      if (sum(all.map((each) => each.amount).filter((each) => new Big(each).gt(0))).gt(invoice.open)) {
        // The one that is 0 or less takes nothing and is refused for that alone.
        if (new Big(allocation.amount).gt(0)) statuses.push(409);
      }
    }
  }
  if (new Big(amount).gt(0) && sum(allocations.map((each) => each.amount)).gt(amount)) statuses.push(409);
  return statuses;
}

/** Records an import that breaks no rule; what the answer must say. */
function record(operation: Operation, state: State): Expected {
  const { customer, amount } = operation;
  const transaction =
    operation.transaction === undefined || operation.transaction === '' ? null : operation.transaction;
  const earlier = state.activities.filter((activity) => transaction !== null && activity.transaction === transaction);
  // Without a number, it is the first gateway.
  const gateway = state.gateways.find(({ id }) => !operation.gateway || id === operation.gateway);
  const fails = gateway?.fails === true;
  const allocations = fails ? [] : spread(operation, state);
  const method = methodOf(operation, state);
  for (const each of allocations) {
    const invoice = state.invoices.find(({ id }) => id === each.invoice);
    if (invoice !== undefined) invoice.open = new Big(invoice.open).minus(each.amount).toFixed();
  }
  const attempt = Math.max(0, ...earlier.map((activity) => activity.attempt)) + 1;
  const id = state.next.activity++;
  state.activities.push({
    id,
    customer,
    amount,
    method,
    gateway: gateway?.id ?? null,
    transaction,
    attempt,
    allocations,
  });
  const payment = fails ? undefined : { id: state.next.payment++, activity: id };
  if (payment !== undefined) state.payments.push(payment);
  return {
    id,
    customerId: customer,
    status: fails ? 'Failed' : 'Successful',
    amount: new Big(amount),
    attemptNumber: attempt,
    paymentMethod: { id: method },
    invoices: allocations.map(({ invoice }) => ({ invoiceId: invoice })),
    transaction:
      payment === undefined
        ? null
        : {
            id: payment.id,
            amount: new Big(amount),
            originalPaymentActivityId: earlier[0]?.id ?? null,
            unallocatedAmount: new Big(amount).minus(sum(allocations.map((each) => each.amount))),
            refundableAmount: new Big(amount),
            invoiceAllocations: allocations.map((each) => ({
              invoiceId: each.invoice,
              amount: new Big(each.amount),
              outstandingBalance: new Big(state.invoices.find((invoice) => invoice.id === each.invoice)?.open ?? 0),
            })),
          },
  };
}

/** Where the money goes: as it is said, then what is left of it to what is left open. */
function spread({ customer, amount, allocations = [], automatic, order }: Operation, state: State): Allocation[] {
  const all = [...allocations];
  if (automatic !== true) return all;
  const own = state.invoices.filter((invoice) => invoice.customer === customer);
  own.sort((one, other) => one.posted.localeCompare(other.posted) || one.id - other.id);
  if (order === 'NewestToOldest') own.reverse();
  for (const { id, open } of own) {
    const left = new Big(amount).minus(sum(all.map((each) => each.amount)));
    const owed = new Big(open).minus(sum(allocations.filter((each) => each.invoice === id).map((each) => each.amount)));
    const given = least(left, owed);
    if (given.gt(0)) all.push({ invoice: id, amount: given.toFixed() });
  }
  return all;
}

/** The method that is named, else the default one, else a new one; the first of a customer becomes the default. */
function methodOf({ customer, method: named, makeDefault }: Operation, state: State): number {
  const reference = named === undefined || named === '' ? null : named;
  const owner = state.customers.find(({ id }) => id === customer);
  const own = state.methods.filter((method) => method.customer === customer);
  const isFirst = own.length === 0;
  let method = own.find((each) => (reference === null ? each.id === owner?.method : each.reference === reference));
  if (method === undefined) {
    method = { id: state.next.method++, customer, reference };
    state.methods.push(method);
  }
  if (owner !== undefined && (makeDefault === true || isFirst)) owner.method = method.id;
  return method.id;
}
