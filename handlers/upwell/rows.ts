/** The types of Upwell's rows: as they are sent, as they are stored, as they come back. */
import type { components } from '../../specs/upwell/openapi.js';

type Schemas = components['schemas'];

export type PaymentInput = Schemas['PaymentsInsertInput'];
export type LineInput = Schemas['PaymentLineItemsInsertInput'];
export type PaymentRecord = Schemas['PaymentRecord'];
export type LineRecord = Schemas['PaymentLineItemRecord'];
export type ReturnedPayment = Schemas['Payments'];
export type ReturnedLine = Schemas['PaymentLineItems'];

export type Collections = { payments: PaymentRecord; paymentLineItems: LineRecord };

/** The line items that are nested in a payment: none for `{}`, which the seed's sample sends, null, and absence. */
export function nestedLines(payment: PaymentInput): readonly LineInput[] {
  return payment.paymentLineItems?.data ?? [];
}
