/**
 * Upwell's bulk insert: a batch is one transaction. All of its payments and their lines are there afterwards, in the order of
 * the request, or none is.
 */
import Big from 'big.js';
import fc from 'fast-check';
import { type JsonObject, stringify, toNumber } from '../../src/json.js';
import { amountOf, amounts } from './amounts.js';
import { sometimes } from './chance.js';
import { absent, type Expected } from './compare.js';
import type { Simulated } from './simulated.js';

interface LineOperation {
  readonly id?: string | undefined;
  readonly amount: string;
  readonly status?: string | undefined;
  /** Says which payment it belongs to, which no nested line may. */
  readonly saysParent?: boolean | undefined;
}

interface Row {
  readonly id?: string | undefined;
  readonly amount: string;
  readonly currency?: string | null | undefined;
  readonly tenant?: string | undefined;
  readonly lines?: readonly LineOperation[] | undefined;
}

/** `flaw` is what of the first row breaks the document. */
type Operation = {
  readonly rows: readonly Row[];
  readonly flaw?: 'currency' | 'amount' | 'field' | 'date' | undefined;
};

/** Ids that the sandbox makes are `null` until they are read. */
interface State {
  payments: {
    id: string | null;
    amount: string;
    currency: string | null;
    tenant: string | null;
    at: string | undefined;
  }[];
  lines: { id: string | null; payment: string | number; amount: string; status: string | null }[];
}

/** Few, so that they come again; one of them is named by a line that is stored without its payment. */
const paymentIds = fc.constantFrom(...Array.from({ length: 12 }, (_, index) => `pay-${index}`), 'bluebird-ach-5521');
const lineIds = fc.constantFrom(...Array.from({ length: 20 }, (_, index) => `line-${index}`));

const lines = fc.array(
  fc.record({
    id: sometimes(15, lineIds),
    amount: amounts,
    status: sometimes(50, fc.constantFrom('posted', 'pending')),
    saysParent: sometimes(3, fc.constant(true)),
  }),
  { maxLength: 3 },
);

const operations: fc.Arbitrary<Operation> = fc.record({
  rows: fc.array(
    fc.record({
      id: sometimes(25, paymentIds),
      amount: amounts,
      currency: sometimes(50, fc.constantFrom('USD', 'CAD', null)),
      tenant: sometimes(50, fc.constant('larkspur-freight')),
      lines: sometimes(50, lines),
    }),
    { maxLength: 4 },
  ),
  flaw: sometimes(5, fc.constantFrom('currency', 'amount', 'field', 'date')),
});

const flaws: Readonly<Record<NonNullable<Operation['flaw']>, JsonObject>> = {
  currency: { currency: 'XXX' },
  amount: { totalAmount: 'much' },
  field: { totalAmmount: 1 },
  date: { checkDate: 'yesterday' },
};

export const upwell: Simulated<Operation, State> = {
  api: 'upwell',
  collections: ['payments', 'paymentLineItems'],
  operations,

  begin: ({ payments = [], paymentLineItems = [] }) => ({
    payments: payments.map((record) => ({
      id: String(record.id),
      amount: amountOf(record.totalAmount),
      currency: typeof record.currency === 'string' ? record.currency : null,
      tenant: typeof record.tenantId === 'string' ? record.tenantId : null,
      at: String(record.createdAt),
    })),
    lines: paymentLineItems.map((record) => ({
      id: String(record.id),
      payment: String(record.paymentId),
      amount: amountOf(record.totalAmount),
      status: typeof record.status === 'string' ? record.status : null,
    })),
  }),

  carryOut({ rows, flaw }, state, now) {
    const inputs = rows.map((row, index) => ({
      ...input(row),
      ...(flaw === undefined || index > 0 ? {} : flaws[flaw]),
    }));
    const request = { method: 'POST', path: '/api/rest/bulk-customer-payments', body: stringify({ inputs }) };
    if (flaw !== undefined && rows.length > 0) return { request, status: 400, byDocument: true };
    if (!isInsertable(rows, state)) return { request, status: 400 };

    const at = `${now.toISOString().slice(0, -1)}000+00:00`;
    const first = state.payments.length;
    for (const { id = null, amount, currency = null, tenant = null, lines: nested = [] } of rows) {
      // A line that came before its payment knows it by the id that it is given now.
      const payment = id ?? state.payments.length;
      state.payments.push({ id, amount, currency, tenant, at });
      for (const line of nested) {
        state.lines.push({ id: line.id ?? null, payment, amount: line.amount, status: line.status ?? null });
      }
    }
    const returning = state.payments.slice(first).map((payment, index) => ({
      ...columns(payment),
      tenantId: absent,
      paymentLineItems: state.lines
        .filter((line) => line.payment === (payment.id ?? first + index))
        .map(({ id, amount, status }) => ({ id: id ?? undefined, totalAmount: new Big(amount), status })),
    }));
    return { request, status: 200, body: { createCustomerPayments: { returning } } };
  },

  learn(state, { payments = [], paymentLineItems = [] }) {
    for (const [index, payment] of state.payments.entries()) {
      if (payment.id !== null || payments[index] === undefined) continue;
      payment.id = String(payments[index].id);
      for (const line of state.lines) if (line.payment === index) line.payment = payment.id;
    }
    for (const [index, line] of state.lines.entries()) {
      if (line.id === null && paymentLineItems[index] !== undefined) line.id = String(paymentLineItems[index].id);
    }
    for (const rows of [state.payments, state.lines]) {
      const ids = rows.map(({ id }) => id);
      if (new Set(ids).size < ids.length) throw new Error(`an id is there twice: ${ids}`);
    }
  },

  books: (state) => ({
    payments: state.payments.map((payment) => ({ ...columns(payment), tenantId: payment.tenant })),
    paymentLineItems: state.lines.map(({ id, payment, amount, status }) => ({
      id: id ?? undefined,
      paymentId: typeof payment === 'string' ? payment : undefined,
      totalAmount: new Big(amount),
      status,
    })),
  }),
};

function input({ id, amount, currency, tenant, lines: nested }: Row): JsonObject {
  return {
    id,
    totalAmount: toNumber(amount),
    currency,
    tenantId: tenant,
    ...(nested === undefined
      ? {}
      : {
          paymentLineItems: {
            data: nested.map((line) => ({
              id: line.id,
              totalAmount: toNumber(line.amount),
              status: line.status,
              ...(line.saysParent === true ? { paymentId: null } : {}),
            })),
          },
        }),
  };
}

/** No id is stored or comes twice, and no line says whose it is. */
function isInsertable(rows: readonly Row[], state: State): boolean {
  const nested = rows.flatMap((row) => row.lines ?? []);
  if (nested.some(({ saysParent }) => saysParent === true)) return false;
  return areNew(rows, state.payments) && areNew(nested, state.lines);
}

function areNew(
  rows: readonly { readonly id?: string | undefined }[],
  stored: readonly { readonly id: string | null }[],
): boolean {
  const ids = rows.map(({ id }) => id).filter((id) => id !== undefined);
  return new Set(ids).size === ids.length && !ids.some((id) => stored.some((each) => each.id === id));
}

function columns({ id, amount, currency, at }: State['payments'][number]): {
  readonly [name: string]: Expected | undefined;
} {
  return { id: id ?? undefined, totalAmount: new Big(amount), currency, createdAt: at };
}
