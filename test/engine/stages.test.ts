/**
 * What a turn of the event loop has to do, in stages at its end.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Stages } from '../../src/stages.js';

function stagesWithList() {
  const stages = new Stages();
  const done: string[] = [];
  const write = (name: string) => stages.write(() => done.push(name));
  const ask = (name: string) =>
    stages.carryOut(() => {
      done.push(`${name} carried out`);
      write(`${name} written`);
    });
  return { done, ask, write };
}

test('what came is carried out when the turn ends, and what it answers is written behind it, each in its order', async () => {
  const { done, ask } = stagesWithList();
  ask('first');
  ask('second');
  expect(done).toEqual([]);
  await turn();
  expect(done).toEqual(['first carried out', 'second carried out', 'first written', 'second written']);
  ask('third');
  await turn();
  expect(done.slice(4)).toEqual(['third carried out', 'third written']);
});

test('what was ready before is written first: its client need not wait for others', async () => {
  const { done, ask, write } = stagesWithList();
  ask('new');
  write('kept on the disk');
  await turn();
  expect(done).toEqual(['kept on the disk', 'new carried out', 'new written']);
});

test('what is asked while others are carried out has the next turn', async () => {
  const stages = new Stages();
  const done: string[] = [];
  stages.carryOut(() => {
    done.push('first');
    stages.carryOut(() => done.push('second'));
  });
  await turn();
  expect(done).toEqual(['first']);
  await turn();
  expect(done).toEqual(['first', 'second']);
});

test('many answers do not wait', () => {
  const stages = new Stages();
  let written = 0;
  for (let count = 0; count < 64; count++) stages.write(() => written++);
  expect(written).toBe(64);
});

test('nobody waits behind a request that takes long', () => {
  const { done, write } = stagesWithList();
  write('first');
  for (const began = performance.now(); performance.now() - began < 5; );
  write('slow');
  expect(done).toEqual(['first', 'slow']);
});
