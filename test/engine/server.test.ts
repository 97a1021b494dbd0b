/**
 * A server whose parts are made when they are first needed: what cannot be made fails the request that needed it, and no other.
 */
import { expect, onTestFinished, test } from 'vitest';
import { Deliveries, systemWait } from '../../src/delivery.js';
import { defaultLimits } from '../../src/limits.js';
import { listen, urlOf } from '../../src/listen.js';
import { makeLog } from '../../src/log.js';
import { madeLater } from '../../src/made-later.js';
import { makeServer } from '../../src/server.js';

/** Fails the first time. */
function failsOnce() {
  let times = 0;
  return madeLater(() => {
    times++;
    if (times === 1) throw new Error('too many open files');
    return times;
  });
}

test('what could not be made is made for the next who asks', async () => {
  const log = makeLog(false);
  const [page, lifecycle] = [failsOnce(), failsOnce()];
  const server = makeServer({
    lifecycles: {
      has: (name) => name === 'steering',
      get: () => {
        lifecycle();
        return undefined;
      },
    },
    rest: (_request, response) => response.end(`made at time ${page()}`),
    limits: defaultLimits,
    deliveries: new Deliveries(systemWait, defaultLimits.waitingAnswers, log),
    log,
    waiting: () => {},
  });
  await listen(server, 0, '127.0.0.1');
  onTestFinished(() => void server.close());
  const get = async (path: string) => {
    const response = await fetch(`${urlOf(server, '127.0.0.1')}${path}`, { method: 'POST', body: 'sent' });
    return [response.status, await response.text()];
  };
  expect(await get('/steering/x')).toEqual([500, '']);
  expect(await get('/')).toEqual([500, '']);
  expect(await get('/')).toEqual([200, 'made at time 2']);
  expect(await get('/steering/x')).toEqual([200, 'made at time 2']);
});

test('what was made is made once', () => {
  const value = madeLater(() => ({}));
  expect(value()).toBe(value());
});
