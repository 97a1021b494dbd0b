/**
 * Nuntiq's upsert: a payment is known by its source and its id there. A single payment is stored with all its lines or not at
 * all; of an array each entry is so by itself, and none keeps another from being stored.
 */
import Big from 'big.js';
import fc from 'fast-check';
import { type JsonObject, stringify, toNumber } from '../../src/json.js';
import { amountOf, amounts } from './amounts.js';
import { sometimes } from './chance.js';
import type { Expected } from './compare.js';
import type { Simulated } from './simulated.js';

interface LineOperation {
  /** Of the invoices that are stored; beyond them, none. */
  readonly invoice: number;
  readonly inUpperCase: boolean;
  readonly amount: string;
  readonly currency?: string | undefined;
  readonly discount?: string | null | undefined;
  readonly label?: string | null | undefined;
}

interface Entry {
  readonly id: string;
  readonly source?: string | undefined;
  readonly status?: string | undefined;
  readonly amount: string;
  readonly currency: string;
  readonly settledAt?: string | null | undefined;
  readonly returnedAt?: string | null | undefined;
  readonly memo?: string | null | undefined;
  readonly replace?: boolean | undefined;
  readonly lines?: readonly LineOperation[] | undefined;
  /** What of it breaks the document. */
  readonly flaw?: 'method' | 'currency' | 'amount' | 'label' | undefined;
}

type Operation = { readonly one: Entry } | { readonly many: readonly Entry[] };

interface Payment {
  id: number;
  external: string;
  source: string;
  status: string;
  amount: string;
  currency: string;
  settledAt: string | null;
  returnedAt: string | null;
  memo: string | null;
}

interface Line {
  id: number;
  payment: number;
  token: string;
  amount: string;
  currency: string;
  discount: string | null;
  label: string | null;
}

interface State {
  tokens: string[];
  payments: Payment[];
  lines: Line[];
  /** Numbers are given out once, whatever became of what bore them. */
  nextPayment: number;
  nextLine: number;
}

const entry: fc.Arbitrary<Entry> = fc.record({
  id: fc.constantFrom('PAY-20877', 'CHK-5498', 'TRF-88', 'PAY-20902', 'E-1', 'E-2', 'E-3', 'E-4', 'E-5', 'E-6'),
  source: sometimes(60, fc.constantFrom('NETSUITE', 'UNKNOWN', 'SAP')),
  status: sometimes(
    70,
    fc.constantFrom('INITIATED', 'PROCESSING', 'SENT', 'SETTLED', 'RETURNED', 'FAILED', 'CANCELED', 'PAID'),
  ),
  amount: amounts,
  currency: fc.constantFrom('USD', 'usd', 'EUR'),
  settledAt: sometimes(15, fc.constantFrom(null, '2026-03-01T08:00:00.5+01:00')),
  returnedAt: sometimes(15, fc.constantFrom(null, '2026-03-02T08:00:00Z')),
  memo: sometimes(40, fc.constantFrom(null, 'first', 'second')),
  replace: sometimes(50, fc.boolean()),
  lines: sometimes(
    60,
    fc.array(
      fc.record({
        invoice: fc.oneof({ weight: 40, arbitrary: fc.nat(5) }, { weight: 1, arbitrary: fc.constant(6) }),
        inUpperCase: fc.boolean(),
        amount: amounts,
        currency: sometimes(30, fc.constantFrom('gbp', 'USD')),
        discount: sometimes(30, fc.constantFrom(null, '0.10', '2.20')),
        label: sometimes(30, fc.constantFrom(null, 'Credit')),
      }),
      { maxLength: 3 },
    ),
  ),
  flaw: sometimes(4, fc.constantFrom('method', 'currency', 'amount', 'label')),
});

const operations: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ one: entry }) },
  { weight: 2, arbitrary: fc.record({ many: fc.array(entry, { maxLength: 4 }) }) },
);

const flaws: Readonly<Record<NonNullable<Entry['flaw']>, JsonObject>> = {
  method: { method: 'BARTER' },
  currency: { currency: 'EURO' },
  amount: { total_amount: '10.00' },
  label: { lines: [{ applied_amount: 1 }] },
};

/** The token of no invoice. */
const unknownToken = '00000000-0000-4000-8000-000000000000';

export const nuntiq: Simulated<Operation, State> = {
  api: 'nuntiq',
  collections: ['payments', 'applications'],
  operations,

  begin({ payments = [], applications = [] }) {
    const text = (record: JsonObject, name: string) => (typeof record[name] === 'string' ? record[name] : null);
    const state: State = {
      tokens: Array.from({ length: 5 }, (_, index) => `6f1c2a5e-9d47-4b0e-8a63-2f5d7c1e4b0${index + 1}`),
      payments: payments.map((record) => ({
        id: Number(record.payment_id),
        external: String(record.external_payment_id),
        source: String(record.external_source),
        status: String(record.status),
        amount: amountOf(record.total_amount),
        currency: String(record.currency),
        settledAt: text(record, 'settled_at'),
        returnedAt: text(record, 'returned_at'),
        memo: text(record, 'remittance_memo'),
      })),
      lines: applications.map((record) => ({
        id: Number(record.id),
        payment: Number(record.payment_id),
        token: String(record.invoice_token),
        amount: amountOf(record.applied_amount),
        currency: String(record.applied_currency),
        discount: record.discount_amount === null ? null : amountOf(record.discount_amount),
        label: text(record, 'remittance_label'),
      })),
      nextPayment: 0,
      nextLine: 0,
    };
    state.tokens.push('3fa85f64-5717-4562-b3fc-2c963f66afa6');
    state.nextPayment = Math.max(0, ...state.payments.map(({ id }) => id)) + 1;
    state.nextLine = Math.max(0, ...state.lines.map(({ id }) => id)) + 1;
    return state;
  },

  carryOut(operation, state, now) {
    const request = (sent: JsonObject | readonly JsonObject[]) => {
      return { method: 'POST', path: '/payments', body: stringify(sent) };
    };
    if ('one' in operation) {
      const { one } = operation;
      const asked = request(sent(one, state));
      if (one.flaw !== undefined) return { request: asked, status: 400, byDocument: true };
      if (namesUnknown(one)) {
        return { request: asked, status: 400, body: { message: unknownMessage(one) } };
      }
      return { request: asked, status: 200, body: { payment_id: upsert(one, state, now) } };
    }
    const asked = request(operation.many.map((each) => sent(each, state)));
    const results = operation.many.map((each, index) => {
      const named = { index, external_payment_id: each.id };
      if (each.flaw !== undefined) return { ...named, ok: false };
      if (namesUnknown(each)) return { ...named, ok: false, error: unknownMessage(each) };
      return { ...named, ok: true, payment_id: upsert(each, state, now) };
    });
    return { request: asked, status: results.every(({ ok }) => ok) ? 200 : 207, body: { results } };
  },

  books: (state) => ({
    payments: state.payments.map(
      (payment): Expected => ({
        payment_id: payment.id,
        external_payment_id: payment.external,
        external_source: payment.source,
        status: payment.status,
        total_amount: new Big(payment.amount),
        currency: payment.currency,
        settled_at: payment.settledAt,
        returned_at: payment.returnedAt,
        remittance_memo: payment.memo,
      }),
    ),
    applications: state.lines.map(
      (line): Expected => ({
        id: line.id,
        payment_id: line.payment,
        invoice_token: line.token,
        applied_amount: new Big(line.amount),
        applied_currency: line.currency,
        discount_amount: line.discount === null ? null : new Big(line.discount),
        remittance_label: line.label,
      }),
    ),
  }),
};

function sent(each: Entry, state: State): JsonObject {
  const lines = each.lines?.map((line) => ({
    invoice_token: line.inUpperCase ? tokenOf(line, state).toUpperCase() : tokenOf(line, state),
    applied_amount: toNumber(line.amount),
    applied_currency: line.currency,
    discount_amount: line.discount === undefined || line.discount === null ? line.discount : toNumber(line.discount),
    remittance_label: line.label,
  }));
  return {
    external_payment_id: each.id,
    external_source: each.source,
    status: each.status,
    method: 'ACH',
    total_amount: toNumber(each.amount),
    currency: each.currency,
    settled_at: each.settledAt,
    returned_at: each.returnedAt,
    remittance_memo: each.memo,
    replace_lines: each.replace,
    lines,
    ...(each.flaw === undefined ? {} : flaws[each.flaw]),
  };
}

function tokenOf({ invoice }: LineOperation, { tokens }: State): string {
  return tokens[invoice] ?? unknownToken;
}

function namesUnknown({ lines = [] }: Entry): boolean {
  return lines.some(({ invoice }) => invoice > 5);
}

/** As it was sent, and once, however many lines name it so. */
function unknownMessage({ lines = [] }: Entry): string {
  const unknown = lines.filter(({ invoice }) => invoice > 5);
  const tokens = unknown.map(({ inUpperCase }) => (inUpperCase ? unknownToken.toUpperCase() : unknownToken));
  return `unknown invoice_token: ${[...new Set(tokens)].join(', ')}`;
}

function upsert(each: Entry, state: State, now: Date): number {
  const { id: external, source = 'UNKNOWN', amount } = each;
  let payment = state.payments.find((stored) => stored.external === external && stored.source === source);
  if (payment === undefined) {
    const id = state.nextPayment++;
    payment = {
      id,
      external,
      source,
      status: 'INITIATED',
      amount,
      currency: '',
      settledAt: null,
      returnedAt: null,
      memo: null,
    };
    state.payments.push(payment);
  }
  payment.status = each.status ?? payment.status;
  payment.amount = amount;
  payment.currency = each.currency.toUpperCase();
  if (each.memo !== undefined) payment.memo = each.memo;
  const arrived = each.status === 'PAID' || each.status === 'SETTLED';
  payment.settledAt = stamp(each.settledAt, payment.settledAt, arrived, now);
  payment.returnedAt = stamp(each.returnedAt, payment.returnedAt, each.status === 'RETURNED', now);
  if (each.lines === undefined) return payment.id;
  if (each.replace !== false) state.lines = state.lines.filter((line) => line.payment !== payment.id);
  for (const line of each.lines) {
    state.lines.push({
      id: state.nextLine++,
      payment: payment.id,
      token: tokenOf(line, state),
      amount: line.amount,
      currency: line.currency?.toUpperCase() ?? payment.currency,
      discount: line.discount ?? null,
      label: line.label === undefined ? 'Invoice' : line.label,
    });
  }
  return payment.id;
}

/** What is sent counts, null too; then what is stored; then, if the status says so, the time of the request. */
function stamp(sentAt: string | null | undefined, stored: string | null, happens: boolean, now: Date): string | null {
  if (sentAt !== undefined) return sentAt;
  return stored ?? (happens ? now.toISOString() : null);
}
