/**
 * The names that LogiSense's handlers have for the document's types.
 */
import type { components } from '../../specs/logisense/openapi.js';
import type { Context, State } from '../../src/index.js';

type Schemas = components['schemas'];

/** The collections of the document's x-collections, each with its type of record. */
export type Collections = {
  payments: Schemas['PaymentRecord'];
  invoiceDisbursements: Schemas['InvoiceDisbursementRecord'];
  invoices: Schemas['InvoiceRecord'];
  paymentMethods: Schemas['PaymentMethodRecord'];
  paymentTransactions: Schemas['PaymentTransactionRecord'];
  paymentStatusTypes: Schemas['PaymentStatusTypeRecord'];
  connectors: Schemas['ConnectorRecord'];
  dependents: Schemas['DependentRecord'];
  accounts: Schemas['AccountRecord'];
  paymentTypes: Schemas['PaymentTypeRecord'];
  cardTypes: Schemas['CardTypeRecord'];
  currencyExchangeDetails: Schemas['CurrencyExchangeDetailRecord'];
  billRunHistories: Schemas['BillRunHistoryRecord'];
  users: Schemas['UserRecord'];
  paymentPreAuthorizes: Schemas['PaymentPreAuthorizeRecord'];
  portalUsers: Schemas['PortalUserRecord'];
};

/** A payment as it is stored. */
export type StoredPayment = Collections['payments'];

/** A payment as an answer shows it. */
export type Payment = Schemas['Payment'];

/** The properties of a payment that a request may give. */
export type PaymentInput = Schemas['PaymentUpdate'];

export type PatchItem = Schemas['PatchItem'];
export type PatchOutcome = Schemas['PatchOutcome'];
export type Removal = Schemas['Removal'];

/** The records that a handler reads and writes. */
export type Books = State<Collections>;

/** What a handler knows of the world. */
export type World = Context<Collections>;
