/**
 * What Prometheus is told.
 */
import { expect, onTestFinished, test } from 'vitest';
import { startSandbox } from '../src/sandbox.js';

async function open() {
  let milliseconds = 0;
  // Each request reads it twice: it takes 2 ms.
  const stopwatch = () => {
    milliseconds += 2;
    return milliseconds;
  };
  const sandbox = await startSandbox({ log: false, apis: ['midnight', 'staxbill'], stopwatch });
  onTestFinished(() => sandbox.close());
  const metrics = async () => {
    const response = await fetch(`${sandbox.url}/_sandbox/metrics`);
    return { response, lines: (await response.text()).split('\n') };
  };
  return { url: sandbox.url, apis: sandbox.apis, metrics };
}

test('requests are counted by api, operation and status, and how long they took', async () => {
  const { url, metrics } = await open();
  for (let time = 0; time < 3; time++) await fetch(`${url}/midnight/no/such/path`);
  await fetch(`${url}/staxbill/no/such/path?key=secret-value`, { method: 'POST', body: '{"a":1}' });
  const { response, lines } = await metrics();
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const series = (name: string) => lines.filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  expect(series('paydouble_request_duration_seconds_count')).toEqual([
    'paydouble_request_duration_seconds_count{api="midnight",operation="",status="404"} 3',
    'paydouble_request_duration_seconds_count{api="staxbill",operation="",status="404"} 1',
  ]);
  const [sum = ''] = series('paydouble_request_duration_seconds_sum');
  expect(Number(sum.split(' ').at(-1))).toBeCloseTo(0.006, 9);
  expect(lines.join('\n')).not.toContain('secret-value');
});

test('an operation is told by its operationId', async () => {
  const { url, apis, metrics } = await open();
  const [operation] = apis.get('staxbill')?.document.operations ?? [];
  if (operation === undefined) throw new Error('staxbill has no operation.');
  const { method, operationId } = operation;
  const path = operation.path.replaceAll(/\{[^}]+\}/g, '1');
  for (const query of ['', '?a=1']) await fetch(`${url}/staxbill${path}${query}`, { method });
  const { lines } = await metrics();
  expect(lines).toContain(
    `paydouble_request_duration_seconds_count{api="staxbill",operation="${operationId}",status="401"} 2`,
  );
});

test('levels are those of the moment; requests to the control API are not counted', async () => {
  const { url, metrics } = await open();
  const before = await metrics();
  expect(before.lines).toContain('paydouble_workspaces 1');
  expect(before.lines).toContain('paydouble_request_journal_bytes 0');
  expect(before.lines).toContain('paydouble_answers_waiting_for_disk 0');
  expect(before.lines).toContain('paydouble_state_journal_lag 0');
  await fetch(`${url}/_sandbox/workspaces`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"scenario":"default"}',
  });
  await fetch(`${url}/midnight/no/such/path`);
  const after = await metrics();
  expect(after.lines).toContain('paydouble_workspaces 2');
  expect(after.lines.find((line) => line.startsWith('paydouble_request_journal_bytes '))).toMatch(/ [1-9]\d*$/);
  expect(after.lines.filter((line) => line.includes('_count{'))).toHaveLength(1);
  for (const name of ['process_resident_memory_bytes', 'paydouble_heap_used_bytes']) {
    expect(after.lines.find((line) => line.startsWith(`${name} `))).toMatch(/ [1-9]\d{6,}$/);
  }
});
