/**
 * Verifications over the control API: an api is held to its document in a thread of its own, which takes nothing of the
 * sandbox with it. Apis with planted defects show what defects, crashes and endless loops come to.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { startSandbox } from '../src/sandbox.js';
import type { Listener, Order } from '../src/verifications/thread.js';
import { Verifications } from '../src/verifications/verifications.js';
import { control } from './control-client.js';
import { baseUrl, useSandbox } from './harness.js';
import { defectivePlaces } from './verify/defective-api.js';

const { places, directory } = defectivePlaces();
useSandbox({ places });
afterAll(() => rmSync(directory, { recursive: true }));

const timeout = 120_000;

/** Starts a verification, and gives its id. */
async function start(body: object, url = baseUrl()): Promise<string> {
  const { status, body: started, text, headers } = await control('POST', '/verifications', body, {}, url);
  expect(status, text).toBe(202);
  expect(headers.get('location')).toBe(`/_sandbox/verifications/${started.id}`);
  expect(started.state).toBe('running');
  return started.id;
}

/** What one came to. */
// biome-ignore lint/suspicious/noExplicitAny: tests pick from the report
function ended(id: string): Promise<any> {
  const look = async () => {
    const { body } = await control('GET', `/verifications/${id}`);
    expect(body.state).not.toBe('running');
    return body;
  };
  return vi.waitFor(look, { timeout, interval: 100 });
}

describe('one that comes to its end', () => {
  test(
    'holds, with counts and coverage; no workspace is made, and the options are those that were asked for',
    async () => {
      const options = { phases: ['positive', 'negative'], seed: -3, maxExamples: 0, excludeChecks: ['ignored_auth'] };
      const before = (await control('GET', '/workspaces')).body;
      // What is named twice counts once.
      const id = await start({ api: 'sound', ...options, phases: ['positive', 'negative', 'positive'] });
      const done = await ended(id);
      expect(done).toMatchObject({ ...options, phases: ['negative', 'positive'], api: 'sound', state: 'held' });
      expect(done).toMatchObject({ findings: 0, report: { title: 'The sound api', findings: [], findingsLeftOut: 0 } });
      expect(done.report.counts.map(({ phase }: { phase: string }) => phase)).toEqual(['negative', 'positive']);
      expect(done.report.coverage.operations).toEqual([
        {
          operationId: 'getThing',
          name: 'GET /things/{id}',
          succeeded: true,
          responses: expect.arrayContaining([{ name: '200 application/json', seen: true }]),
        },
      ]);
      expect(done).toMatchObject({ phase: 'positive', done: done.total });
      expect(done.endedAt >= done.startedAt).toBe(true);
      expect((await control('GET', '/workspaces')).body.map(({ name }: { name: string }) => name)).toEqual(
        before.map(({ name }: { name: string }) => name),
      );
    },
    timeout,
  );

  test(
    'tells defects: what was received and documented, where, the request, the answer and a curl',
    async () => {
      const done = await ended(await start({ api: 'careless', phases: ['positive'] }));
      expect(done.state).toBe('failed');
      expect(done.findings).toBe(done.report.findings.length);
      const [finding] = done.report.findings;
      expect(finding).toMatchObject({
        check: 'not_a_server_error',
        operationId: 'getThing',
        request: { method: 'GET', path: expect.stringMatching(/^\/things\/\d$/) },
        answer: { status: 500 },
        curl: expect.stringMatching(/^curl .*\/careless\/things\/\d/s),
      });
      expect(finding.message).toContain('Received 500');
      expect(finding.cases.length).toBeGreaterThan(0);
    },
    timeout,
  );
});

describe('one that comes to none', () => {
  test(
    'a thread that ends by itself is broken, with its last words, and the next one runs',
    async () => {
      const done = await ended(await start({ api: 'deadly', phases: ['positive'] }));
      expect(done).toMatchObject({ state: 'broken', trouble: 'It ended without a report, with code 3.' });
      expect(done.report).toBeUndefined();
    },
    timeout,
  );

  test(
    'so is one for which there is nothing to send',
    async () => {
      const done = await ended(await start({ api: 'sound', phases: ['samples'] }));
      expect(done).toMatchObject({ state: 'broken', trouble: expect.stringContaining('Nothing was sent') });
    },
    timeout,
  );

  test(
    'an endless loop holds nobody up and is stopped; a second one meanwhile is refused; then it is thrown away',
    async () => {
      const id = await start({ api: 'endless' });
      const second = await control('POST', '/verifications', { api: 'sound' });
      expect(second.status).toBe(409);
      expect(second.body.detail).toContain(`${id} of endless runs`);
      await vi.waitFor(() => expect(existsSync(join(places.handlers, 'looping'))).toBe(true), { timeout });
      // Whoever is not sure that it was heard says it again, and loses nothing.
      for (let count = 0; count < 2; count++) {
        const stopped = await control('POST', `/verifications/${id}/stop`);
        expect([stopped.status, stopped.body]).toMatchObject([200, { id, state: 'stopped' }]);
      }
      expect((await control('GET', `/verifications/${id}`)).body).toMatchObject({ id, state: 'stopped' });
      const { body: all } = await control('GET', '/verifications');
      expect(all[0]).toMatchObject({ id, state: 'stopped', endedAt: expect.any(String) });
      expect((await control('DELETE', `/verifications/${id}`)).status).toBe(204);
      expect((await control('GET', `/verifications/${id}`)).status).toBe(404);
      expect((await control('DELETE', `/verifications/${id}`)).status).toBe(404);
      expect((await control('POST', `/verifications/${id}/stop`)).status).toBe(404);
    },
    timeout,
  );

  test(
    'a sandbox that is closed ends the one that runs',
    async () => {
      rmSync(join(places.handlers, 'looping'));
      const sandbox = await startSandbox({ port: 0, log: false, places });
      const asked = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"api":"endless"}' };
      expect((await fetch(`${sandbox.url}/_sandbox/verifications`, asked)).status).toBe(202);
      await vi.waitFor(() => expect(existsSync(join(places.handlers, 'looping'))).toBe(true), { timeout });
      await sandbox.close();
    },
    timeout,
  );
});

describe('what is refused', () => {
  test.each([
    ['no api', {}, 400, ''],
    ['an api that is not served', { api: 'nobody' }, 404, '/api'],
    ['what is no api but a file', { api: '../../package.json' }, 404, '/api'],
    ['the control API itself', { api: '_sandbox' }, 404, '/api'],
    ['a phase that there is not', { api: 'sound', phases: ['all'] }, 400, '/phases/0'],
    ['no phase', { api: 'sound', phases: [] }, 400, '/phases'],
    ['a check that there is not', { api: 'sound', excludeChecks: ['--url'] }, 400, '/excludeChecks/0'],
    ['a seed that is no whole number', { api: 'sound', seed: 1.5 }, 400, '/seed'],
    ['too many examples', { api: 'sound', maxExamples: 1_000_001 }, 400, '/maxExamples'],
    ['an option that there is not', { api: 'sound', url: 'https://elsewhere.example' }, 400, ''],
  ])('%s', async (_, body, status, pointer) => {
    const before = (await control('GET', '/verifications')).body;
    const answer = await control('POST', '/verifications', body);
    expect(answer.status, answer.text).toBe(status);
    expect(answer.body.errors.map((each: { pointer: string }) => each.pointer)).toContain(pointer);
    expect((await control('GET', '/verifications')).body).toEqual(before);
  });

  test('a page of another origin', async () => {
    const origin = { origin: 'https://evil.example' };
    expect((await control('POST', '/verifications', { api: 'sound' }, origin)).status).toBe(403);
  });
});

describe('what is kept', () => {
  const order: Order = { api: 'any', phases: ['positive'], excludeChecks: [], seed: 1, maxExamples: 1 };
  const report = {
    title: 'Any',
    milliseconds: 1,
    counts: [],
    notes: [],
    coverage: { counts: [], operations: [] },
    findings: [],
    findingsLeftOut: 0,
  };

  /** Verifications whose threads do as the test says. */
  function steered(mostMilliseconds = 600_000) {
    const listeners: Listener[] = [];
    let stopped = 0;
    const verifications = new Verifications({
      served: {},
      realTime: () => ({ epochMilliseconds: 0, nanoseconds: 0 }),
      mostMilliseconds,
      start: (_order, _served, listener) => {
        listeners.push(listener);
        return { stop: async () => void stopped++ };
      },
    });
    return { verifications, listeners, stopped: () => stopped };
  }

  test('the last twenty, newest first', () => {
    const { verifications, listeners } = steered();
    for (let number = 1; number <= 22; number++) {
      verifications.start(order);
      listeners.at(-1)?.report(report);
    }
    const ids = verifications.all().map(({ id }) => id);
    expect([ids.length, ids[0], ids.at(-1)]).toEqual([20, 'v-22', 'v-3']);
    expect(verifications.get('v-2')).toBeUndefined();
  });

  test('one that takes too long is ended, and says so', async () => {
    const { verifications, stopped } = steered(1);
    verifications.start(order);
    await vi.waitFor(() => expect(verifications.running).toBeUndefined());
    expect(verifications.all()).toMatchObject([{ state: 'broken', trouble: expect.stringContaining('It was ended') }]);
    expect(stopped()).toBe(1);
  });

  test('defects that are left out of a report count', () => {
    const { verifications, listeners } = steered();
    verifications.start(order);
    listeners[0]?.report({ ...report, findingsLeftOut: 1 });
    expect(verifications.all()).toMatchObject([{ state: 'failed' }]);
  });

  test('a stop that comes after the end takes no report away', () => {
    const { verifications, listeners, stopped } = steered();
    const { id } = verifications.start(order);
    listeners[0]?.report(report);
    verifications.stop(id);
    expect(verifications.get(id)).toMatchObject({ state: 'held', report });
    expect(stopped()).toBe(1);
  });

  test('one that runs is ended before it is thrown away', () => {
    const { verifications, stopped } = steered();
    verifications.remove(verifications.start(order).id);
    expect([verifications.all(), stopped()]).toEqual([[], 1]);
  });

  test('what a stopped one still tells changes nothing', () => {
    const { verifications, listeners } = steered();
    verifications.stop(verifications.start(order).id);
    listeners[0]?.progress({ phase: 'positive', done: 1, total: 2, findings: 0 });
    listeners[0]?.report(report);
    expect(verifications.all()).toMatchObject([{ state: 'stopped' }]);
    expect(verifications.all()[0]).not.toHaveProperty('report');
  });
});
