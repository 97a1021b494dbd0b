/**
 * Upwell: many customer payments in one insert, as Hasura carries it out over PostgreSQL (seed 000; vendors.md, 000).
 */
import type { operations } from '../../specs/upwell/openapi.js';
import { defineApi, Problem } from '../../src/index.js';
import { dialect } from './dialect.js';
import { insertPayment, returned, takenIds } from './insert.js';
import type { Collections } from './rows.js';
import { faultyRows, variablesInQuery } from './rules.js';

export default defineApi<operations, Collections>({
  dialect,
  handlers: {
    createManyCustomerPayments({ body: { inputs } }, context) {
      const details = [...variablesInQuery(context.rawQuery), ...faultyRows(inputs, context.state)];
      if (details.length > 0) throw new Problem('rule', { details });

      const taken = takenIds(inputs);
      const payments = inputs.map((input) => insertPayment(input, taken, context));
      // Lines are read when every row is stored, since a line may name a payment that stands elsewhere in the batch.
      const returning = payments.map((payment) => returned(payment, context.state));
      return { status: 200, body: { createCustomerPayments: { returning } } };
    },
  },
});
