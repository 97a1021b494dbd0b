/** openapi-backend as its README shows it, behind Express: requests are validated, records are kept in a map. */
import express from 'express';
import { OpenAPIBackend } from 'openapi-backend';
import { credential, document, payment } from '../api.mjs';

const records = new Map(Array.from({ length: 100 }, (_, index) => [index + 1, payment(index + 1)]));

const api = new OpenAPIBackend({ definition: document(Number(process.env.OPERATIONS)), quick: true });
api.registerSecurityHandler('key', (context) => context.request.headers['x-api-key'] === credential);
api.register({
  'list-payments': ({ request }, _, response) => {
    const offset = Number(request.query.offset ?? 0);
    response.json([...records.values()].slice(offset, offset + Number(request.query.limit ?? 20)));
  },
  'get-payments': ({ request }, _, response) => response.json(records.get(Number(request.params.id))),
  'create-payments': ({ request }, _, response) => {
    const id = records.size + 1;
    const made = { ...payment(id), ...request.requestBody };
    records.set(id, made);
    response.status(201).json(made);
  },
  unauthorizedHandler: (_, __, response) => response.status(401).json({ title: 'Refused' }),
  validationFail: (context, _, response) => response.status(400).json({ title: String(context.validation.errors) }),
  notFound: (_, __, response) => response.status(404).json({ title: 'Not found' }),
  notImplemented: (_, __, response) => response.status(501).json({ title: 'Not implemented' }),
});
await api.init();

const app = express();
app.use(express.json());
app.use((request, response) => api.handleRequest(request, request, response));
app.listen(Number(process.env.PORT), '127.0.0.1');
