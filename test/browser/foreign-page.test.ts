/**
 * A page of another origin, open in the developer's browser: it can neither steer the sandbox nor read it, nor put a frame
 * around it.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { baseUrl, request, useSandbox } from '../harness.js';
import { openPage, takeFaults, useBrowser } from './page.js';

useSandbox();
useBrowser();

const foreign = createServer((_request, response) => {
  response.setHeader('content-type', 'text/html');
  response.end('<!doctype html><title>Elsewhere</title><h1>Elsewhere</h1>');
});
let elsewhere = '';

beforeAll(async () => {
  foreign.listen(0, '127.0.0.1');
  await once(foreign, 'listening');
  elsewhere = `http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`;
});
afterAll(() => foreign.close());

const names = async (): Promise<string[]> => {
  const { body } = await request(`${baseUrl()}/_sandbox/workspaces`);
  return body.map(({ name }: { name: string }) => name);
};

test('it makes no workspace, by whatever request a page can send', async () => {
  const page = await openPage('/');
  await page.goto(elsewhere);
  const told = await page.evaluate(async (sandbox) => {
    const body = JSON.stringify({ name: 'foreign' });
    const url = `${sandbox}/_sandbox/workspaces`;
    const attempts: [string, RequestInit][] = [
      ['plain', { method: 'POST', body }],
      ['json', { method: 'POST', body, headers: { 'content-type': 'application/json' } }],
      ['no-cors', { method: 'POST', body, mode: 'no-cors' }],
      ['reset', { method: 'POST', mode: 'no-cors' }],
    ];
    const results = [];
    for (const [name, options] of attempts) {
      const to = name === 'reset' ? `${url}/default/reset` : url;
      results.push(
        await fetch(to, options).then(
          (answer) => `${name} ${answer.type}`,
          () => `${name} refused`,
        ),
      );
    }
    return results;
  }, baseUrl());
  // Nothing of an opaque answer can be read.
  expect(told).toEqual(['plain refused', 'json refused', 'no-cors opaque', 'reset opaque']);
  expect(await names()).not.toContain('foreign');
  takeFaults();
});

test('a form that it sends to the control API is refused', async () => {
  const page = await openPage('/');
  await page.goto(elsewhere);
  const [answer] = await Promise.all([
    page.waitForResponse((each) => each.url().includes('/_sandbox/')),
    page.evaluate((sandbox) => {
      const form = document.createElement('form');
      form.method = 'post';
      form.action = `${sandbox}/_sandbox/workspaces/default/reset`;
      document.body.append(form);
      form.submit();
    }, baseUrl()),
  ]);
  expect(answer.status()).toBe(403);
  takeFaults();
});

test('it reads nothing of the control API, and no stream of the journal', async () => {
  const page = await openPage('/');
  await page.goto(elsewhere);
  const told = await page.evaluate(async (sandbox) => {
    const read = await fetch(`${sandbox}/_sandbox/apis`).then(
      () => 'read',
      () => 'refused',
    );
    const source = new EventSource(`${sandbox}/_sandbox/journal/stream`);
    const streamed = await new Promise<string>((resolve) => {
      source.addEventListener('open', () => resolve('streamed'));
      source.addEventListener('error', () => resolve('refused'));
    });
    source.close();
    return [read, streamed];
  }, baseUrl());
  expect(told).toEqual(['refused', 'refused']);
  takeFaults();
});

test('it puts no frame around the pages', async () => {
  const page = await openPage('/');
  await page.goto(elsewhere);
  await page.evaluate(async (sandbox) => {
    const frame = document.createElement('iframe');
    frame.src = sandbox;
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
    document.body.append(frame);
    await loaded;
  }, baseUrl());
  const [, framed] = page.frames();
  expect(framed?.url()).toContain('chrome-error://');
  expect(takeFaults().join('\n')).toContain('frame-ancestors');
});
