/**
 * LogiSense's payments: recorded, made through a gateway, spread over the oldest invoices, changed, reversed, deleted with what
 * hangs on them; and many changes in one PATCH, all of them or none.
 */
import Big from 'big.js';
import fc from 'fast-check';
import { type JsonObject, stringify, toNumber } from '../../src/json.js';
import { amountOf, amounts, least, positiveAmounts, sum } from './amounts.js';
import { sometimes } from './chance.js';
import { absent, type Expected } from './compare.js';
import type { Sent } from './connection.js';
import type { Outcome, Simulated } from './simulated.js';

/** A payment by its place: among those that are stored, or among all numbers that were ever given out, and one that was not. */
interface Which {
  readonly place: number;
  readonly ever?: true | undefined;
}

/** What a request gives of a payment. */
interface Given {
  readonly amount?: string | undefined;
  readonly account?: number | undefined;
  readonly type?: number | undefined;
  readonly status?: number | null | undefined;
  readonly automatic?: boolean | undefined;
  readonly disbursed?: boolean | undefined;
  readonly reverses?: Which | null | undefined;
  readonly detail?: string | undefined;
}

type Item =
  | { readonly type: 'create'; readonly given: Given }
  | { readonly type: 'update'; readonly which: Which; readonly given: Given }
  | { readonly type: 'delete'; readonly which: Which };

type Operation =
  | { readonly do: 'list' }
  | {
      readonly do: 'page';
      readonly number: number;
      readonly size: number;
      readonly uncounted: boolean;
      readonly detail: boolean;
    }
  | { readonly do: 'get' | 'detail' | 'delete'; readonly which: Which }
  | { readonly do: 'create'; readonly given: Given }
  | { readonly do: 'put' | 'flat'; readonly which: Which; readonly given: Given }
  | { readonly do: 'patch'; readonly items: readonly Item[] }
  | { readonly do: 'reverse' | 'reverseVendor'; readonly which: Which; readonly amount?: string | undefined }
  | {
      readonly do: 'vendor';
      readonly account: number;
      readonly method: number;
      readonly amount: string;
      readonly automatic?: boolean | undefined;
    };

interface Payment {
  id: number;
  amount: string;
  account: number;
  type: number;
  status: number | null;
  automatic: boolean;
  disbursed: boolean;
  invoice: number | null;
  manual: boolean;
  reverses: number | null;
  method: number | null;
  transaction: number | null;
  detail: string | null;
}

interface State {
  payments: Payment[];
  disbursements: { id: number; invoice: number; payment: number; amount: string }[];
  invoices: { id: number; account: number; date: string; amount: string }[];
  methods: { id: number; account: number; type: number; declines: boolean }[];
  transactions: { id: number; kind: string; approved: boolean; amount: string }[];
  connectors: { id: number; payment: number }[];
  dependents: { id: number; payment: number }[];
  next: { payment: number; disbursement: number; transaction: number };
}

/** The numbers of the default scenario. */
const accounts = [17, 18];
const types = [1, 2, 3];
const failed = 2;
const statuses = [1, failed, 3];

const which: fc.Arbitrary<Which> = fc.record({ place: fc.nat(999), ever: sometimes(12, fc.constant(true)) });

const someAmount = fc.oneof({ weight: 9, arbitrary: positiveAmounts }, { weight: 1, arbitrary: amounts });

const creation: fc.Arbitrary<Given> = fc.record({
  amount: sometimes(98, someAmount),
  account: sometimes(98, fc.constantFrom(17, 17, 17, 17, 17, 17, 18, 18, 18, 18, 0, 99)),
  type: sometimes(98, fc.constantFrom(1, 2, 3, 1, 2, 3, 1, 2, 3, 9)),
  status: sometimes(30, fc.constantFrom(1, 1, 3, 3, failed, null)),
  automatic: sometimes(75, fc.boolean()),
  disbursed: sometimes(10, fc.boolean()),
  reverses: sometimes(12, which),
  detail: sometimes(20, fc.constantFrom('rent', 'freight')),
});

const change: fc.Arbitrary<Given> = fc.record({
  amount: sometimes(40, someAmount),
  account: sometimes(15, fc.constantFrom(17, 18, 0, 99)),
  status: sometimes(20, fc.constantFrom(1, 3, failed, 9)),
  reverses: sometimes(12, fc.oneof(fc.constant(null), which)),
  detail: fc.constantFrom('rent', 'freight', 'rent and freight'),
});

const item: fc.Arbitrary<Item> = fc.oneof(
  fc.record({ type: fc.constant('create'), given: creation }),
  fc.record({ type: fc.constant('update'), which, given: change }),
  fc.record({ type: fc.constant('delete'), which }),
);

const operations: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Operation>({ do: 'list' }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('page'),
      number: fc.oneof(
        { weight: 12, arbitrary: fc.integer({ min: 1, max: 6 }) },
        { weight: 1, arbitrary: fc.constant(0) },
      ),
      size: fc.integer({ min: 1, max: 12 }),
      uncounted: fc.boolean(),
      detail: fc.boolean(),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('get', 'detail'), which }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('delete'), which }) },
  { weight: 16, arbitrary: fc.record({ do: fc.constant('create'), given: creation }) },
  { weight: 10, arbitrary: fc.record({ do: fc.constantFrom('put', 'flat'), which, given: change }) },
  {
    weight: 10,
    arbitrary: fc.record({ do: fc.constant('patch'), items: fc.array(item, { minLength: 1, maxLength: 3 }) }),
  },
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constantFrom('reverse', 'reverseVendor'), which, amount: sometimes(75, someAmount) }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant('vendor'),
      account: fc.constantFrom(17, 17, 17, 18),
      method: fc.constantFrom(5, 5, 5, 6, 7, 99),
      amount: someAmount,
      automatic: sometimes(70, fc.boolean()),
    }),
  },
);

export const logisense: Simulated<Operation, State> = {
  api: 'logisense',
  collections: ['payments', 'invoiceDisbursements', 'paymentTransactions', 'connectors', 'dependents', 'invoices'],
  operations,

  begin(books) {
    const { payments = [], invoiceDisbursements = [], paymentTransactions = [], invoices = [] } = books;
    const { connectors = [], dependents = [] } = books;
    const numberOr = (value: unknown) => (typeof value === 'number' ? value : null);
    const after = (records: readonly JsonObject[], key: string) => {
      return Math.max(0, ...records.map((record) => Number(record[key]))) + 1;
    };
    return {
      payments: payments.map((record) => ({
        id: Number(record.identity),
        amount: amountOf(record.amount),
        account: Number(record.accountId),
        type: Number(record.paymentTypeId),
        status: numberOr(record.paymentStatusTypeId),
        automatic: record.automaticDisburse === true,
        disbursed: record.disbursed === true,
        invoice: numberOr(record.invoiceId),
        manual: record.isManual === true,
        reverses: numberOr(record.reversePaymentId),
        method: numberOr(record.paymentMethodId),
        transaction: numberOr(record.paymentTransactionId),
        detail: typeof record.detail === 'string' ? record.detail : null,
      })),
      disbursements: invoiceDisbursements.map((record) => ({
        id: Number(record.identity),
        invoice: Number(record.invoiceId),
        payment: Number(record.paymentId),
        amount: amountOf(record.amount),
      })),
      invoices: invoices.map((record) => ({
        id: Number(record.id),
        account: Number(record.accountId),
        date: String(record.date),
        amount: amountOf(record.amount),
      })),
      methods: [
        { id: 5, account: 17, type: 1, declines: false },
        { id: 6, account: 17, type: 1, declines: true },
        { id: 7, account: 18, type: 1, declines: false },
      ],
      transactions: paymentTransactions.map((record) => ({
        id: Number(record.id),
        kind: String(record.kind),
        approved: record.outcome === 'approved',
        amount: amountOf(record.amount),
      })),
      connectors: connectors.map((record) => ({ id: Number(record.id), payment: Number(record.paymentId) })),
      dependents: dependents.map((record) => ({ id: Number(record.id), payment: Number(record.paymentId) })),
      next: {
        payment: after(payments, 'identity'),
        disbursement: after(invoiceDisbursements, 'identity'),
        transaction: after(paymentTransactions, 'id'),
      },
    };
  },

  carryOut(operation, state) {
    const request = requestOf(operation, state);
    if (isMalformed(operation)) return { request, status: 400, byDocument: true };
    return { request, ...outcomeOf(operation, state) };
  },

  sound: ({ payments = [], invoiceDisbursements = [], invoices = [] }) => {
    const isGood = (record: JsonObject) => record.paymentStatusTypeId !== failed;
    const total = (records: readonly JsonObject[]) => sum(records.map((record) => amountOf(record.amount)));
    return [
      ...payments.flatMap((payment) => {
        const reversed = total(payments.filter((each) => each.reversePaymentId === payment.identity && isGood(each)));
        const spent = total(invoiceDisbursements.filter(({ paymentId }) => paymentId === payment.identity));
        return [
          ...(reversed.gt(amountOf(payment.amount))
            ? [`more of payment ${payment.identity} was reversed than it is`]
            : []),
          ...(spent.gt(amountOf(payment.amount)) ? [`more of payment ${payment.identity} was spent than it is`] : []),
        ];
      }),
      ...invoices.flatMap((invoice) => {
        const paid = total(invoiceDisbursements.filter(({ invoiceId }) => invoiceId === invoice.id));
        return paid.gt(amountOf(invoice.amount)) ? [`invoice ${invoice.id} got more than it is`] : [];
      }),
    ];
  },

  books: (state) => ({
    payments: state.payments.map((payment) => ({ ...shown(payment), ...unset(payment) })),
    invoiceDisbursements: state.disbursements.map(disbursementView),
    paymentTransactions: state.transactions.map(
      ({ id, kind, approved, amount }): Expected => ({
        id,
        kind,
        outcome: approved ? 'approved' : 'declined',
        amount: new Big(amount),
      }),
    ),
    connectors: state.connectors.map(({ id, payment }): Expected => ({ id, paymentId: payment })),
    dependents: state.dependents.map(({ id, payment }): Expected => ({ id, paymentId: payment })),
    invoices: state.invoices.map(({ id, amount }): Expected => ({ id, amount: new Big(amount) })),
  }),
};

function idOf({ place, ever }: Which, state: State): number {
  const stored = state.payments.map(({ id }) => id);
  if (ever === true || stored.length === 0) return (place % (state.next.payment + 1)) + 1;
  return stored[place % stored.length] ?? 0;
}

function requestOf(operation: Operation, state: State): Sent {
  const sent = (method: string, path: string, body: JsonObject): Sent => ({ method, path, body: stringify(body) });
  const path = (each: Which) => `/Payment/${idOf(each, state)}`;
  switch (operation.do) {
    case 'list':
      return { method: 'GET', path: '/Payment/' };
    case 'page': {
      const { number, size, uncounted, detail } = operation;
      const query = `pageNumber=${number}&pageSize=${size}${uncounted ? '&excludeTotalCount=true' : ''}`;
      return { method: 'GET', path: `/Payment/Paged${detail ? '/Detail' : ''}?${query}` };
    }
    case 'get':
      return { method: 'GET', path: path(operation.which) };
    case 'detail':
      return { method: 'GET', path: `${path(operation.which)}/Detail` };
    case 'delete':
      return { method: 'DELETE', path: path(operation.which) };
    case 'create':
      return sent('POST', '/Payment/', input(operation.given, state));
    case 'put':
      return sent('PUT', path(operation.which), input(operation.given, state));
    case 'flat':
      return sent('PATCH', path(operation.which), input(operation.given, state));
    case 'patch': {
      // The number in the path means nothing to items that name their own.
      const items = operation.items.map((each, index) => ({
        patchType: each.type,
        patchClientId: index + 1,
        ...('which' in each ? { identity: idOf(each.which, state) } : {}),
        ...('given' in each ? input(each.given, state) : {}),
      }));
      return sent('PATCH', '/Payment/1', { details: {}, payments: { items } });
    }
    case 'reverse':
    case 'reverseVendor': {
      const { amount } = operation;
      const body = {
        reversePaymentId: idOf(operation.which, state),
        amount: amount === undefined ? amount : toNumber(amount),
      };
      return sent('POST', operation.do === 'reverse' ? '/Payment/Reverse' : '/Payment/Reverse/Vendor', body);
    }
    case 'vendor': {
      const { account, method, amount, automatic } = operation;
      const body = {
        accountId: account,
        paymentMethodId: method,
        amount: toNumber(amount),
        automaticDisburse: automatic,
      };
      return sent('POST', '/Payment/Vendor', body);
    }
  }
}

function input(
  { amount, account, type, status, automatic, disbursed, reverses, detail }: Given,
  state: State,
): JsonObject {
  return {
    amount: amount === undefined ? undefined : toNumber(amount),
    accountId: account,
    paymentTypeId: type,
    paymentStatusTypeId: status,
    automaticDisburse: automatic,
    disbursed,
    reversePaymentId: reverses === undefined || reverses === null ? reverses : idOf(reverses, state),
    detail,
  };
}

/** Amounts are above 0, and pages begin at 1. */
function isMalformed(operation: Operation): boolean {
  const isBad = (amount: string | undefined) => amount !== undefined && new Big(amount).lte(0);
  if (operation.do === 'page') return operation.number === 0;
  if (operation.do === 'patch') return operation.items.some((each) => 'given' in each && isBad(each.given.amount));
  return 'given' in operation ? isBad(operation.given.amount) : 'amount' in operation && isBad(operation.amount);
}

function outcomeOf(operation: Operation, state: State): Omit<Outcome, 'request'> {
  switch (operation.do) {
    case 'list': {
      const items = listed(state).map(shown);
      return { status: 200, body: { totalCount: items.length, items } };
    }
    case 'page': {
      const { number, size, uncounted, detail } = operation;
      const all = listed(state);
      const items = all
        .slice((number - 1) * size, number * size)
        .map((each) => (detail ? inDetail(each, state) : shown(each)));
      const totalCount = uncounted ? absent : all.length;
      return {
        status: 200,
        body: { pagination: { pageNumber: number, pageSize: size }, pagedResults: { totalCount, items } },
      };
    }
    case 'get':
    case 'detail': {
      const payment = find(idOf(operation.which, state), state);
      if (payment === undefined) return { status: 404 };
      return { status: 200, body: { instance: operation.do === 'get' ? shown(payment) : inDetail(payment, state) } };
    }
    case 'delete': {
      const payment = find(idOf(operation.which, state), state);
      if (payment === undefined) return { status: 404 };
      const gone = remove(payment, state);
      if (gone === undefined) return { status: 400 };
      return { status: 200, body: { type: 'delete', results: { totalCount: gone } } };
    }
    case 'create': {
      const made = create(resolved(operation.given, state), state);
      return made === undefined ? { status: 400 } : written('create', made);
    }
    case 'put':
    case 'flat': {
      const payment = find(idOf(operation.which, state), state);
      if (payment === undefined) return { status: 404 };
      if (!update(payment, resolved(operation.given, state), state)) return { status: 400 };
      if (operation.do === 'put') return written('update', payment);
      return {
        status: 200,
        body: { type: 'patch', results: { totalCount: 1, items: [{ action: 'updated', instance: shown(payment) }] } },
      };
    }
    case 'patch':
      return patch(operation.items, state);
    case 'reverse':
      return reverse(idOf(operation.which, state), operation.amount, state);
    case 'reverseVendor':
      return reverseAtGateway(idOf(operation.which, state), operation.amount, state);
    case 'vendor':
      return charge(operation, state);
  }
}

function written(type: string, payment: Payment): Omit<Outcome, 'request'> {
  return { status: 200, body: { type, results: { totalCount: 1, items: [shown(payment)] } } };
}

/** What is given, with the number of the payment that is reversed: what a request says does not change while it is carried out. */
type Resolved = Omit<Given, 'reverses'> & { readonly reverses?: number | null | undefined };

function resolved({ reverses, ...given }: Given, state: State): Resolved {
  return { ...given, reverses: reverses === undefined || reverses === null ? reverses : idOf(reverses, state) };
}

function find(id: number, state: State): Payment | undefined {
  return state.payments.find((payment) => payment.id === id);
}

function listed(state: State): Payment[] {
  return state.payments.filter(({ status }) => status !== failed);
}

/** What is left of a payment to be reversed. */
function leftOf(payment: Payment, state: State, except?: number): Big {
  const reversals = state.payments.filter(({ id, reverses, status }) => {
    return reverses === payment.id && id !== except && status !== failed;
  });
  return new Big(payment.amount).minus(sum(reversals.map(({ amount }) => amount)));
}

function spentOf(payment: Payment, state: State): Big {
  return sum(state.disbursements.filter((each) => each.payment === payment.id).map(({ amount }) => amount));
}

/** Whether a payment can be reversed at all, and by an amount; without one, by what is left. */
function isReversible(original: Payment, amount: string | undefined, state: State, except?: number): boolean {
  if (original.reverses !== null || original.status === failed) return false;
  const left = leftOf(original, state, except);
  return left.gt(0) && (amount === undefined || left.gte(amount));
}

/** Whether every number that is given is that of something. */
function isKnown({ account, type, status, reverses }: Resolved, state: State): boolean {
  return (
    (account === undefined || account === 0 || accounts.includes(account)) &&
    (type === undefined || types.includes(type)) &&
    (status === undefined || status === null || statuses.includes(status)) &&
    (reverses === undefined || reverses === null || find(reverses, state) !== undefined)
  );
}

/** The payment, recorded; `undefined` if it breaks a rule. */
function create(given: Resolved, state: State): Payment | undefined {
  const { amount, account, type, status = null, reverses = null } = given;
  if (amount === undefined || account === undefined || account === 0 || type === undefined) return undefined;
  if (!isKnown(given, state)) return undefined;
  const original = reverses === null ? undefined : find(reverses, state);
  if (original !== undefined && !isReversible(original, amount, state)) return undefined;
  return add(
    {
      ...blank,
      amount,
      account,
      type,
      status,
      reverses,
      automatic: given.automatic ?? false,
      detail: given.detail ?? null,
    },
    state,
    given.disbursed,
  );
}

const blank: Omit<Payment, 'id' | 'amount' | 'account' | 'type'> = {
  status: null,
  automatic: false,
  disbursed: false,
  invoice: null,
  manual: true,
  reverses: null,
  method: null,
  transaction: null,
  detail: null,
};

/** Stores a payment, and spreads it over the oldest open invoices if it asks for that and did not fail. */
function add(payment: Omit<Payment, 'id'>, state: State, disbursed?: boolean): Payment {
  const added = { ...payment, id: state.next.payment++ };
  state.payments.push(added);
  if (!added.automatic || added.status === failed) {
    added.disbursed = disbursed ?? false;
    return added;
  }
  const own = state.invoices.filter(({ account }) => account === added.account);
  own.sort((one, other) => one.date.localeCompare(other.date) || one.id - other.id);
  let left = new Big(added.amount);
  for (const invoice of own) {
    const paid = sum(state.disbursements.filter((each) => each.invoice === invoice.id).map(({ amount }) => amount));
    const share = least(left, new Big(invoice.amount).minus(paid));
    if (share.lte(0)) continue;
    left = left.minus(share);
    added.invoice ??= invoice.id;
    state.disbursements.push({
      id: state.next.disbursement++,
      invoice: invoice.id,
      payment: added.id,
      amount: share.toFixed(),
    });
  }
  added.disbursed = disbursed ?? left.eq(0);
  return added;
}

/** Changes a payment, unless that breaks a rule; whether it did. */
function update(payment: Payment, given: Resolved, state: State): boolean {
  if (!isKnown(given, state)) return false;
  const after = {
    ...payment,
    amount: given.amount ?? payment.amount,
    account: given.account === undefined || given.account === 0 ? payment.account : given.account,
    status: given.status === undefined ? payment.status : given.status,
    reverses: given.reverses === undefined ? payment.reverses : given.reverses,
    detail: given.detail ?? payment.detail,
  };
  const spent = spentOf(payment, state);
  const reversed = new Big(payment.amount).minus(leftOf(payment, state));
  if (given.amount !== undefined && (spent.gt(after.amount) || reversed.gt(after.amount))) return false;
  if (spent.gt(0) && after.account !== payment.account) return false;
  if (spent.gt(0) && after.status === failed && payment.status !== failed) return false;
  const isTouched = [given.amount, given.reverses, given.status].some((each) => each !== undefined);
  const original = after.reverses === null ? undefined : find(after.reverses, state);
  if (isTouched && original !== undefined) {
    if (original.id === payment.id || state.payments.some(({ reverses }) => reverses === payment.id)) return false;
    // One that failed gives nothing back, but what it names must be something that could be.
    if (after.status === failed && (original.reverses !== null || original.status === failed)) return false;
    if (after.status !== failed && !isReversible(original, after.amount, state, payment.id)) return false;
  }
  Object.assign(payment, after);
  return true;
}

/** Takes a payment away with what reverses it and hangs on it: how many things went; `undefined` if it has to stay. */
function remove(payment: Payment, state: State): number | undefined {
  const going = new Set([payment.id]);
  // A set's iteration reaches what is added meanwhile.
  for (const id of going) for (const each of state.payments) if (each.reverses === id) going.add(each.id);
  if (state.payments.some(({ id, manual }) => going.has(id) && !manual)) return undefined;
  const stays = (each: { readonly payment: number }) => !going.has(each.payment);
  const hanging = [state.disbursements, state.connectors, state.dependents].flat().filter((each) => !stays(each));
  state.payments = state.payments.filter(({ id }) => !going.has(id));
  state.disbursements = state.disbursements.filter(stays);
  state.connectors = state.connectors.filter(stays);
  state.dependents = state.dependents.filter(stays);
  return going.size + hanging.length;
}

/** Carries every item out, or none. */
function patch(items: readonly Item[], state: State): Omit<Outcome, 'request'> {
  const trial = structuredClone(state);
  // Which payments are meant was said before the first item was carried out.
  const targets = items.map((each) => ({
    id: 'which' in each ? idOf(each.which, state) : 0,
    given: 'given' in each ? resolved(each.given, state) : {},
  }));
  const outcomes = items.map(({ type }, index): Expected | undefined => {
    const { id, given } = targets[index] ?? { id: 0, given: {} };
    if (type === 'create') {
      const made = create(given, trial);
      return made === undefined ? undefined : { identity: made.id, action: 'created', instance: shown(made) };
    }
    const payment = find(id, trial);
    if (payment === undefined) return undefined;
    if (type === 'delete')
      return remove(payment, trial) === undefined ? undefined : { identity: id, action: 'deleted' };
    return update(payment, given, trial) ? { identity: id, action: 'updated', instance: shown(payment) } : undefined;
  });
  const done = outcomes.filter((each) => each !== undefined);
  if (done.length < items.length) return { status: 400 };
  Object.assign(state, trial);
  return { status: 200, body: { type: 'patch', results: { totalCount: done.length, items: done } } };
}

function reverse(id: number, amount: string | undefined, state: State): Omit<Outcome, 'request'> {
  const original = find(id, state);
  if (original === undefined) return { status: 400 };
  // What was recorded by hand and went nowhere is deleted instead.
  const isIssued = !original.manual || original.disbursed || spentOf(original, state).gt(0);
  if (!isIssued || !isReversible(original, amount, state)) return { status: 400 };
  return written('create', add(reversalOf(original, amount, state), state));
}

function reversalOf(original: Payment, amount: string | undefined, state: State): Omit<Payment, 'id'> {
  const { account, type, method } = original;
  return {
    ...blank,
    amount: amount ?? leftOf(original, state).toFixed(),
    account,
    type,
    method,
    reverses: original.id,
  };
}

function reverseAtGateway(id: number, amount: string | undefined, state: State): Omit<Outcome, 'request'> {
  const original = find(id, state);
  if (original === undefined || original.manual || !isReversible(original, amount, state)) return { status: 400 };
  const reversal = reversalOf(original, amount, state);
  return written(
    'create',
    add({ ...reversal, ...askGateway('reversal', reversal.amount, original.method, state) }, state),
  );
}

function charge(
  { account, method: methodId, amount, automatic = false }: Extract<Operation, { do: 'vendor' }>,
  state: State,
): Omit<Outcome, 'request'> {
  const method = state.methods.find(({ id }) => id === methodId);
  if (method === undefined || method.account !== account) return { status: 400 };
  const answer = askGateway('charge', amount, methodId, state);
  const isAutomatic = automatic && answer.status !== failed;
  return written(
    'create',
    add({ ...blank, amount, account, type: method.type, method: methodId, automatic: isAutomatic, ...answer }, state),
  );
}

function askGateway(kind: string, amount: string, methodId: number | null, state: State) {
  const approved = !state.methods.some(({ id, declines }) => id === methodId && declines);
  const transaction = state.next.transaction++;
  state.transactions.push({ id: transaction, kind, approved, amount });
  return { manual: false, transaction, status: approved ? 1 : failed };
}

/** A payment as answers show it. */
function shown(payment: Payment): { readonly [name: string]: Expected | undefined } {
  return {
    identity: payment.id,
    amount: new Big(payment.amount),
    accountId: payment.account,
    paymentTypeId: payment.type,
    paymentStatusTypeId: payment.status,
    automaticDisburse: payment.automatic,
    disbursed: payment.disbursed,
    invoiceId: payment.invoice,
    isManual: payment.manual,
    reversePaymentId: payment.reverses,
    paymentMethodId: payment.method,
    paymentTransactionId: payment.transaction,
    detail: payment.detail,
  };
}

/** What a record may lack where an answer has null. */
function unset(payment: Payment): { readonly [name: string]: Expected | undefined } {
  return {
    paymentStatusTypeId: payment.status ?? undefined,
    invoiceId: payment.invoice ?? undefined,
    reversePaymentId: payment.reverses ?? undefined,
    paymentMethodId: payment.method ?? undefined,
    paymentTransactionId: payment.transaction ?? undefined,
    detail: payment.detail ?? undefined,
  };
}

function inDetail(payment: Payment, state: State): Expected {
  const invoiceDisbursements = state.disbursements.filter((each) => each.payment === payment.id).map(disbursementView);
  const paymentReversals = state.payments.filter(({ reverses }) => reverses === payment.id).map(shown);
  return { ...shown(payment), details: { invoiceDisbursements, paymentReversals } };
}

function disbursementView({ id, invoice, payment, amount }: State['disbursements'][number]): Expected {
  return { identity: id, invoiceId: invoice, paymentId: payment, amount: new Big(amount) };
}
