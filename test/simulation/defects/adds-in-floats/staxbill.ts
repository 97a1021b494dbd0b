/** Balances in binary floating point: 155.00 less 0.10 less 0.20. */
import genuine from '../../../../handlers/staxbill/index.js';
import { numberText } from '../../../../src/index.js';

type Import = NonNullable<typeof genuine.handlers.importGlobalPayment>;

const importPayment: Import = (request, context) => {
  const { invoices } = context.state;
  const before = invoices.all();
  const reply = genuine.handlers.importGlobalPayment?.(request, context);
  if (reply === undefined) throw new Error('there is no handler');
  for (const invoice of before) {
    const paid = (reply.body.transaction?.invoiceAllocations ?? []).filter(
      (each) => each.invoiceId === invoice.invoiceId,
    );
    const open = paid.reduce(
      (left, { amount }) => left - Number(numberText(amount)),
      Number(numberText(invoice.outstandingBalance)),
    );
    if (paid.length > 0) invoices.replace({ ...invoice, outstandingBalance: open });
  }
  return reply;
};

export default { ...genuine, handlers: { ...genuine.handlers, importGlobalPayment: importPayment } };
