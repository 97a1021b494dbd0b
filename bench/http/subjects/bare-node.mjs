/** node:http with bytes that are ready: what a request costs that nothing is done for. */
import { createServer } from 'node:http';
import { payment } from '../api.mjs';

const one = Buffer.from(JSON.stringify(payment(1)));
const page = Buffer.from(JSON.stringify(Array.from({ length: 20 }, (_, index) => payment(index + 1))));

const server = createServer((request, response) => {
  if (request.method === 'POST') {
    request.resume().on('end', () => send(response, 201, one));
  } else send(response, 200, request.url.startsWith('/payments?') ? page : one);
});

function send(response, status, bytes) {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': bytes.length });
  response.end(bytes);
}

server.listen(Number(process.env.PORT), '127.0.0.1');
