/** The handler file of the benchmark's api. */
import { defineApi, formatInstant, Problem } from '../../../dist/src/index.js';

export default defineApi({
  dialect: ({ status, kind, message }) => ({ status, body: { title: kind, detail: message } }),
  handlers: {
    'list-payments': ({ query }, { state }) => {
      const offset = query.offset ?? 0;
      return { status: 200, body: state.payments.all().slice(offset, offset + (query.limit ?? 20)) };
    },
    'get-payments': ({ path }, { state }) => {
      const found = state.payments.get(path.id);
      if (found === undefined) throw new Problem('not-found', { message: `There is no payment ${path.id}.` });
      return { status: 200, body: found };
    },
    'create-payments': ({ body }, { state, now, nextId }) => {
      const at = formatInstant(now, { digits: 0, zone: 'Z' });
      const { reference, amount, currency, method, customer, lines, description = '' } = body;
      // In the order of the document, as the records of the five vendors are made.
      const made = {
        id: nextId('payments'),
        reference,
        amount,
        currency,
        status: 'captured',
        method,
        customer,
        lines,
        description,
        createdAt: at,
        updatedAt: at,
      };
      state.payments.insert(made);
      return { status: 201, body: made };
    },
  },
});
