/** A payment that is refused leaves a record without details. */
import genuine from '../../../../handlers/midnight/index.js';

type Insert = NonNullable<typeof genuine.handlers.insertCustomerPayments>;

const insert: Insert = (request, context) => {
  const reply = genuine.handlers.insertCustomerPayments?.(request, context);
  if (reply === undefined) throw new Error('there is no handler');
  const [known] = context.state.payments.all();
  for (const { Error: refused } of reply.body) {
    if (refused !== null && known !== undefined) {
      context.state.payments.insert({ ...known, id: context.nextId('payments') });
    }
  }
  return reply;
};

export default { ...genuine, handlers: { ...genuine.handlers, insertCustomerPayments: insert } };
