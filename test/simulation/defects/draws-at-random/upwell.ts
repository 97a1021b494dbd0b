/** Ids that hang on nothing that a workspace holds: no replay gives them again. */
import { randomUUID } from 'node:crypto';
import genuine from '../../../../handlers/upwell/index.js';

type Insert = NonNullable<typeof genuine.handlers.createManyCustomerPayments>;

const insert: Insert = (request, context) => {
  const handle = genuine.handlers.createManyCustomerPayments;
  if (handle === undefined) throw new Error('there is no handler');
  const inputs = request.body.inputs.map((input) => ({ ...input, id: input.id ?? randomUUID() }));
  return handle({ ...request, body: { inputs } }, context);
};

export default { ...genuine, handlers: { ...genuine.handlers, createManyCustomerPayments: insert } };
