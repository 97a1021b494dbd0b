/**
 * What Hasura and PostgreSQL refuse beyond the schemas (vendors.md, 000, Errors). What is found is
 * told in the order of the request, in the words and with the code that a client of Hasura knows.
 */
import type { Collection, ProblemDetail, State } from '../../src/index.js';
import { type Collections, type LineInput, nestedLines, type PaymentInput } from './rows.js';

/**
 * Variables in the query string. A list cannot be given there, and the operation has no other variable. Names that begin
 * with two underscores are GraphQL's own, and the sandbox's: `__example=documented`.
 */
export function variablesInQuery(query: URLSearchParams): readonly ProblemDetail[] {
  return [...query]
    .filter(([name]) => !name.startsWith('__'))
    .map(([name, value]) => ({
      in: 'query',
      pointer: `/${name}`,
      rule: 'variables-in-body',
      code: 'bad-request',
      message:
        name === 'inputs'
          ? `List variables are not currently supported in URL or Query parameters. (Variable inputs, with value ${JSON.stringify(value)})`
          : `Unexpected variable ${name}`,
      received: value,
    }));
}

/**
 * Everything that is wrong with the rows beyond their schemas, row by row: ids that are stored already or were sent earlier
 * in the same request, and line items that say themselves which payment they belong to.
 */
export function faultyRows(inputs: readonly PaymentInput[], state: State<Collections>): readonly ProblemDetail[] {
  const payments = new UniqueIds(state.payments, 'payments_pkey', 'payment-id-unique');
  const lines = new UniqueIds(state.paymentLineItems, 'payment_line_items_pkey', 'line-id-unique');
  return inputs.flatMap((payment, index) => [
    ...payments.judge(payment, `/inputs/${index}`),
    ...nestedLines(payment).flatMap((line, place) => {
      const pointer = `/inputs/${index}/paymentLineItems/data/${place}`;
      return [...lines.judge(line, pointer), ...parentKey(line, pointer)];
    }),
  ]);
}

/** The ids of one table: those that are stored, and those that were sent so far. */
class UniqueIds {
  readonly #sent = new Set<string>();

  constructor(
    private readonly stored: Pick<Collection<object>, 'has'>,
    private readonly constraint: string,
    private readonly rule: string,
  ) {}

  judge({ id }: { readonly id?: string }, pointer: string): readonly ProblemDetail[] {
    if (id === undefined) return [];
    const taken = this.#sent.has(id) || this.stored.has(id);
    this.#sent.add(id);
    if (!taken) return [];
    const message = `Uniqueness violation. duplicate key value violates unique constraint "${this.constraint}"`;
    return [
      { in: 'body', pointer: `${pointer}/id`, rule: this.rule, code: 'constraint-violation', message, received: id },
    ];
  }
}

/** Hasura refuses the parent's key in a nested row whatever its value, be it null: the row around it decides that. */
function parentKey({ paymentId }: LineInput, pointer: string): readonly ProblemDetail[] {
  if (paymentId === undefined) return [];
  const message = 'cannot insert "paymentId" columns as their values are already being determined by parent insert';
  const rule = 'parent-key-not-inserted';
  return [
    { in: 'body', pointer: `${pointer}/paymentId`, rule, code: 'validation-failed', message, received: paymentId },
  ];
}
