/**
 * Rows into the store, and what comes back of them. Columns that a request leaves out get their default: `id` a UUID,
 * `createdAt` and `updatedAt` the time of the request, all others null.
 */
import { type Collection, type Context, formatInstant, type State } from '../../src/index.js';
import {
  type Collections,
  type LineInput,
  type LineRecord,
  nestedLines,
  type PaymentInput,
  type PaymentRecord,
  type ReturnedLine,
  type ReturnedPayment,
} from './rows.js';

/** The ids that a request gives itself, which none that is made may equal. */
export interface TakenIds {
  readonly payments: Set<string>;
  readonly lines: Set<string>;
}

export function takenIds(inputs: readonly PaymentInput[]): TakenIds {
  const given = (rows: readonly { readonly id?: string }[]) =>
    new Set(rows.map(({ id }) => id).filter((id) => id !== undefined));
  return { payments: given(inputs), lines: given(inputs.flatMap(nestedLines)) };
}

/** Stores a payment and the line items that are nested in it. */
export function insertPayment(input: PaymentInput, taken: TakenIds, context: Context<Collections>): PaymentRecord {
  const { payments, paymentLineItems } = context.state;
  const id = input.id ?? newId(taken.payments, payments, context);
  const payment = paymentRecord(input, id, requestTime(context));
  payments.insert(payment);
  for (const line of nestedLines(input)) {
    const lineId = line.id ?? newId(taken.lines, paymentLineItems, context);
    paymentLineItems.insert(lineRecord(line, lineId, payment.id, requestTime(context)));
  }
  return payment;
}

/** A stored payment as it comes back: without its tenant, and with every line item that the store has for its id. */
export function returned(payment: PaymentRecord, state: State<Collections>): ReturnedPayment {
  const { tenantId: _, ...columns } = payment;
  return { ...columns, paymentLineItems: state.paymentLineItems.where('paymentId', payment.id).map(returnedLine) };
}

/** The nine columns of a line item that the seed's response shows. */
function returnedLine(line: LineRecord): ReturnedLine {
  const { createdAt, customerId, id, invoiceId, sourceSystem, sourceSystemId, status, totalAmount, updatedAt } = line;
  return { createdAt, customerId, id, invoiceId, sourceSystem, sourceSystemId, status, totalAmount, updatedAt };
}

/** As PostgreSQL prints the time of a transaction: `2024-12-16T21:57:14.525733+00:00`. */
function requestTime(context: Context<Collections>): string {
  return formatInstant(context.now, { digits: 6, zone: '+00:00' });
}

/** A UUID that is no row's. Random numbers may begin anew, after a restart for example, and then repeat themselves. */
function newId(taken: Set<string>, stored: Pick<Collection<object>, 'has'>, context: Context<Collections>): string {
  let id = context.uuid();
  while (taken.has(id) || stored.has(id)) id = context.uuid();
  taken.add(id);
  return id;
}

function paymentRecord(input: PaymentInput, id: string, now: string): PaymentRecord {
  return {
    id,
    checkDate: input.checkDate ?? null,
    checkOrAchNumber: input.checkOrAchNumber ?? null,
    createdAt: input.createdAt ?? now,
    currency: input.currency ?? null,
    sourceSystem: input.sourceSystem ?? null,
    sourceSystemId: input.sourceSystemId ?? null,
    sourceSystemMeta: input.sourceSystemMeta ?? null,
    tenantId: input.tenantId ?? null,
    totalAmount: input.totalAmount ?? null,
    transactionDate: input.transactionDate ?? null,
    updatedAt: input.updatedAt ?? now,
  };
}

function lineRecord(input: LineInput, id: string, paymentId: string, now: string): LineRecord {
  return {
    id,
    paymentId,
    checkDate: input.checkDate ?? null,
    checkOrAchNumber: input.checkOrAchNumber ?? null,
    createdAt: input.createdAt ?? now,
    currency: input.currency ?? null,
    customerId: input.customerId ?? null,
    exchangeRate: input.exchangeRate ?? null,
    fees: input.fees ?? null,
    invoiceId: input.invoiceId ?? null,
    notes: input.notes ?? null,
    sourceSystem: input.sourceSystem ?? null,
    sourceSystemId: input.sourceSystemId ?? null,
    sourceSystemMeta: input.sourceSystemMeta ?? null,
    status: input.status ?? null,
    tenantId: input.tenantId ?? null,
    totalAmount: input.totalAmount ?? null,
    totalAmountWithFees: input.totalAmountWithFees ?? null,
    transactionDate: input.transactionDate ?? null,
    updatedAt: input.updatedAt ?? now,
  };
}
