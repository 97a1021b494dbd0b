/** Short names for what the document generates. */
import type { components } from '../../specs/midnight/openapi.js';
import type { Collection } from '../../src/index.js';

type Schemas = components['schemas'];

export type Payment = Schemas['CustomerPaymentInsert'];
export type Detail = Schemas['CustomerPaymentDetailInsert'];
export type Outcome = Schemas['CustomerPaymentInsertResponse'];
export type ErrorMessage = Schemas['ErrorMessage'];

export type Order = Schemas['OrderRecord'];
export type StoredDetail = Schemas['PaymentDetailRecord'];
export type RequestSource = Schemas['PaymentRecord']['requestSource'];
export type PaymentLabel = StoredDetail['paymentLabel'];
/** The labels that an order's balance limits; Escrow is not one of them. */
export type OrderLabel = Exclude<PaymentLabel, 'Escrow'>;
/** The id of a rule that a single payment can break. */
export type PaymentRule = Schemas['ErrorMessageRecord']['rule'];

export type Collections = {
  customers: Schemas['CustomerRecord'];
  orders: Order;
  payments: Schemas['PaymentRecord'];
  paymentDetails: StoredDetail;
  errorMessages: Schemas['ErrorMessageRecord'];
};

/** What the rules of a payment are judged by. */
export interface Books {
  readonly customers: Pick<Collection<Collections['customers']>, 'has'>;
  readonly orders: Pick<Collection<Order>, 'get'>;
}
