/**
 * What reading JSON without loss costs a body that has nothing to lose, against `JSON.parse` in the same run; a date or an id
 * in a string must not make it slow. Run `node bench/json.mjs` after `npm run build`.
 */
import { parse } from '../dist/src/json.js';
import { newPayment, payment } from './http/api.mjs';

const rounds = 7;

const bodies = {
  'a payment that is sent': JSON.stringify(newPayment()),
  'one with dates and long ids in strings': JSON.stringify({
    ...payment(1),
    account: '12345678901234567890',
    tag: '1e5-0',
  }),
  'a page of 20': JSON.stringify(Array.from({ length: 20 }, (_, index) => payment(index + 1))),
  'one with 125.50, which must be read without loss': JSON.stringify(payment(1)).replace('125.5', '125.50'),
};

/** Nanoseconds for a reading, the least of several rounds. */
function time(read, text) {
  const times = Array.from({ length: rounds }, () => {
    const begun = process.hrtime.bigint();
    for (let count = 0; count < 5_000; count++) read(text);
    return Number(process.hrtime.bigint() - begun) / 5_000;
  });
  return Math.min(...times);
}

for (const [name, text] of Object.entries(bodies)) {
  const plain = time(JSON.parse, text);
  process.stdout.write(`${(time((each) => parse(each), text) / plain).toFixed(1)} times JSON.parse: ${name}\n`);
}
