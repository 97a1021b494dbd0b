/** A batch that keeps its good half. */
import genuine from '../../../../handlers/upwell/index.js';
import { Problem } from '../../../../src/index.js';

type Insert = NonNullable<typeof genuine.handlers.createManyCustomerPayments>;

const insert: Insert = (request, context) => {
  const handle = genuine.handlers.createManyCustomerPayments;
  if (handle === undefined) throw new Error('there is no handler');
  const returning = request.body.inputs.flatMap((input) => {
    try {
      return handle({ ...request, body: { inputs: [input] } }, context).body.createCustomerPayments.returning;
    } catch (error) {
      if (error instanceof Problem) return [];
      throw error;
    }
  });
  return { status: 200, body: { createCustomerPayments: { returning } } };
};

export default { ...genuine, handlers: { ...genuine.handlers, createManyCustomerPayments: insert } };
