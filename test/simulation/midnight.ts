/**
 * Midnight's CustomerPaymentInsert: each payment of a request is recorded or refused by itself, and none pays more of an order
 * than is due for it.
 */
import Big from 'big.js';
import fc from 'fast-check';
import { isObject, type JsonObject, stringify, toNumber } from '../../src/json.js';
import { amountOf, amounts, least, sum } from './amounts.js';
import { sometimes } from './chance.js';
import type { Expected } from './compare.js';
import type { Simulated } from './simulated.js';

interface DetailOperation {
  readonly order?: number | null | undefined;
  readonly label: string;
  readonly amount: string;
}

interface PaymentOperation {
  readonly customer: number;
  readonly source?: string | null | undefined;
  readonly orderNumber?: string | undefined;
  readonly details?: readonly DetailOperation[] | undefined;
  /** Absent: what the details come to. */
  readonly amount?: string | undefined;
}

type Operation = { readonly payments: readonly PaymentOperation[]; readonly flaw?: 'object' | 'text' | undefined };

interface Detail {
  id: number;
  payment: number;
  order: number | null;
  label: string;
  amount: string;
}

interface State {
  customers: number[];
  orders: { id: number; customer: number; number: string; services: string; postage: string }[];
  payments: { id: number; customer: number; source: string; orderNumber: string | null; at: string }[];
  details: Detail[];
  nextPayment: number;
  nextDetail: number;
}

const payment: fc.Arbitrary<PaymentOperation> = fc
  .record({
    customer: fc.constantFrom(3, 3, 3, 7, 7, 7, 12, 99),
    source: sometimes(50, fc.constantFrom('Other', 'PRCMerchant', 'PRCMerchant', null, 'Elsewhere')),
    orderNumber: sometimes(60, fc.constantFrom('JOB-10001', 'JOB-10002', 'JOB-10003', 'JOB-10004', 'JOB-9')),
    details: sometimes(
      85,
      fc.array(
        fc.record({
          order: sometimes(85, fc.constantFrom(1, 1, 2, 3, 3, 3, 4, 0, 99, null)),
          label: fc.constantFrom('Escrow', 'Earmarked', 'Services', 'Services', 'Postage', 'Postage', 'services'),
          amount: amounts,
        }),
        { minLength: 1, maxLength: 3 },
      ),
    ),
    amount: sometimes(10, amounts),
  })
  .map((each) => {
    // Half of what names an order of somebody else would otherwise be refused for that alone.
    const own = each.customer === 3 ? [1, 2] : [3, 4];
    const details = each.details?.map((detail) =>
      typeof detail.order === 'number' && detail.order > 0 && detail.order < 5 && Number(detail.amount) < 40
        ? { ...detail, order: own[detail.order % 2] }
        : detail,
    );
    return { ...each, details };
  });

const operations: fc.Arbitrary<Operation> = fc.record({
  payments: fc.array(payment, { maxLength: 4 }),
  flaw: sometimes(4, fc.constantFrom('object', 'text')),
});

export const midnight: Simulated<Operation, State> = {
  api: 'midnight',
  collections: ['payments', 'paymentDetails', 'orders'],
  operations,

  begin({ payments = [], paymentDetails = [], orders = [] }) {
    const due = (record: JsonObject, label: string) =>
      isObject(record.balanceDue) ? amountOf(record.balanceDue[label]) : '0';
    const state: State = {
      customers: [3, 7, 12],
      orders: orders.map((record) => ({
        id: Number(record.id),
        customer: Number(record.customerId),
        number: String(record.orderNumber),
        services: due(record, 'Services'),
        postage: due(record, 'Postage'),
      })),
      payments: payments.map((record) => ({
        id: Number(record.id),
        customer: Number(record.customerId),
        source: String(record.requestSource),
        orderNumber: typeof record.orderNumber === 'string' ? record.orderNumber : null,
        at: String(record.createdAt),
      })),
      details: paymentDetails.map((record) => ({
        id: Number(record.id),
        payment: Number(record.paymentId),
        order: typeof record.orderId === 'number' ? record.orderId : null,
        label: String(record.paymentLabel),
        amount: amountOf(record.amountBilled),
      })),
      nextPayment: 0,
      nextDetail: 0,
    };
    state.nextPayment = Math.max(0, ...state.payments.map(({ id }) => id)) + 1;
    state.nextDetail = Math.max(0, ...state.details.map(({ id }) => id)) + 1;
    return state;
  },

  carryOut({ payments, flaw }, state, now) {
    const sent = payments.map(input);
    const body = flaw === 'object' ? { ...sent } : flaw === 'text' ? [...sent, 'payment'] : sent;
    const request = { method: 'POST', path: '/v1/Generic/CustomerPaymentInsert', body: stringify(body) };
    if (flaw !== undefined) return { request, status: 400, byDocument: true };
    const outcomes = payments.map((each) => {
      if (!isRecordable(each, state)) return { CustomerPaymentId: 0, CustomerPaymentNumber: null, Error: {} };
      const id = record(each, state, now);
      return { CustomerPaymentId: id, CustomerPaymentNumber: `CP-${String(id).padStart(6, '0')}`, Error: null };
    });
    return { request, status: 200, body: outcomes };
  },

  books: (state) => ({
    payments: state.payments.map(
      ({ id, customer, source, orderNumber, at }): Expected => ({
        id,
        customerId: customer,
        requestSource: source,
        orderNumber,
        createdAt: at,
      }),
    ),
    paymentDetails: state.details.map(
      ({ id, payment: paymentId, order, label, amount }): Expected => ({
        id,
        paymentId,
        orderId: order,
        paymentLabel: label,
        amountBilled: new Big(amount),
      }),
    ),
    // What is due is an order's balance less its details: the balance itself stays as it was billed.
    orders: state.orders.map(
      ({ id, services, postage }): Expected => ({
        id,
        balanceDue: { Services: new Big(services), Postage: new Big(postage) },
      }),
    ),
  }),
};

function totalOf({ amount, details = [] }: PaymentOperation): string {
  return amount ?? sum(details.map((detail) => detail.amount)).toFixed();
}

function input(each: PaymentOperation): JsonObject {
  return {
    CustomerId: each.customer,
    AmountBilled: toNumber(totalOf(each)),
    RequestSource: each.source,
    OrderNumber: each.orderNumber,
    CustomerPaymentDetailList: each.details?.map(({ order, label, amount }) => ({
      OrderId: order,
      PaymentLabel: label,
      AmountBilled: toNumber(amount),
    })),
  };
}

/** Whether a payment keeps every rule of the help page. */
function isRecordable(each: PaymentOperation, state: State): boolean {
  const { customer, source, details = [] } = each;
  const total = new Big(totalOf(each));
  if (!state.customers.includes(customer) || total.lte(0)) return false;
  if (source === 'Elsewhere') return false;
  const isServersOwn = source === 'PRCMerchant' && details.length === 0;
  if (!isServersOwn && !total.eq(sum(details.map(({ amount }) => amount)))) return false;
  // Each detail finds what those before it left.
  const taken: Detail[] = [...state.details];
  return details.every(({ order, label, amount }) => {
    const isNamed = order !== undefined && order !== null && order !== 0;
    const named = state.orders.find(({ id }) => isNamed && id === order);
    if (!['Escrow', 'Earmarked', 'Services', 'Postage'].includes(label) || new Big(amount).lte(0)) return false;
    if (isNamed && named?.customer !== customer) return false;
    if (label === 'Escrow') return true;
    if (named === undefined || new Big(amount).gt(dueOf(named, label, taken))) return false;
    taken.push({ id: 0, payment: 0, order: named.id, label, amount });
    return true;
  });
}

/** What is due of an order for a label: of its own charge, and never more than of both together. */
function dueOf({ id, services, postage }: State['orders'][number], label: string, details: readonly Detail[]): Big {
  const paid = details.filter((detail) => detail.order === id && detail.label !== 'Escrow');
  const whole = sum([services, postage]).minus(sum(paid.map(({ amount }) => amount)));
  if (label === 'Earmarked') return whole;
  const own = paid.filter((detail) => detail.label === label).map(({ amount }) => amount);
  return least(whole, new Big(label === 'Services' ? services : postage).minus(sum(own)));
}

function record(each: PaymentOperation, state: State, now: Date): number {
  const { customer, orderNumber = null, details = [] } = each;
  const id = state.nextPayment++;
  const isMerchants = each.source === 'PRCMerchant';
  const at = `${now.toISOString().slice(0, -1)}0000+00:00`;
  const source = isMerchants ? 'PRCMerchant' : 'Other';
  state.payments.push({ id, customer, source, orderNumber: isMerchants ? orderNumber : null, at });
  const add = (order: number | null, label: string, amount: string) =>
    state.details.push({ id: state.nextDetail++, payment: id, order, label, amount });
  if (isMerchants) {
    const order = state.orders.find(({ number, customer: owner }) => number === orderNumber && owner === customer);
    add(order?.id ?? null, order === undefined ? 'Escrow' : 'Earmarked', totalOf(each));
  } else {
    for (const { order, label, amount } of details) add(order === 0 ? null : (order ?? null), label, amount);
  }
  return id;
}
