/** Express with its JSON parser, and objects that are ready. */
import express from 'express';
import { payment } from '../api.mjs';

const one = payment(1);
const page = Array.from({ length: 20 }, (_, index) => payment(index + 1));

const app = express();
app.use(express.json());
app.get('/payments', (_, response) => response.json(page));
app.get('/payments/:id', (_, response) => response.json(one));
app.post('/payments', (_, response) => response.status(201).json(one));
app.listen(Number(process.env.PORT), '127.0.0.1');
