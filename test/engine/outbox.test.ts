/**
 * Answers that leave together at the end of a turn of the event loop.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Outbox } from '../../src/outbox.js';

test('what is put into it is written when the turn ends, in the order in which it came', async () => {
  const outbox = new Outbox();
  const written: number[] = [];
  for (const number of [1, 2, 3]) outbox.put(() => written.push(number));
  expect(written).toEqual([]);
  await turn();
  expect(written).toEqual([1, 2, 3]);
  outbox.put(() => written.push(4));
  await turn();
  expect(written).toEqual([1, 2, 3, 4]);
});

test('much does not wait', () => {
  const outbox = new Outbox();
  let written = 0;
  for (let count = 0; count < 64; count++) outbox.put(() => written++);
  expect(written).toBe(64);
});

test('nobody waits behind a request that takes long', () => {
  const outbox = new Outbox();
  const written: string[] = [];
  outbox.put(() => written.push('first'));
  for (const began = performance.now(); performance.now() - began < 2; );
  outbox.put(() => written.push('slow'));
  expect(written).toEqual(['first', 'slow']);
});
