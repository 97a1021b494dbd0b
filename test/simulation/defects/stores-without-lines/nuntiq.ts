/** An entry that is refused for one of its lines leaves its payment behind. */
import genuine from '../../../../handlers/nuntiq/index.js';
import { isObject } from '../../../../src/index.js';

type Upsert = NonNullable<typeof genuine.handlers.upsertPayments>;

const upsert: Upsert = (request, context) => {
  const handle = genuine.handlers.upsertPayments;
  if (handle === undefined) throw new Error('there is no handler');
  const reply = handle(request, context);
  if (!('results' in reply.body) || !Array.isArray(request.body)) return reply;
  for (const result of reply.body.results) {
    const entry = request.body[result.index];
    if (result.ok || !isObject(entry) || !result.error.startsWith('unknown')) continue;
    const { lines: _, ...bare } = entry;
    handle({ ...request, body: [bare] }, context);
  }
  return reply;
};

export default { ...genuine, handlers: { ...genuine.handlers, upsertPayments: upsert } };
