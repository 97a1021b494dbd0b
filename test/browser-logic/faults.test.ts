/**
 * The rules that the form of faults makes, and rules in words.
 */
import { describe, expect, test } from 'vitest';
import { type Draft, emptyDraft, mayNeedForce, type Operation, ruleOf } from '../../src/browser/views/faults/draft.js';
import { happens, strikesWhen, takes } from '../../src/browser/views/faults/words.js';
import { parse, stringify } from '../../src/json.js';

const operation = (...statuses: string[]): Operation => ({
  operationId: 'pay',
  method: 'POST',
  path: '/pay',
  summary: 'Pay',
  responses: statuses.map((status) => ({ status, description: status, examples: [] })),
});

const made = (changed: Partial<Draft>, chosen?: Operation) => ruleOf({ ...emptyDraft, ...changed }, chosen);

describe('a draft means', () => {
  test.each<[string, Partial<Draft>, object]>([
    ['a typed status', { status: '418' }, { respond: { status: 418 } }],
    ['a documented one', { answer: '404', example: 'gone' }, { respond: { status: 404, example: 'gone' } }],
    ['one of a range', { answer: '4XX', status: '409' }, { respond: { status: 409 } }],
    ['a 429', { happening: 'tooMany', retryAfter: '5' }, { tooManyRequests: { retryAfter: 5 } }],
    ['a reset', { happening: 'reset' }, { connection: 'reset' }],
    ['half', { happening: 'half' }, { connection: 'half' }],
    ['silence', { happening: 'silent' }, { connection: 'silent' }],
    ['a lost reply', { happening: 'loseReply' }, { loseReply: true }],
    ['what is late', { happening: 'late', milliseconds: '40' }, { latency: { milliseconds: 40 } }],
    [
      'an even wait',
      { happening: 'late', latency: 'uniform', least: '1', most: '2' },
      { latency: { uniform: [1, 2] } },
    ],
    [
      'a normal wait',
      { happening: 'late', latency: 'normal', longest: '900' },
      { latency: { normal: { mean: 300, deviation: 80, most: 900 } } },
    ],
    [
      'a long tail',
      { happening: 'late', latency: 'logNormal' },
      { latency: { logNormal: { median: 120, sigma: 0.5 } } },
    ],
    [
      'both',
      { happening: 'reset', latency: 'fixed', milliseconds: '7' },
      { latency: { milliseconds: 7 }, connection: 'reset' },
    ],
  ])('%s', (_, changed, fault) => {
    expect(made(changed)).toEqual({ fault });
  });

  test.each<[Partial<Draft>, object | undefined]>([
    [{}, undefined],
    [{ when: 'first', count: '2' }, { first: 2 }],
    [{ when: 'every', count: '3' }, { every: 3 }],
    [{ when: 'after', count: '0' }, { after: 0 }],
    [{ when: 'probability', probability: '0.5' }, { probability: 0.5 }],
  ])('%j: strikes when %j', (changed, when) => {
    expect(made(changed).when).toEqual(when);
  });

  test.each([
    ['10.00', '10.00'],
    ['"10.00"', '"10.00"'],
    ['ACH', '"ACH"'],
    ['true', 'true'],
    ['', '""'],
  ])('a value of the body typed as %s is %s', (equals, json) => {
    expect(stringify(made({ pointer: '/amount', equals }).match?.body?.[0]?.equals ?? null)).toBe(json);
  });

  test('names, apis and operations where they are given', () => {
    const { name, api, operationId } = made({ name: 'down', api: 'shop', operationId: 'pay' });
    expect([name, api, operationId]).toEqual(['down', 'shop', 'pay']);
    expect(Object.keys(made({}))).toEqual(['fault']);
  });
});

describe('force', () => {
  test.each<[string, Partial<Draft>, Operation | undefined, boolean]>([
    ['a status that is typed', {}, operation('503'), true],
    ['a documented answer', { answer: '503' }, operation('503'), false],
    ['a 429 of any operation', { happening: 'tooMany' }, undefined, true],
    ['a 429 that is not documented', { happening: 'tooMany' }, operation('200', '404'), true],
    ['a 429 that is', { happening: 'tooMany' }, operation('429'), false],
    ['a 429 of a range', { happening: 'tooMany' }, operation('4XX'), false],
    ['a reset', { happening: 'reset' }, operation('200'), false],
  ])('%s', (_, changed, chosen, expected) => {
    expect(mayNeedForce({ ...emptyDraft, ...changed }, chosen)).toBe(expected);
    const { respond, tooManyRequests } = made({ ...changed, force: true }, chosen).fault;
    expect((respond ?? tooManyRequests)?.force).toBe(expected ? true : undefined);
  });
});

describe('in words', () => {
  test.each([
    [{ fault: {} }, 'any request'],
    [{ api: 'shop', fault: {} }, 'any request of shop'],
    [{ api: 'shop', operationId: ['pay', 'refund'], fault: {} }, 'pay or refund of shop'],
    [
      { operationId: 'pay', match: { method: 'POST', header: { 'x-id': '7' }, query: { page: '2' } }, fault: {} },
      'pay, where method is "POST" and header x-id is 7 and query page is 2',
    ],
  ])('%j takes %s', (rule, words) => {
    expect(takes(rule)).toBe(words);
  });

  test('what is asked of a body, numbers with their text', () => {
    const body = [
      { pointer: '/amount', equals: parse('10.00') },
      { path: '$.a', matches: '^x' },
      { pointer: '/b', exists: false },
      { pointer: '', equals: null },
    ];
    expect(takes({ match: { body }, fault: {} })).toBe(
      'any request, where body /amount is 10.00 and body $.a matches ^x and body /b is not there and the body is null',
    );
  });

  test.each([
    [undefined, 'always'],
    [{ first: 1 }, 'the first'],
    [{ first: 2 }, 'the first 2'],
    [{ every: 1 }, 'always'],
    [{ every: 2 }, 'every 2nd'],
    [{ every: 11 }, 'every 11th'],
    [{ every: 23 }, 'every 23rd'],
    [{ after: 3 }, 'all after the first 3'],
    [{ probability: 0.25 }, 'by chance, 25 %'],
    [{ probability: 0.07 }, 'by chance, 7 %'],
    [{ probability: 0 }, 'only when Prefer names it'],
  ])('%j strikes %s', (when, words) => {
    expect(strikesWhen({ ...(when === undefined ? {} : { when }), fault: {} })).toBe(words);
  });

  test.each([
    [{ respond: { status: 503, force: true } }, 'answers 503'],
    [{ respond: { status: 404, example: 'gone', headers: { 'X-A': 'b' } } }, 'answers 404 as in gone, headers X-A'],
    [{ respond: { status: 200, body: 1 } }, 'answers 200 with a body of its own'],
    [{ tooManyRequests: { retryAfter: 30 } }, 'answers 429, to be tried again in 30 s'],
    [{ connection: 'reset' as const }, 'resets the connection'],
    [{ connection: 'half' as const }, 'sends half of the answer'],
    [{ connection: 'silent' as const }, 'never answers'],
    [{ loseReply: true as const }, 'is carried out, and its answer lost'],
    [{ latency: { milliseconds: 800 } }, 'answers after 800 ms'],
    [
      { latency: { uniform: [200, 900] }, loseReply: true as const },
      'is carried out, and its answer lost after 200 to 900 ms',
    ],
    [
      { latency: { normal: { mean: 300, deviation: 80, most: 500 } } },
      'answers after about 300 ± 80 ms, at most 500 ms',
    ],
    [{ latency: { logNormal: { median: 120, sigma: 0.5 } } }, 'answers after about 120 ms, sometimes far more'],
  ])('%j: %s', (fault, words) => {
    expect(happens({ fault })).toBe(words);
  });
});
