/**
 * A payment as it is after a request: what was sent, over what is stored, over the defaults.
 */
import { formatInstant, type Instant } from '../../src/index.js';
import type { NuntiqContext, Payment, PaymentRequest } from './types.js';

/** The statuses that say that money arrived, and that it came back (seed 003, status; vendors.md, 003). */
const arrived: readonly Payment['status'][] = ['PAID', 'SETTLED'];
const cameBack: readonly Payment['status'][] = ['RETURNED'];

/** Creates or updates the payment of the request's source and id. */
export function storePayment(request: PaymentRequest, context: NuntiqContext): Payment {
  const { payments } = context.state;
  const source = sourceOf(request);
  const stored = payments
    .where('external_payment_id', request.external_payment_id)
    .find((payment) => payment.external_source === source);
  const id = stored?.payment_id ?? context.nextId('payments');
  const payment = paymentAfter(request, stored, id, context.now);
  if (stored === undefined) payments.insert(payment);
  else payments.replace(payment);
  return payment;
}

function paymentAfter(request: PaymentRequest, stored: Payment | undefined, id: number, now: Instant): Payment {
  return {
    payment_id: id,
    external_payment_id: request.external_payment_id,
    external_source: sourceOf(request),
    status: request.status ?? stored?.status ?? 'INITIATED',
    method: request.method,
    total_amount: request.total_amount,
    currency: request.currency.toUpperCase(),
    scheduled_at: kept(request.scheduled_at, stored?.scheduled_at),
    submitted_at: kept(request.submitted_at, stored?.submitted_at),
    sent_at: kept(request.sent_at, stored?.sent_at),
    expected_settlement_at: kept(request.expected_settlement_at, stored?.expected_settlement_at),
    settled_at: stamped(request.settled_at, stored?.settled_at, stamp(arrived, request, now)),
    returned_at: stamped(request.returned_at, stored?.returned_at, stamp(cameBack, request, now)),
    payment_reference: kept(request.payment_reference, stored?.payment_reference),
    bank_reference: kept(request.bank_reference, stored?.bank_reference),
    ach_trace_number: kept(request.ach_trace_number, stored?.ach_trace_number),
    sepa_end_to_end_id: kept(request.sepa_end_to_end_id, stored?.sepa_end_to_end_id),
    rtp_trace_id: kept(request.rtp_trace_id, stored?.rtp_trace_id),
    check_number: kept(request.check_number, stored?.check_number),
    check_mailed_at: kept(request.check_mailed_at, stored?.check_mailed_at),
    check_cleared_at: kept(request.check_cleared_at, stored?.check_cleared_at),
    check_stop_payment: kept(request.check_stop_payment, stored?.check_stop_payment),
    beneficiary_name: kept(request.beneficiary_name, stored?.beneficiary_name),
    beneficiary_bank_name: kept(request.beneficiary_bank_name, stored?.beneficiary_bank_name),
    beneficiary_bank_country: kept(request.beneficiary_bank_country, stored?.beneficiary_bank_country),
    beneficiary_swift_bic: kept(request.beneficiary_swift_bic, stored?.beneficiary_swift_bic),
    beneficiary_iban: kept(request.beneficiary_iban, stored?.beneficiary_iban),
    beneficiary_account: kept(request.beneficiary_account, stored?.beneficiary_account),
    beneficiary_routing: kept(request.beneficiary_routing, stored?.beneficiary_routing),
    payer_bank_name: kept(request.payer_bank_name, stored?.payer_bank_name),
    payer_bank_country: kept(request.payer_bank_country, stored?.payer_bank_country),
    payer_account: kept(request.payer_account, stored?.payer_account),
    payer_routing: kept(request.payer_routing, stored?.payer_routing),
    remittance_memo: kept(request.remittance_memo, stored?.remittance_memo),
    remittance_advice_url: kept(request.remittance_advice_url, stored?.remittance_advice_url),
  };
}

function sourceOf({ external_source = 'UNKNOWN' }: PaymentRequest): Payment['external_source'] {
  return external_source;
}

/** What was sent, null included; where nothing was, what is stored; null for a new payment. */
function kept<T>(sent: T | undefined, stored: T | undefined): T | null {
  return sent !== undefined ? sent : (stored ?? null);
}

/** The time of a request that gives one of the statuses; null for any other. */
function stamp(statuses: readonly Payment['status'][], { status }: PaymentRequest, now: Instant): string | null {
  return status !== undefined && statuses.includes(status) ? formatInstant(now, { digits: 3, zone: 'Z' }) : null;
}

/** The first stamp stays: a repeated request must not move the day on which money arrived. A sent null opts out. */
function stamped(
  sent: string | null | undefined,
  stored: string | null | undefined,
  time: string | null,
): string | null {
  return sent !== undefined ? sent : (stored ?? time);
}
