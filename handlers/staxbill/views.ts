/**
 * What an answer shows of an import: the activity with everything that it touched, read from state.
 */
import type { Amount } from '../../src/index.js';
import { wordsOf } from './methods.js';
import { paymentView } from './payment-view.js';
import type { Settings } from './settings.js';
import type {
  Activity,
  Allocation,
  Books,
  Customer,
  Gateway,
  Invoice,
  Method,
  Schemas,
  StoredActivity,
  World,
} from './types.js';

/** What an activity is shown with. */
export interface Parts {
  readonly stored: StoredActivity;
  readonly customer: Customer;
  readonly method: Method;
  /** Absent if none is stored. */
  readonly gateway: Gateway | undefined;
  readonly settings: Settings;
  /** The first activity with the same transaction; null if this is it. */
  readonly originalId: number | null;
  /** Null if there is no payment, since the attempt failed. */
  readonly paymentId: number | null;
}

/** An invoice as it is after the payment, and what it got. */
export interface Paid {
  readonly invoice: Invoice;
  readonly amount: Amount;
}

/** The complete activity (seed 004, Common.Dto.Get.PaymentActivity). */
export function activityView(parts: Parts, world: World): Activity {
  const { stored, customer, method, gateway, settings, paymentId } = parts;
  const paid = paidInvoices(stored.allocations, world.state);
  return {
    customerId: customer.id,
    status: gateway?.status ?? 'Successful',
    effectiveTimestamp: stored.referenceDate ?? stored.createdTimestamp,
    createdTimestamp: stored.createdTimestamp,
    source: settings.texts.source,
    method: wordsOf(method),
    transactionType: settings.texts.transactionType,
    amount: stored.amount,
    gatewayFee: gateway?.fee ?? null,
    currency: customer.currency,
    transaction: paymentId === null ? null : paymentView(parts, paid, paymentId, world),
    paymentGateway: gateway === undefined ? null : gatewayView(gateway, stored),
    methodIsAch: method.kind === 'ACH',
    isOutsidePayment: false,
    parentCustomerId: customer.parentCustomerId ?? null,
    reconciliationId: world.uuid(),
    trigger: settings.texts.trigger,
    triggeringUserId: settings.triggeringUserId,
    attemptNumber: stored.attemptNumber,
    customer: customerView(customer),
    paymentMethod: methodView(method),
    invoices: paid.map(({ invoice }) => invoiceView(invoice)),
    id: stored.id,
    uri: settings.uris.activity.replace('{id}', String(stored.id)),
  };
}

function paidInvoices(allocations: readonly Allocation[], books: Books): readonly Paid[] {
  return allocations.flatMap(({ invoiceId, amount }) => {
    const invoice = books.invoices.get(invoiceId);
    return invoice === undefined ? [] : [{ invoice, amount }];
  });
}

function invoiceView(invoice: Invoice): Schemas['PaidInvoice'] {
  const { invoiceId, invoiceNumber, invoiceAmount, invoiceTotal, taxes, discounts, chargeGroups = [] } = invoice;
  return { invoiceId, invoiceNumber, invoiceAmount, invoiceTotal, taxes, discounts, chargeGroups };
}

function gatewayView(gateway: Gateway, stored: StoredActivity): Activity['paymentGateway'] {
  return {
    authorizationCode: gateway.authorizationCode ?? null,
    authorizationResponse: gateway.authorizationResponse ?? null,
    gatewayId: gateway.gatewayId,
    gatewayName: gateway.gatewayName,
    secondaryTransactionNumber: stored.globalPaymentsTransactionId,
    primaryGatewayFailure: gateway.primaryGatewayFailure ?? null,
    processorId: gateway.processorId ?? null,
  };
}

function customerView(customer: Customer): Activity['customer'] {
  return {
    id: customer.id,
    firstName: customer.firstName ?? null,
    lastName: customer.lastName ?? null,
    companyName: customer.companyName ?? null,
    reference: customer.reference ?? null,
    reference1: customer.reference1 ?? null,
    reference2: customer.reference2 ?? null,
    reference3: customer.reference3 ?? null,
    salesTrackingCodes: customer.salesTrackingCodes ?? [],
  };
}

function methodView(method: Method): Activity['paymentMethod'] {
  return {
    id: method.id,
    firstName: method.firstName ?? null,
    lastName: method.lastName ?? null,
    firstSix: method.firstSix ?? null,
    lastFour: method.lastFour ?? null,
    cardType: method.cardType ?? null,
    expirationMonth: method.expirationMonth ?? null,
    expirationYear: method.expirationYear ?? null,
    maskedAccountNumber: method.maskedAccountNumber ?? null,
    maskedTransitNumber: method.maskedTransitNumber ?? null,
    bankAccountType: method.bankAccountType ?? null,
    externalCustomerId: method.externalCustomerId ?? null,
    externalCardId: method.externalCardId ?? null,
  };
}
