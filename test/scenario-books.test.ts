/**
 * Money adds up in every scenario that is shipped: totals of invoices, what was allocated to them, what is left of them.
 *
 * The `documented-*` scenarios are left out: they hold the values that make the vendors' own samples come true, and those
 * contradict each other.
 */
import { describe, expect, test } from 'vitest';
import { loadApis, Scenarios } from '../src/apis.js';
import { type Amount, isAmount, isArray, isObject, type JsonObject, type JsonValue, numberText } from '../src/json.js';
import { compare, subtract, sum } from '../src/money.js';
import { packagePlaces } from '../src/paths.js';
import type { Scenario } from '../src/store/scenario.js';

const scenarios = new Scenarios(await loadApis(packagePlaces), [packagePlaces.data]);

/** The scenario's records of a collection. */
const records = (scenario: Scenario, collection: string): readonly JsonObject[] => [
  ...(scenario.collections.get(collection)?.values() ?? []),
];
const amountOf = (record: JsonObject | undefined, property: string): Amount => {
  const value = record?.[property];
  return isAmount(value) ? value : 0;
};
const total = (found: readonly JsonObject[], property: string): Amount =>
  sum(found.map((record) => amountOf(record, property)));

/** By the values of a property. */
function grouped(found: readonly JsonObject[], property: string): ReadonlyMap<JsonValue | undefined, JsonObject[]> {
  const groups = new Map<JsonValue | undefined, JsonObject[]>();
  for (const record of found) groups.set(record[property], [...(groups.get(record[property]) ?? []), record]);
  return groups;
}

/** What does not add up, in words. */
type Judge = (scenario: Scenario) => Iterable<string>;

const equal = (name: string, found: Amount, wanted: Amount) =>
  compare(found, wanted) === 0 ? [] : [`${name}: ${numberText(found)} where ${numberText(wanted)} is due`];
const atMost = (name: string, found: Amount, limit: Amount) =>
  compare(found, limit) <= 0 && compare(found, 0) >= 0 ? [] : [`${name}: ${numberText(found)} of ${numberText(limit)}`];

function* staxbill(scenario: Scenario): Iterable<string> {
  const activities = records(scenario, 'paymentActivities');
  const allocations = activities.flatMap((each) =>
    (isArray(each.allocations) ? each.allocations : []).filter(isObject),
  );
  const byInvoice = grouped(allocations, 'invoiceId');
  for (const invoice of records(scenario, 'invoices')) {
    const name = `invoice ${invoice.invoiceId}`;
    const whole = sum([amountOf(invoice, 'invoiceAmount'), amountOf(invoice, 'taxes')]);
    yield* equal(`${name} total`, amountOf(invoice, 'invoiceTotal'), subtract(whole, amountOf(invoice, 'discounts')));
    const allocated = total(byInvoice.get(invoice.invoiceId) ?? [], 'amount');
    // What was paid before any activity that is stored is in no allocation: default's invoices 501 and 504.
    const open = amountOf(invoice, 'outstandingBalance');
    yield* atMost(`${name} open`, sum([open, allocated]), amountOf(invoice, 'invoiceTotal'));
    if (scenario.name !== 'default') {
      yield* equal(`${name} open`, open, subtract(amountOf(invoice, 'invoiceTotal'), allocated));
    }
  }
  const methods = new Map(records(scenario, 'paymentMethods').map((each) => [each.id, each.customerId]));
  const invoices = new Map(records(scenario, 'invoices').map((each) => [each.invoiceId, each.customerId]));
  for (const { id, customerId, paymentMethodId, amount, allocations: given } of activities) {
    const parts = (isArray(given) ? given : []).filter(isObject);
    yield* atMost(`activity ${id}`, total(parts, 'amount'), isAmount(amount) ? amount : 0);
    if (methods.get(paymentMethodId) !== customerId) yield `activity ${id}: paid by another customer's method`;
    for (const { invoiceId } of parts) {
      if (invoices.get(invoiceId) !== customerId) yield `activity ${id}: invoice ${invoiceId} is another customer's`;
    }
  }
}

function* logisense(scenario: Scenario): Iterable<string> {
  const payments = records(scenario, 'payments');
  const disbursements = records(scenario, 'invoiceDisbursements');
  const invoices = new Map(records(scenario, 'invoices').map((each) => [each.id, each]));
  const byInvoice = grouped(disbursements, 'invoiceId');
  const byPayment = grouped(disbursements, 'paymentId');
  const reversals = grouped(payments, 'reversePaymentId');
  const failed = records(scenario, 'paymentStatusTypes').filter(({ outcome }) => outcome === 'failed');
  for (const [id, invoice] of invoices) {
    yield* atMost(`invoice ${id}`, total(byInvoice.get(id) ?? [], 'amount'), amountOf(invoice, 'amount'));
  }
  const transactions = new Map(records(scenario, 'paymentTransactions').map((each) => [each.id, each]));
  for (const payment of payments) {
    const { identity, accountId, disbursed, paymentStatusTypeId, paymentTransactionId } = payment;
    const name = `payment ${identity}`;
    const spent = byPayment.get(identity) ?? [];
    const amount = amountOf(payment, 'amount');
    yield* disbursed === true
      ? equal(`${name} disbursed`, total(spent, 'amount'), amount)
      : equal(`${name} not disbursed`, total(spent, 'amount'), 0);
    yield* atMost(`${name} reversed`, total(reversals.get(identity) ?? [], 'amount'), amount);
    const isFailed = failed.some(({ id }) => id === paymentStatusTypeId);
    if (isFailed && spent.length > 0) yield `${name}: failed, and pays invoices`;
    const transaction = transactions.get(paymentTransactionId);
    if (transaction !== undefined) {
      yield* equal(`${name} transaction`, amountOf(transaction, 'amount'), amount);
      if ((transaction.outcome === 'declined') !== isFailed) yield `${name}: its transaction ends otherwise`;
    }
    for (const { invoiceId } of spent) {
      if (invoices.get(invoiceId)?.accountId !== accountId) yield `${name}: invoice ${invoiceId} is another account's`;
    }
  }
}

function* midnight(scenario: Scenario): Iterable<string> {
  const details = records(scenario, 'paymentDetails');
  const payments = new Map(records(scenario, 'payments').map((each) => [each.id, each]));
  const byOrder = grouped(details, 'orderId');
  for (const { id, customerId, balanceDue } of records(scenario, 'orders')) {
    const balance = isObject(balanceDue) ? balanceDue : {};
    const found = byOrder.get(id) ?? [];
    for (const label of ['Services', 'Postage']) {
      const paid = found.filter(({ paymentLabel }) => paymentLabel === label);
      yield* atMost(`order ${id} ${label}`, total(paid, 'amountBilled'), amountOf(balance, label));
    }
    const whole = sum([amountOf(balance, 'Services'), amountOf(balance, 'Postage')]);
    yield* atMost(`order ${id}`, total(found, 'amountBilled'), whole);
    for (const { paymentId } of found) {
      if (payments.get(paymentId)?.customerId !== customerId) yield `order ${id}: payment ${paymentId} is another's`;
    }
  }
  const paid = new Set(details.map(({ paymentId }) => paymentId));
  for (const id of payments.keys()) if (!paid.has(id)) yield `payment ${id}: has no details`;
}

function* nuntiq(scenario: Scenario): Iterable<string> {
  const applications = records(scenario, 'applications');
  const undone = ['RETURNED', 'FAILED', 'CANCELED'];
  const payments = new Map(records(scenario, 'payments').map((each) => [each.payment_id, each]));
  const kept = applications.filter(({ payment_id: id }) => !undone.includes(String(payments.get(id)?.status)));
  const byInvoice = grouped(kept, 'invoice_token');
  for (const { invoice_token: token, invoice_number: number, total_amount: billed } of records(scenario, 'invoices')) {
    const found = byInvoice.get(token) ?? [];
    const used = sum([total(found, 'applied_amount'), total(found, 'discount_amount')]);
    // default's BW-7702 is paid less its discount, to the cent.
    yield* atMost(`invoice ${number}`, used, isAmount(billed) ? billed : 0);
  }
  const byPayment = grouped(applications, 'payment_id');
  for (const [id, payment] of payments) {
    yield* equal(`payment ${id}`, total(byPayment.get(id) ?? [], 'applied_amount'), amountOf(payment, 'total_amount'));
  }
}

function* upwell(scenario: Scenario): Iterable<string> {
  const lines = records(scenario, 'paymentLineItems');
  const byPayment = grouped(lines, 'paymentId');
  for (const payment of records(scenario, 'payments')) {
    const { id } = payment;
    const found = byPayment.get(id) ?? [];
    yield* equal(`payment ${id}`, total(found, 'totalAmount'), amountOf(payment, 'totalAmount'));
    if (new Set(found.map(({ customerId }) => customerId)).size > 1) yield `payment ${id}: of more than one customer`;
  }
  for (const line of lines.filter(({ totalAmountWithFees }) => isAmount(totalAmountWithFees))) {
    const whole = sum([amountOf(line, 'totalAmount'), amountOf(line, 'fees')]);
    yield* equal(`line item ${line.id}`, amountOf(line, 'totalAmountWithFees'), whole);
  }
}

const judges: Readonly<Record<string, Judge>> = { staxbill, logisense, midnight, nuntiq, upwell };
const shipped = scenarios.apis.flatMap((api) =>
  scenarios
    .names(api)
    .filter((name) => !name.startsWith('documented-'))
    .map((name) => [api, name] as const),
);

describe('the books balance', () => {
  test.each(shipped)('%s/%s', (api, name) => {
    const judge = judges[api] ?? expect.fail(`say how the books of ${api} balance`);
    expect([...judge(scenarios.load(api, name))].slice(0, 20)).toEqual([]);
  });
});

describe('what the stories promise', () => {
  const sizes = (api: string, name: string) =>
    new Map([...scenarios.load(api, name).collections].map(([collection, { size }]) => [collection, size]));

  test.each([
    ['staxbill', 'customers', 'invoices'],
    ['logisense', 'accounts', 'invoices'],
    ['midnight', 'customers', 'orders'],
  ])('%s/month-end has fifty %s and 400 %s', (api, parties, bills) => {
    const found = sizes(api, 'month-end');
    expect([found.get(parties), found.get(bills)]).toEqual([50, 400]);
  });

  test.each([...Object.keys(judges)])('%s/large has ten thousand payments', (api) => {
    expect(sizes(api, 'large').get('payments')).toBe(10_000);
  });

  test('the customers of quarter-close are known to every api in it', () => {
    const names: Readonly<Record<string, readonly [string, string]>> = {
      staxbill: ['customers', 'companyName'],
      logisense: ['accounts', 'name'],
      midnight: ['customers', 'customerName'],
    };
    for (const [api, [collection, property]] of Object.entries(names)) {
      const found = records(scenarios.load(api, 'quarter-close'), collection).map((record) => record[property]);
      expect(found.sort(), api).toEqual(['Harbor Foods', 'Kestrel Logistics', 'Marigold Clinics']);
    }
  });

  test('every story is a paragraph', () => {
    const short = shipped.filter(([api, name]) => name !== 'empty' && scenarios.story(api, name).length < 80);
    expect(short).toEqual([]);
  });
});
