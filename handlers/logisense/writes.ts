/**
 * Creating and updating payments: everything that is wrong with an input, and what is stored of one that is right.
 */
import { formatInstant, money, numberText, type ProblemDetail } from '../../src/index.js';
import { disburse, disbursedOf, sharesOf } from './disbursements.js';
import { broken, codes } from './errors.js';
import { linkOf, missingRecords } from './links.js';
import { irreversibleFaults, remainderOf, reversalFaults } from './reversals.js';
import { isFailed } from './status.js';
import type { Books, PaymentInput, StoredPayment, World } from './types.js';

/** The properties that must be given, and not be 0, for a payment to be made (rules required-…). */
export function missingProperties(
  input: PaymentInput,
  names: readonly ('accountId' | 'amount' | 'paymentTypeId' | 'paymentMethodId')[],
  rule: string,
  at: string,
): readonly ProblemDetail[] {
  return names
    .filter((name) => (input[name] ?? 0) === 0)
    .map((name) => {
      const message = `'${name.charAt(0).toUpperCase()}${name.slice(1)}' is required for 'Payment'.`;
      return broken(rule, `${at}/${name}`, message, codes.required);
    });
}

/** All that is wrong with a payment that is to be recorded. `at` leads to it in the body. */
export function creationFaults(input: PaymentInput, books: Books, at: string): readonly ProblemDetail[] {
  return [
    ...missingProperties(input, ['accountId', 'amount', 'paymentTypeId'], 'required-on-create', at),
    ...missingRecords(input, books, at),
    ...namedReversalFaults(input, books, at),
  ];
}

/** A payment that names one that it reverses keeps the rules of reversals, however it is written. */
export function namedReversalFaults(input: PaymentInput, books: Books, at: string): readonly ProblemDetail[] {
  const original = originalOf(input, books);
  return original === undefined ? [] : reversalFaults(original, input.amount, books, at);
}

/** The stored payment that a payment says it reverses. */
function originalOf(payment: PaymentInput | StoredPayment, books: Books): StoredPayment | undefined {
  const id = linkOf(payment.reversePaymentId);
  return id === undefined ? undefined : books.payments.get(id);
}

/** A flat PATCH that gives no property of a payment changes nothing: a batch in another shape, most likely. */
export function flatFaults(input: PaymentInput): readonly ProblemDetail[] {
  if (input.identity !== undefined || Object.keys(storable(input)).length > 0) return [];
  const message = "No property of a payment was received. Send some, or 'payments' with 'items'.";
  return [broken('flat-patch', '', message, codes.range)];
}

/** What of an input is stored: the documented properties, less those that are read-only. */
const storableProperties = [
  'date',
  'amount',
  'accountId',
  'disbursed',
  'paymentTypeId',
  'detail',
  'cardTypeId',
  'checkNumber',
  'automaticDisburse',
  'invoiceId',
  'posting',
  'baseAmount',
  'invoiceAmount',
  'currencyExchangeDetailId',
  'billRunHistoryId',
  'isManual',
  'reversePaymentId',
  'createdByUserId',
  'paymentMethodId',
  'paymentPreAuthorizeId',
  'paymentTransactionId',
  'createdByPortalUserId',
  'paymentStatusTypeId',
  'retryPaymentId',
] as const;

/** The part of an input that is stored; names of linked records and unknown properties are left out. */
function storable(input: PaymentInput): Pick<PaymentInput, (typeof storableProperties)[number]> {
  const given = storableProperties.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]);
  return Object.fromEntries(given);
}

/** Records a payment that has no faults, spreads it over invoices if it asks for that, and returns it. */
export function record(input: PaymentInput, world: World): StoredPayment {
  const { state } = world;
  const now = formatInstant(world.now, { digits: 3, zone: 'Z' });
  const given = storable(input);
  const amount = input.amount ?? 0;
  const accountId = input.accountId ?? 0;
  // A failed payment has no money to spread (rule gateway-decline).
  const spreads = input.automaticDisburse === true && !isFailed(input, state);
  const shares = spreads ? sharesOf(amount, accountId, state) : [];
  const spread = money.sum(shares.map((share) => share.amount));
  const identity = world.nextId('payments');
  const payment: StoredPayment = {
    ...given,
    identity,
    date: input.date ?? now,
    amount,
    accountId,
    disbursed: input.disbursed ?? (shares.length > 0 && money.compare(spread, amount) === 0),
    paymentTypeId: input.paymentTypeId ?? 0,
    automaticDisburse: input.automaticDisburse ?? false,
    created: now,
    invoiceId: linkOf(input.invoiceId) ?? shares[0]?.invoice.id ?? input.invoiceId ?? null,
    posting: input.posting ?? input.date ?? now,
    baseAmount: input.baseAmount ?? amount,
    invoiceAmount: input.invoiceAmount ?? amount,
    isManual: input.isManual ?? true,
    updated: now,
  };
  state.payments.insert(payment);
  disburse(identity, shares, world);
  return payment;
}

/** All that is wrong with a change of a stored payment. */
export function updateFaults(
  stored: StoredPayment,
  input: PaymentInput,
  books: Books,
  at: string,
): readonly ProblemDetail[] {
  return [
    ...identityFaults(stored, input, at),
    ...missingRecords(input, books, at),
    ...amountFaults(stored, input, books, at),
    ...spentFaults(stored, input, books, at),
    ...changedReversalFaults(stored, input, books, at),
  ];
}

/** A change of what is reversed, or of how much, keeps the rules of reversals; so does a failed reversal made good. */
function changedReversalFaults(
  stored: StoredPayment,
  input: PaymentInput,
  books: Books,
  at: string,
): readonly ProblemDetail[] {
  const { identity } = stored;
  const after = changed(stored, input);
  const original = originalOf(after, books);
  const touched = [input.reversePaymentId, input.amount, input.paymentStatusTypeId].some((each) => each !== undefined);
  if (original === undefined || !touched) return [];
  if (original.identity === identity || books.payments.first('reversePaymentId', identity) !== undefined) {
    const why =
      original.identity === identity ? 'cannot reverse itself' : 'is reversed itself and cannot reverse another';
    const message = `Payment ${identity} ${why}. Leave 'ReversePaymentId' out.`;
    return [broken('no-reversal-of-reversal', `${at}/reversePaymentId`, message, codes.rule, original.identity)];
  }
  if (isFailed(after, books)) return irreversibleFaults(original, books, at);
  return reversalFaults(original, after.amount, books, at, identity);
}

/** A body that is for the payment of the path may name it, and no other. */
export function identityFaults({ identity }: StoredPayment, input: PaymentInput, at: string): readonly ProblemDetail[] {
  if (linkOf(input.identity) === undefined || input.identity === identity) return [];
  const message = `'Identity' (${input.identity}) is not that of the path, ${identity}. Leave it out, or send the same.`;
  return [broken('identity-matches', `${at}/identity`, message, codes.range, input.identity)];
}

/** What went to invoices or was given back cannot be more than the payment. */
function amountFaults(
  stored: StoredPayment,
  { amount }: PaymentInput,
  books: Books,
  at: string,
): readonly ProblemDetail[] {
  if (amount === undefined) return [];
  const reversed = money.subtract(stored.amount, remainderOf(stored, books));
  return [[disbursedOf(stored, books), 'went to invoices'] as const, [reversed, 'was reversed'] as const].flatMap(
    ([used, what]) => {
      if (money.compare(amount, used) >= 0) return [];
      const message = `'Amount' (${numberText(amount)}) MUST be greater than or equal to '${numberText(used)}', which ${what}.`;
      return [broken('amount-covers-use', `${at}/amount`, message, codes.range, amount)];
    },
  );
}

/** What went to invoices went to those of the account that paid, with money that was received (rule spent-stays). */
function spentFaults(stored: StoredPayment, input: PaymentInput, books: Books, at: string): readonly ProblemDetail[] {
  const used = disbursedOf(stored, books);
  if (!money.isPositive(used)) return [];
  const after = changed(stored, input);
  const went = `while ${numberText(used)} of payment ${stored.identity} went to invoices`;
  const moved = `'AccountId' cannot change from ${stored.accountId} to ${after.accountId} ${went}.`;
  const failed = `'PaymentStatusTypeId' (${after.paymentStatusTypeId}) is that of a failed payment, ${went}.`;
  return [
    ...(after.accountId === stored.accountId || !books.accounts.has(after.accountId)
      ? []
      : [broken('spent-stays', `${at}/accountId`, moved)]),
    ...(isFailed(after, books) && !isFailed(stored, books)
      ? [broken('spent-stays', `${at}/paymentStatusTypeId`, failed)]
      : []),
  ];
}

/** Stores a change that has no faults (rule partial-update), and returns the payment as it is now. */
export function update(stored: StoredPayment, input: PaymentInput, world: World): StoredPayment {
  const payment = { ...changed(stored, input), updated: formatInstant(world.now, { digits: 3, zone: 'Z' }) };
  world.state.payments.replace(payment);
  return payment;
}

/** A stored payment with what an input gives. Every payment has an account and a type: none changes neither. */
function changed(stored: StoredPayment, input: PaymentInput): StoredPayment {
  const { accountId, paymentTypeId, ...given } = storable(input);
  return {
    ...stored,
    ...given,
    accountId: linkOf(accountId) ?? stored.accountId,
    paymentTypeId: linkOf(paymentTypeId) ?? stored.paymentTypeId,
  };
}
