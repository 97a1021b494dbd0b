/** Short names for what the document generates. */
import type { components, operations } from '../../specs/nuntiq/openapi.js';
import type { Context, ResponseOf } from '../../src/index.js';

type Schemas = components['schemas'];

export type PaymentRequest = Schemas['PaymentCreateRequest'];
export type LineRequest = Schemas['PaymentLine'];
export type EntryResult = Schemas['PaymentsBatchEntryResult'];
export type Answer = ResponseOf<operations['upsertPayments']>;

export type Payment = Schemas['PaymentRecord'];
export type Application = Schemas['ApplicationRecord'];

export type Collections = {
  invoices: Schemas['InvoiceRecord'];
  payments: Payment;
  applications: Application;
};

export type NuntiqContext = Context<Collections>;
