/**
 * The lines of a payment. Once stored, the vendor calls each an application: what a payment pays of an invoice.
 */
import type { ProblemDetail } from '../../src/index.js';
import type { Application, LineRequest, NuntiqContext, Payment, PaymentRequest } from './types.js';

/** The key of an invoice that a line names: a token means the same in either letter case. */
function invoiceKey(line: LineRequest): string {
  return line.invoice_token.toLowerCase();
}

/** The lines that name no stored invoice; they refuse the whole payment. */
export function unknownInvoices(request: PaymentRequest, { state }: NuntiqContext): ProblemDetail[] {
  return (request.lines ?? []).flatMap((line, index) => {
    if (state.invoices.has(invoiceKey(line))) return [];
    return [
      {
        in: 'body' as const,
        pointer: `/lines/${index}/invoice_token`,
        rule: 'invoice-token-known',
        message: `unknown invoice_token: ${line.invoice_token}`,
        received: line.invoice_token,
      },
    ];
  });
}

/** Replaces or extends the lines of a payment. Without lines it leaves alone what is there, unlike with an empty array. */
export function storeLines(request: PaymentRequest, payment: Payment, context: NuntiqContext): void {
  const { lines, replace_lines = true } = request;
  if (lines === undefined) return;
  const { applications } = context.state;
  if (replace_lines) for (const { id } of applications.where('payment_id', payment.payment_id)) applications.remove(id);
  for (const line of lines) applications.insert(applicationOf(line, payment, context.nextId('applications')));
}

function applicationOf(line: LineRequest, payment: Payment, id: number): Application {
  return {
    id,
    payment_id: payment.payment_id,
    invoice_token: invoiceKey(line),
    applied_amount: line.applied_amount,
    applied_currency: line.applied_currency?.toUpperCase() ?? payment.currency,
    fx_rate_line: line.fx_rate_line ?? null,
    fx_at_line: line.fx_at_line ?? null,
    discount_amount: line.discount_amount ?? null,
    discount_currency: line.discount_currency?.toUpperCase() ?? null,
    fee_amount_line: line.fee_amount_line ?? null,
    fee_currency_line: line.fee_currency_line?.toUpperCase() ?? null,
    // A null says that there is no label; only a line that says nothing gets the default.
    remittance_label: line.remittance_label === undefined ? 'Invoice' : line.remittance_label,
    remittance_value: line.remittance_value ?? null,
    notes: line.notes ?? null,
  };
}
