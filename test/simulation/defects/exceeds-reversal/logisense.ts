/** A reversal that may be above what is left of its payment. */
import genuine from '../../../../handlers/logisense/index.js';

export default {
  ...genuine,
  handlers: {
    ...genuine.handlers,
    reversePayment: ((request, context) => {
      const { amount, ...body } = request.body;
      const reply = genuine.handlers.reversePayment?.({ ...request, body }, context);
      const [made] = reply?.body.results.items ?? [];
      const stored = context.state.payments.get(made?.identity ?? 0);
      if (reply === undefined || made === undefined || stored === undefined) throw new Error('nothing was reversed');
      if (amount === undefined) return reply;
      context.state.payments.replace({ ...stored, amount });
      return { ...reply, body: { ...reply.body, results: { totalCount: 1, items: [{ ...made, amount }] } } };
    }) satisfies typeof genuine.handlers.reversePayment,
  },
};
