/**
 * Property names in any case, as Json.NET reads them (rule names-in-any-case). The document knows one spelling; a client
 * that writes `requestSource` works with the vendor, and must not silently become `Other` here.
 */
import { type Context, isArray, isObject, type JsonObject, type JsonValue, Problem } from '../../src/index.js';
import type { Collections, Payment } from './types.js';

type Names = ReadonlyMap<string, string>;

const paymentNames = byLowerCase([
  'CustomerId',
  'AmountBilled',
  'CustomerPaymentDetailList',
  'RequestSource',
  'OrderNumber',
]);
const detailNames = byLowerCase(['OrderId', 'PaymentLabel', 'AmountBilled']);

/**
 * The payments with every name as documented. Those that had to be renamed have not been judged by the schema yet, so
 * that is done here.
 *
 * @throws {Problem} invalid-request, as the engine would have
 */
export function inDocumentedNames(
  payments: readonly Payment[],
  validate: Context<Collections>['validate'],
): readonly Payment[] {
  if (!payments.some(isMisspelt)) return payments;
  const renamed: JsonValue = payments.map(renamedPayment);
  const details = validate('CustomerPaymentInsertList', renamed);
  if (arePayments(renamed, details.length)) return renamed;
  throw new Problem('invalid-request', { details });
}

function arePayments(value: JsonValue, violations: number): value is Payment[] {
  return isArray(value) && violations === 0;
}

function isMisspelt(payment: Payment): boolean {
  const details = payment.CustomerPaymentDetailList ?? [];
  return hasOtherCase(payment, paymentNames) || details.some((detail) => hasOtherCase(detail, detailNames));
}

function hasOtherCase(object: JsonObject, names: Names): boolean {
  return Object.keys(object).some((name) => (names.get(name.toLowerCase()) ?? name) !== name);
}

function renamedPayment(payment: JsonObject): JsonObject {
  const renamed = renamedObject(payment, paymentNames);
  const details = renamed.CustomerPaymentDetailList;
  if (!isArray(details)) return renamed;
  const renamedDetails = details.map((detail) => (isObject(detail) ? renamedObject(detail, detailNames) : detail));
  return { ...renamed, CustomerPaymentDetailList: renamedDetails };
}

/** Of several spellings the last one counts, as when Json.NET assigns one after the other. */
function renamedObject(object: JsonObject, names: Names): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [names.get(name.toLowerCase()) ?? name, value]),
  );
}

function byLowerCase(names: readonly string[]): Names {
  return new Map(names.map((name) => [name.toLowerCase(), name]));
}
