/**
 * What an answer shows of the payment that an import resulted in.
 */
import { restOf } from './allocation.js';
import { vendorAddress } from './settings.js';
import { timestamp } from './timestamps.js';
import type { Gateway, Invoice, Payment, Schemas, World } from './types.js';
import type { Paid, Parts } from './views.js';

/** The payment of a successful activity (seed 004, Common.Dto.Get.Payment). */
export function paymentView(parts: Parts, paid: readonly Paid[], paymentId: number, world: World): Payment {
  const { stored, customer, gateway, settings, originalId } = parts;
  const accounting = customer.accounting ?? {};
  return {
    paymentActivityId: stored.id,
    reference: stored.reference,
    effectiveTimestamp: stored.referenceDate ?? stored.createdTimestamp,
    referenceDate: stored.referenceDate,
    description: settings.texts.description,
    customerId: customer.id,
    originalPaymentActivityId: originalId,
    amount: stored.amount,
    currency: customer.currency,
    invoiceAllocations: paid.map(allocationView),
    refunds: [],
    unallocatedAmount: restOf(stored.amount, stored.allocations),
    refundableAmount: stored.amount,
    gatewayFee: gateway?.fee ?? null,
    settlement: settlementView(gateway, world),
    netsuiteId: accounting.netsuiteId ?? null,
    surchargingFee: gateway?.surchargingFee ?? null,
    sendToNetsuite: accounting.sendToNetsuite ?? false,
    sendToQuickbooksOnline: accounting.sendToQuickbooksOnline ?? false,
    quickBooksId: accounting.quickBooksId ?? null,
    quickBooksAttemptNumber: accounting.quickBooksAttemptNumber ?? null,
    sageIntacctId: accounting.sageIntacctId ?? null,
    sageIntacctAttemptNumber: accounting.sageIntacctAttemptNumber ?? null,
    syncedToSageIntacct: accounting.syncedToSageIntacct ?? false,
    disputeStatus: gateway?.disputeStatus ?? null,
    disputeId: gateway?.disputeId ?? null,
    id: paymentId,
    uri: settings.uris.payment.replace('{id}', String(paymentId)),
  };
}

function allocationView({ invoice, amount }: Paid): Schemas['InvoiceAllocation'] {
  return {
    invoiceId: invoice.invoiceId,
    invoiceNumber: invoice.invoiceNumber,
    amount,
    outstandingBalance: invoice.outstandingBalance,
    invoiceTotal: invoice.invoiceTotal,
    surchargingFee: invoice.surchargingFee ?? null,
    poNumber: invoice.poNumber ?? null,
    netsuiteId: invoice.netsuiteId ?? null,
    quickbooksId: invoice.quickbooksId ?? null,
    invoiceNote: invoice.invoiceNote ?? null,
    uri: addressOf(invoice),
  };
}

function addressOf({ uri, invoiceId }: Invoice): string {
  return uri ?? `${vendorAddress}/invoices/${invoiceId}`;
}

/** A new payment was modified, checked and is due to be checked at one time, as in the vendor's sample. */
function settlementView(gateway: Gateway | undefined, world: World): Payment['settlement'] {
  const settlement = gateway?.settlement;
  if (settlement === undefined) return null;
  const at = timestamp(world.now);
  return {
    status: settlement.status,
    modifiedTimestamp: at,
    lastCheckedTimestamp: at,
    nextCheckTimestamp: at,
    message: settlement.message ?? null,
  };
}
