/**
 * LogiSense Billing, seed 001: payments on accounts, disbursed to invoices, reversed, made through gateways.
 */
import type { operations } from '../../specs/logisense/openapi.js';
import { defineApi, money, Problem, type ProblemDetail } from '../../src/index.js';
import { deletionFaults, remove } from './deletion.js';
import { dialect } from './dialect.js';
import { disbursedOf } from './disbursements.js';
import { broken, codes } from './errors.js';
import { askGateway } from './gateway.js';
import { linkOf, missingRecords } from './links.js';
import { pageOf, pageOfViews } from './paging.js';
import { patch } from './patch.js';
import { remainderOf, reversalFaults } from './reversals.js';
import { statusFor } from './status.js';
import type { Collections, PaymentInput, StoredPayment, World } from './types.js';
import { detailView, listed, paymentView } from './views.js';
import {
  creationFaults,
  flatFaults,
  identityFaults,
  missingProperties,
  namedReversalFaults,
  record,
  update,
  updateFaults,
} from './writes.js';

export default defineApi<operations, Collections>({
  dialect,
  handlers: {
    listPayments(_request, world) {
      const items = listed(world.state).map((payment) => paymentView(payment, world.state));
      return { status: 200, body: { trackingId: world.uuid(), totalCount: items.length, items } };
    },

    createPayment({ body }, world) {
      refuse(creationFaults(body, world.state, ''));
      return { status: 200, body: created(record(body, world), world) };
    },

    listPaymentsPaged(_request, world) {
      const page = pageOfViews(pageOf(world), listed(world.state), (payment) => paymentView(payment, world.state));
      return { status: 200, body: { trackingId: world.uuid(), ...page } };
    },

    listPaymentsPagedDetail(_request, world) {
      const page = pageOfViews(pageOf(world), listed(world.state), (payment) => detailView(payment, world.state));
      return { status: 200, body: { trackingId: world.uuid(), ...page } };
    },

    getPayment({ path }, world) {
      const instance = paymentView(found(path.id, world), world.state);
      return { status: 200, body: { trackingId: world.uuid(), instance } };
    },

    getPaymentDetail({ path }, world) {
      const instance = detailView(found(path.id, world), world.state);
      return { status: 200, body: { trackingId: world.uuid(), instance } };
    },

    updatePayment({ path, body }, world) {
      const stored = found(path.id, world);
      refuse(updateFaults(stored, body, world.state, ''));
      const items = [paymentView(update(stored, body, world), world.state)];
      return { status: 200, body: { trackingId: world.uuid(), type: 'update', results: { totalCount: 1, items } } };
    },

    patchPayment({ path, body }, world) {
      const { details: _, payments, ...flat } = body;
      // A flat body is an update of the payment in the path (rule flat-patch), which must then exist.
      if (payments === undefined) {
        const stored = found(path.id, world);
        refuse([...flatFaults(flat), ...identityFaults(stored, flat, '')]);
      }
      const changes = payments?.items ?? [{ ...flat, patchType: 'update' as const }];
      const items = patch(changes, path.id, world);
      const results = { totalCount: items.length, items };
      return { status: 200, body: { trackingId: world.uuid(), type: 'patch', results } };
    },

    deletePayment({ path }, world) {
      const stored = found(path.id, world);
      refuse(deletionFaults(stored, world.state, ''));
      const items = [...remove(stored, world.state)];
      const results = { totalCount: items.length, items };
      return { status: 200, body: { trackingId: world.uuid(), type: 'delete', results } };
    },

    reversePayment({ body }, world) {
      const original = reversed(body, world, (stored) => issuedFaults(stored, world));
      return { status: 200, body: created(record(reversalOf(original, body, world), world), world) };
    },

    reverseVendorPayment({ body }, world) {
      const original = reversed(body, world, gatewayFaults);
      const method = world.state.paymentMethods.get(original.paymentMethodId ?? 0);
      const reversal = reversalOf(original, body, world);
      const answer = askGateway('reversal', reversal.amount ?? 0, method, world);
      const payment = record(
        { ...reversal, paymentMethodId: original.paymentMethodId ?? null, ...throughGateway(answer, world) },
        world,
      );
      const stored = { ...payment, merchantAccount: method?.merchantAccount ?? null };
      world.state.payments.replace(stored);
      return { status: 200, body: created(stored, world) };
    },

    createVendorPayment({ body }, world) {
      const { state } = world;
      const method = state.paymentMethods.get(body.paymentMethodId ?? 0);
      refuse([
        ...missingProperties(body, ['accountId', 'amount', 'paymentMethodId'], 'required-for-gateway', ''),
        ...missingRecords(body, state, ''),
        ...ownerFaults(body, method),
        ...namedReversalFaults(body, state, ''),
      ]);
      const answer = askGateway('charge', body.amount ?? 0, method, world);
      const paymentTypeId = linkOf(body.paymentTypeId) ?? method?.paymentTypeId ?? 0;
      // A declined charge pays no invoice (rule gateway-decline).
      const disbursing = answer.approved ? {} : { automaticDisburse: false, disbursed: false };
      const input = { ...body, paymentTypeId, ...disbursing, ...throughGateway(answer, world) };
      return { status: 200, body: created(record(input, world), world) };
    },
  },
});

/** @throws {Problem} `rule`, if there are faults */
function refuse(details: readonly ProblemDetail[]): void {
  if (details.length > 0) throw new Problem('rule', { details });
}

/** @throws {Problem} `not-found` (rule payment-exists) */
function found(id: number, { state }: World): StoredPayment {
  const payment = state.payments.get(id);
  if (payment !== undefined) return payment;
  const message = `'PaymentId' (${id}) does not exist in 'Payment'.`;
  throw new Problem('not-found', {
    details: [{ in: 'path', pointer: '/id', rule: 'payment-exists', message, code: codes.notFound, received: id }],
  });
}

function created(payment: StoredPayment, world: World) {
  const items = [paymentView(payment, world.state)];
  return { trackingId: world.uuid(), type: 'create' as const, results: { totalCount: 1, items } };
}

/** The payment that a body asks to reverse, if it can be. @throws {Problem} `rule`, with all that is wrong */
function reversed(
  body: PaymentInput,
  world: World,
  ownFaults: (stored: StoredPayment) => readonly ProblemDetail[],
): StoredPayment {
  const id = linkOf(body.reversePaymentId) ?? linkOf(body.identity);
  const { reversePaymentId: _, ...others } = body;
  const original = id === undefined ? undefined : world.state.payments.get(id);
  if (original === undefined) {
    const missing =
      id === undefined ? "'ReversePaymentId' is required" : `'ReversePaymentId' (${id}) does not exist in 'Payment'`;
    const fault = broken(
      'reversal-names-payment',
      '/reversePaymentId',
      `${missing} for 'Payment'.`,
      codes.linkedRecord,
    );
    throw new Problem('rule', { details: [fault, ...missingRecords(others, world.state, '')] });
  }
  refuse([
    ...missingRecords(others, world.state, ''),
    ...ownFaults(original),
    ...reversalFaults(original, body.amount, world.state, ''),
  ]);
  return original;
}

/** A recorded payment that has gone nowhere cannot be reversed (rule issued-before-reversal). */
function issuedFaults(original: StoredPayment, { state }: World): readonly ProblemDetail[] {
  const issued = original.disbursed || money.isPositive(disbursedOf(original, state));
  if (!original.isManual || issued || linkOf(original.reversePaymentId) !== undefined) return [];
  const message = `Payment ${original.identity} has gone to no invoice and cannot be reversed. Delete it instead.`;
  return [broken('issued-before-reversal', '/reversePaymentId', message)];
}

/** Only what a gateway took can a gateway give back (rule gateway-payment-reversed). */
function gatewayFaults(original: StoredPayment): readonly ProblemDetail[] {
  if (!original.isManual) return [];
  const message = `Payment ${original.identity} was recorded by hand. Reverse it with POST /Payment/Reverse.`;
  return [broken('gateway-payment-reversed', '/reversePaymentId', message)];
}

function ownerFaults(body: PaymentInput, method: Collections['paymentMethods'] | undefined): readonly ProblemDetail[] {
  const owner = method?.accountId ?? null;
  if (owner === null || owner === body.accountId) return [];
  const message = `'PaymentMethodId' (${body.paymentMethodId}) is not that of account ${body.accountId}.`;
  return [broken('required-for-gateway', '/paymentMethodId', message, codes.linkedRecord)];
}

/** The reversal as a payment: what the body says, else what the original has (rules reversal-is-payment, reversal-amount-default). */
function reversalOf(original: StoredPayment, body: PaymentInput, { state }: World): PaymentInput {
  const amount = body.amount ?? remainderOf(original, state);
  return {
    cardTypeId: original.cardTypeId ?? null,
    paymentMethodId: original.paymentMethodId ?? null,
    ...body,
    amount,
    accountId: original.accountId,
    paymentTypeId: original.paymentTypeId,
    reversePaymentId: original.identity,
    automaticDisburse: false,
    disbursed: body.disbursed ?? false,
  };
}

/** What the gateway's answer makes of a payment (rule gateway-transaction). */
function throughGateway(answer: ReturnType<typeof askGateway>, { state }: World): PaymentInput {
  return {
    isManual: false,
    paymentTransactionId: answer.paymentTransactionId,
    paymentStatusTypeId: statusFor(answer.approved ? 'processed' : 'failed', state),
  };
}
