/** A delete that only hides: lists leave the payment out, and who knows its number finds it. */
import genuine from '../../../../handlers/logisense/index.js';

export default {
  ...genuine,
  handlers: {
    ...genuine.handlers,
    deletePayment: ((request, context) => {
      const stored = context.state.payments.get(request.path.id);
      const reply = genuine.handlers.deletePayment?.(request, context);
      if (reply === undefined || stored === undefined) throw new Error('nothing was deleted');
      context.state.payments.insert({ ...stored, paymentStatusTypeId: 2, reversePaymentId: null });
      return reply;
    }) satisfies typeof genuine.handlers.deletePayment,
  },
};
