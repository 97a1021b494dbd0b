/**
 * Stax Bill, seed 004: payments that Global Payments has taken, imported and spread over invoices.
 */
import type { operations } from '../../specs/staxbill/openapi.js';
import { defineApi, money } from '../../src/index.js';
import { allocationsOf } from './allocation.js';
import { dialect } from './dialect.js';
import { requireFaultless } from './faults.js';
import { methodOf } from './methods.js';
import { settingsOf } from './settings.js';
import { readReferenceDate, timestamp } from './timestamps.js';
import type {
  Allocation,
  Books,
  Collections,
  Customer,
  Gateway,
  Import,
  Method,
  StoredActivity,
  World,
} from './types.js';
import { activityView } from './views.js';

export default defineApi<operations, Collections>({
  dialect,
  handlers: {
    importGlobalPayment({ body }, world) {
      const { state } = world;
      const settings = settingsOf(world);
      const customer = requireFaultless(body, state, settings);
      const attempts = attemptsOf(body, state);
      const gateway = gatewayOf(body, state);
      const failed = gateway?.status === 'Failed';
      const allocations = failed ? [] : allocationsOf(body, state);

      const method = methodOf(body, customer, world);
      for (const allocation of allocations) takeOff(allocation, state);
      const stored = record(body, { customer, method, gateway, attempts, allocations }, world);
      const paymentId = failed ? null : recordPayment(stored, world);
      const originalId = attempts.first?.id ?? null;
      const parts = { stored, customer, method, gateway, settings, originalId, paymentId };
      return { status: 200, body: activityView(parts, world) };
    },
  },
});

/** What was imported before with the same globalPaymentsTransactionId (rule repeated-transaction). */
interface Attempts {
  /** Absent if nothing was. */
  readonly first: StoredActivity | undefined;
  readonly last: StoredActivity | undefined;
}

/** An empty globalPaymentsTransactionId names none. */
function attemptsOf({ globalPaymentsTransactionId: id }: Import, { paymentActivities }: Books): Attempts {
  if (!id) return { first: undefined, last: undefined };
  return {
    first: paymentActivities.first('globalPaymentsTransactionId', id),
    last: paymentActivities.last('globalPaymentsTransactionId', id),
  };
}

/** The gateway that the request names; if it names none, the first, if there is one (rule gateway-known). */
function gatewayOf({ gatewayId }: Import, books: Books): Gateway | undefined {
  return gatewayId ? books.gateways.get(gatewayId) : books.gateways.all()[0];
}

/** What an invoice got is no longer open of it (rule balances-fall). */
function takeOff({ invoiceId, amount }: Allocation, books: Books): void {
  const invoice = books.invoices.get(invoiceId);
  if (invoice === undefined) return;
  books.invoices.replace({ ...invoice, outstandingBalance: money.subtract(invoice.outstandingBalance, amount) });
}

interface Outcome {
  readonly customer: Customer;
  readonly method: Method;
  readonly gateway: Gateway | undefined;
  readonly attempts: Attempts;
  readonly allocations: readonly Allocation[];
}

function record(body: Import, outcome: Outcome, world: World): StoredActivity {
  const date = readReferenceDate(body.referenceDate ?? '');
  const stored: StoredActivity = {
    id: world.nextId('paymentActivities'),
    customerId: outcome.customer.id,
    amount: body.amount ?? 0,
    paymentMethodId: outcome.method.id,
    gatewayId: outcome.gateway?.gatewayId ?? null,
    globalPaymentsTransactionId: body.globalPaymentsTransactionId || null,
    attemptNumber: (outcome.attempts.last?.attemptNumber ?? 0) + 1,
    reference: body.reference ?? null,
    referenceDate: date === undefined ? null : timestamp(date),
    createdTimestamp: timestamp(world.now),
    allocations: [...outcome.allocations],
  };
  world.state.paymentActivities.insert(stored);
  return stored;
}

function recordPayment({ id: paymentActivityId }: StoredActivity, world: World): number {
  const id = world.nextId('payments');
  world.state.payments.insert({ id, paymentActivityId });
  return id;
}
