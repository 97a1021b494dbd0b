/**
 * The names that Stax Bill's handlers have for the document's types.
 */
import type { components } from '../../specs/staxbill/openapi.js';
import type { Context, State } from '../../src/index.js';

/** The document's schemas. */
export type Schemas = components['schemas'];

/** The collections of the document's x-collections, each with its type of record. */
export type Collections = {
  customers: Schemas['CustomerRecord'];
  paymentMethods: Schemas['PaymentMethodRecord'];
  gateways: Schemas['GatewayRecord'];
  invoices: Schemas['InvoiceRecord'];
  paymentActivities: Schemas['PaymentActivityRecord'];
  payments: Schemas['PaymentRecord'];
};

/** The request: a payment to import. */
export type Import = Schemas['GlobalPaymentsImportPayment'];

/** The answer, and the payment in it. */
export type Activity = Schemas['PaymentActivity'];
export type Payment = NonNullable<Schemas['Payment']>;

export type Customer = Collections['customers'];
export type Method = Collections['paymentMethods'];
export type Gateway = Collections['gateways'];
export type Invoice = Collections['invoices'];
export type StoredActivity = Collections['paymentActivities'];
export type Allocation = Schemas['AllocationRecord'];

/** The records that a handler reads and writes. */
export type Books = State<Collections>;

/** What a handler knows of the world. */
export type World = Context<Collections>;
