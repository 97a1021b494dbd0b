/**
 * The parts of faults: chance, latencies, when a rule strikes, how rules follow each other, and their names.
 */
import { describe, expect, test } from 'vitest';
import { draw } from '../../src/faults/draw.js';
import { type Effect, readEffect } from '../../src/faults/effect.js';
import { type FaultScenario, Faults } from '../../src/faults/faults.js';
import { cap, type Latency, readLatency } from '../../src/faults/latency.js';
import { Rule, readFault } from '../../src/faults/rule.js';
import { faultOfWord, faultWords } from '../../src/faults/word.js';
import { isObject, type JsonObject, parse } from '../../src/json.js';
import type { Seen } from '../../src/match.js';
import { Headers } from '../../src/message.js';
import { Work } from '../../src/work.js';

/** A request, as faults see it. */
function seen(changes: Partial<Seen> = {}): Seen {
  return {
    api: 'acme',
    operationId: 'pay',
    method: 'POST',
    path: '/payments',
    query: new URLSearchParams(),
    headers: new Headers([]),
    body: undefined,
    work: new Work(1e8),
    ...changes,
  };
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const mean = (values: readonly number[]) => values.reduce((total, value) => total + value, 0) / values.length;

/** The value below which so great a part of the values is. */
function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(part * sorted.length)] ?? Number.NaN;
}

describe('chance', () => {
  test('is the same for the same seeds, and hangs on each of them and their order', () => {
    expect(draw(1, 2, 3)).toBe(draw(1, 2, 3));
    const others = [
      draw(1, 2, 3),
      draw(2, 2, 3),
      draw(1, 3, 3),
      draw(1, 2, 4),
      draw(3, 2, 1),
      draw(1, 2),
      draw(-1, 2, 3),
    ];
    expect(new Set(others).size).toBe(others.length);
  });

  test('counts what is beyond 32 bits', () => {
    expect(draw(2 ** 32 + 1)).not.toBe(draw(1));
    expect(draw(2 ** 40 + 1)).not.toBe(draw(2 ** 32 + 1));
  });

  test('is even from 0 up to 1', () => {
    const drawn = numbers(10_000).map((number) => draw(7, number));
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...drawn)).toBeLessThan(1);
    for (let tenth = 0; tenth < 10; tenth++) {
      const within = drawn.filter((each) => Math.floor(each * 10) === tenth).length;
      expect(within).toBeGreaterThan(900);
      expect(within).toBeLessThan(1100);
    }
  });
});

describe('a latency', () => {
  const count = 20_000;

  function read(json: string): Latency {
    const value = parse(json);
    const latency = isObject(value) ? readLatency(value) : undefined;
    return latency ?? expect.fail(`${json} is no latency`);
  }

  /** What so many requests wait, by the numbers of a seed. */
  function waits(json: string, seed = 7): number[] {
    const latency = read(json);
    return numbers(count).map((number) =>
      latency(
        () => draw(seed, number, 1),
        () => draw(seed, number, 2),
      ),
    );
  }

  test.each([
    '{"uniform": [200, 900]}',
    '{"normal": {"mean": 300, "deviation": 80}}',
    '{"logNormal": {"median": 120, "sigma": 0.5}}',
  ])('%s is the same for the same seed alone, in whole milliseconds', (json) => {
    const found = waits(json);
    expect(waits(json)).toEqual(found);
    expect(waits(json, 8)).not.toEqual(found);
    expect(found.every(Number.isInteger)).toBe(true);
  });

  test('that is fixed is the same whatever chance says', () => {
    expect(new Set(waits('{"milliseconds": 12.4}'))).toEqual(new Set([12]));
    // A number whose text is kept is a number, too.
    expect(read('{"milliseconds": 9.0}')(zero, zero)).toBe(9);
    expect(readLatency({ milliseconds: 5 })?.(zero, zero)).toBe(5);
  });

  test('that is uniform fills the range between its bounds', () => {
    const found = waits('{"uniform": [200, 900]}');
    expect([Math.min(...found), Math.max(...found)]).toEqual([200, 900]);
    expect(Math.abs(mean(found) - 550)).toBeLessThan(5);
    expect(Math.abs(quantile(found, 0.25) - 375)).toBeLessThan(8);
    expect(new Set(waits('{"uniform": [30, 30]}'))).toEqual(new Set([30]));
  });

  test('that is normal has its mean and its deviation', () => {
    const found = waits('{"normal": {"mean": 300, "deviation": 80}}');
    const middle = mean(found);
    expect(Math.abs(middle - 300)).toBeLessThan(3);
    expect(Math.abs(Math.sqrt(mean(found.map((each) => (each - middle) ** 2))) - 80)).toBeLessThan(2);
    expect(Math.abs(quantile(found, 0.5) - 300)).toBeLessThan(3);
    // As likely below as above by two deviations.
    expect(Math.abs(quantile(found, 0.0228) - 140)).toBeLessThan(5);
    expect(Math.abs(quantile(found, 0.9772) - 460)).toBeLessThan(5);
  });

  test('that is log-normal has its median, a long tail, and the mean that goes with it', () => {
    const found = waits('{"logNormal": {"median": 1000, "sigma": 0.5}}');
    expect(Math.abs(quantile(found, 0.5) - 1000)).toBeLessThan(15);
    expect(Math.abs(mean(found) - 1000 * Math.exp(0.5 ** 2 / 2))).toBeLessThan(15);
    // As docs/faults.md says it.
    expect(Math.abs(quantile(found, 0.9) - 1900)).toBeLessThan(40);
    expect(Math.abs(quantile(found, 0.99) - 3200)).toBeLessThan(120);
    const logarithms = found.map(Math.log);
    const middle = mean(logarithms);
    expect(Math.abs(Math.sqrt(mean(logarithms.map((each) => (each - middle) ** 2))) - 0.5)).toBeLessThan(0.01);
  });

  test('that is log-normal without a sigma is its median', () => {
    expect(new Set(waits('{"logNormal": {"median": 120.0, "sigma": 0}}'))).toEqual(new Set([120]));
    expect(new Set(waits('{"logNormal": {"median": 0, "sigma": 10}}'))).toEqual(new Set([0]));
  });

  test.each([
    ['{"normal": {"mean": 300, "deviation": 80, "most": 350}}', 350],
    ['{"normal": {"mean": 300, "deviation": 80, "most": 1.0}}', 1],
    ['{"normal": {"mean": 50000, "deviation": 9000}}', 60_000],
    ['{"logNormal": {"median": 120, "sigma": 0.5, "most": 200}}', 200],
    ['{"logNormal": {"median": 120, "sigma": 0.5, "most": 0}}', 0],
    ['{"logNormal": {"median": 60000, "sigma": 10}}', 60_000],
  ])('%s is never above %i, and often just that', (json, most) => {
    const found = waits(json);
    expect(Math.max(...found)).toBe(most);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(0);
    expect(found.filter((each) => each === most).length).toBeGreaterThan(1000);
  });

  test('below its longest is what it would be without', () => {
    const free = waits('{"logNormal": {"median": 120, "sigma": 0.5}}');
    const held = waits('{"logNormal": {"median": 120, "sigma": 0.5, "most": 200}}');
    expect(held).toEqual(free.map((each) => Math.min(each, 200)));
  });

  test('is capped to whole milliseconds of a minute', () => {
    expect([-3, 0.4, 0.5, 59_999.6, 60_001, Number.POSITIVE_INFINITY].map((each) => cap(each))).toEqual([
      0, 0, 1, 60_000, 60_000, 60_000,
    ]);
    expect(cap(700, 500)).toBe(500);
  });

  test('is none where none is written', () => {
    expect(readLatency({})).toBeUndefined();
  });
});

const zero = () => 0;

describe('an effect', () => {
  test.each<[JsonObject, Effect | undefined]>([
    [{ latency: { milliseconds: 1 } }, undefined],
    [{ respond: { status: 503 } }, { kind: 'respond', status: 503, headers: {}, force: false, at: '/respond' }],
    [
      { respond: { status: 207, example: 'partly', headers: { 'X-A': 'b' }, force: true } },
      { kind: 'respond', status: 207, example: 'partly', headers: { 'X-A': 'b' }, force: true, at: '/respond' },
    ],
    [
      { respond: { status: 400, body: null } },
      { kind: 'respond', status: 400, body: null, headers: {}, force: false, at: '/respond' },
    ],
    [
      { tooManyRequests: { retryAfter: 30 } },
      { kind: 'respond', status: 429, headers: { 'Retry-After': '30' }, force: false, at: '/tooManyRequests' },
    ],
    [{ connection: 'half' }, { kind: 'connection', cut: 'half' }],
    [{ loseReply: true }, { kind: 'loseReply' }],
  ])('%j', (fault, effect) => {
    expect(readEffect(fault)).toEqual(effect);
  });
});

describe('a fault in a word', () => {
  const effectOf = (word: string) => {
    const read = faultOfWord(word, true);
    return read !== undefined && 'fault' in read ? readFault(read.fault).effect : undefined;
  };

  test.each(faultWords)('%s is a fault of its own', (word) => {
    expect(effectOf(word)).toEqual(word === 'loseReply' ? { kind: 'loseReply' } : { kind: 'connection', cut: word });
  });

  test('may go beyond the document if that is said', () => {
    expect(faultOfWord('status:503', false)).toEqual({ fault: { respond: { status: 503, force: false } } });
    expect(effectOf('status:503')).toMatchObject({ kind: 'respond', status: 503, force: true });
    expect(effectOf('429:30')).toMatchObject({ status: 429, force: true });
  });

  test.each(['', 'nonsense', 'half:1', 'constructor:1'])('"%s" is none', (word) => {
    expect(faultOfWord(word, true)).toBeUndefined();
  });

  test.each([
    ['status', 'from 200 to 599, as in status:400. Received no number.'],
    ['status:', 'from 200 to 599'],
    ['status:199', 'Received 199.'],
    ['status:600', 'Received 600.'],
    ['429', 'takes whole seconds of Retry-After from 0 to 86400'],
    ['429:86401', 'Received 86401.'],
    ['latency:60001', 'takes whole milliseconds from 0 to 60000'],
    ['latency:0.5', 'Received 0.5.'],
    ['latency:1:2', 'Received 1:2.'],
  ])('of "%s" it is told what is wrong with the number', (word, wrong) => {
    expect(faultOfWord(word, true)).toEqual({ wrong: expect.stringContaining(wrong) });
  });
});

describe('a rule', () => {
  const fault = { connection: 'reset' };

  /** At which of so many requests the rule strikes. */
  function strikes(json: JsonObject, count: number, name = 'rule', seed = 1): number[] {
    const rule = new Rule(name, json);
    return numbers(count).filter(() => rule.meets(seen(), seed));
  }

  test.each([
    [{}, [1, 2, 3, 4, 5, 6, 7]],
    [{ when: { first: 2 } }, [1, 2]],
    [{ when: { every: 3 } }, [3, 6]],
    [{ when: { every: 1 } }, [1, 2, 3, 4, 5, 6, 7]],
    [{ when: { after: 0 } }, [1, 2, 3, 4, 5, 6, 7]],
    [{ when: { after: 5 } }, [6, 7]],
    [{ when: { probability: 0 } }, []],
    [{ when: { probability: 1 } }, [1, 2, 3, 4, 5, 6, 7]],
  ])('%j strikes of seven requests %j', (json, expected) => {
    expect(strikes({ ...json, fault }, 7)).toEqual(expected);
  });

  test('by chance strikes as often as it says, by its name and the seed alone', () => {
    const json = { when: { probability: 0.25 }, fault };
    const found = strikes(json, 4000);
    expect(Math.abs(found.length - 1000)).toBeLessThan(90);
    expect(strikes(json, 4000)).toEqual(found);
    expect(strikes(json, 4000, 'another')).not.toEqual(found);
    expect(strikes(json, 4000, 'rule', 2)).not.toEqual(found);
  });

  test('of a neighbouring name has luck of its own', () => {
    const json = { when: { probability: 0.5 }, fault };
    const [one, two] = [new Set(strikes(json, 4000, 'fault-1')), strikes(json, 4000, 'fault-2')];
    // Half of those that strike one strike the other, if neither hangs on the other.
    expect(Math.abs(two.filter((each) => one.has(each)).length - 1000)).toBeLessThan(90);
  });

  test.each<[JsonObject, Partial<Seen>, boolean]>([
    [{ api: 'acme' }, {}, true],
    [{ api: 'acme' }, { api: 'other' }, false],
    [{ operationId: 'pay' }, {}, true],
    [{ operationId: ['refund', 'pay'] }, {}, true],
    [{ operationId: ['refund'] }, {}, false],
    [{ operationId: 'pay' }, { operationId: undefined }, false],
    [{ match: { method: 'post' } }, {}, true],
    [{ match: { method: 'GET' } }, {}, false],
    [{ api: 'acme', match: { body: [{ pointer: '/amount', equals: 10 }] } }, { body: { amount: 10 } }, true],
    [{ api: 'acme', match: { body: [{ pointer: '/amount', equals: 10 }] } }, { body: { amount: 11 } }, false],
  ])('%j takes %j: %j', (json, changes, taken) => {
    const rule = new Rule('rule', { ...json, fault });
    expect(rule.meets(seen(changes), 1)).toBe(taken);
    expect([rule.matched, rule.struck]).toEqual([taken ? 1 : 0, 0]);
  });

  test('draws a latency for every strike, also where it matches nothing', () => {
    const rule = new Rule('rule', { fault: { latency: { uniform: [0, 60_000] } } });
    const found = numbers(5).map(() => rule.strike(1));
    expect(new Set(found).size).toBe(5);
    expect([rule.matched, rule.struck]).toEqual([0, 5]);
  });
});

describe('the rules of a workspace', () => {
  const reset = { connection: 'reset' };
  const late = (milliseconds: number) => ({ latency: { milliseconds } });

  function faultsOf(rules: readonly JsonObject[], seed = 1): Faults {
    const scenarios: FaultScenario[] = [{ api: 'acme', seed, faults: rules }];
    return new Faults(() => scenarios);
  }

  const counts = (faults: Faults) => faults.rules.map(({ name, matched, struck }) => [name, matched, struck]);
  const names = (faults: Faults) => faults.rules.map(({ name }) => name);

  test('strike nothing where there are none', () => {
    const faults = faultsOf([]);
    expect([faults.any, faults.strike(seen(), undefined)]).toEqual([false, undefined]);
  });

  test('the first effect wins; latencies before it and in it add up', () => {
    const faults = faultsOf([
      { name: 'slow', fault: late(100) },
      { name: 'never', when: { probability: 0 }, fault: late(1000) },
      { name: 'cut', fault: { ...late(20), ...reset } },
      { name: 'late', fault: late(3) },
      { name: 'half', fault: { connection: 'half' } },
    ]);
    expect(faults.strike(seen(), undefined)).toEqual({
      name: 'slow, cut',
      delayMilliseconds: 120,
      effect: { kind: 'connection', cut: 'reset' },
    });
    expect(counts(faults)).toEqual([
      ['slow', 1, 1],
      ['never', 1, 0],
      ['cut', 1, 1],
      ['late', 1, 0],
      ['half', 1, 0],
    ]);
  });

  test('what comes after an effect strikes when the effect does not', () => {
    const faults = faultsOf([
      { name: 'cut', when: { first: 1 }, fault: reset },
      { name: 'lost', when: { every: 2 }, fault: { loseReply: true } },
    ]);
    const struck = numbers(4).map(() => faults.strike(seen(), undefined)?.name);
    expect(struck).toEqual(['cut', 'lost', undefined, 'lost']);
  });

  test('latencies together are no longer than a minute', () => {
    const faults = faultsOf([{ fault: late(40_000) }, { fault: late(40_000) }]);
    expect(faults.strike(seen(), undefined)).toEqual({
      name: 'fault-1, fault-2',
      delayMilliseconds: 60_000,
      effect: undefined,
    });
  });

  test('a wish comes before the rules, which count all the same', () => {
    const faults = faultsOf([{ name: 'cut', fault: reset }]);
    const word = readFault({ loseReply: true });
    expect(faults.strike(seen(), { name: 'loseReply', fault: word })).toMatchObject({
      name: 'loseReply',
      effect: { kind: 'loseReply' },
    });
    expect(counts(faults)).toEqual([['cut', 1, 0]]);
  });

  test('a wished latency adds to what the rules do', () => {
    const faults = faultsOf([{ name: 'cut', fault: { ...late(20), ...reset } }]);
    const word = readFault({ latency: { milliseconds: 800 } });
    expect(faults.strike(seen(), { name: 'latency:800', fault: word })).toEqual({
      name: 'latency:800, cut',
      delayMilliseconds: 820,
      effect: { kind: 'connection', cut: 'reset' },
    });
  });

  test('a rule that is wished for strikes whatever its match and when say', () => {
    const faults = faultsOf([{ name: 'cut', api: 'other', when: { probability: 0 }, fault: reset }]);
    expect(faults.strike(seen(), { rule: 'cut' })?.name).toBe('cut');
    expect(counts(faults)).toEqual([['cut', 0, 1]]);
    expect(faults.strike(seen(), { rule: 'gone' })).toBeUndefined();
  });

  test('a rule keeps its luck when others come before it', () => {
    const rule = { name: 'mine', when: { probability: 0.5 }, fault: { latency: { uniform: [1, 60_000] } } };
    const other = { name: 'other', when: { probability: 0 }, fault: reset };
    const luck = (faults: Faults) => numbers(50).map(() => faults.strike(seen(), undefined)?.delayMilliseconds);
    const found = luck(faultsOf([rule]));
    expect(new Set(found).size).toBeGreaterThan(10);
    expect(luck(faultsOf([other, { ...other, name: 'third' }, rule]))).toEqual(found);
    expect(luck(faultsOf([{ ...rule, name: 'yours' }]))).not.toEqual(found);
    expect(luck(faultsOf([rule], 2))).not.toEqual(found);
  });

  test('each api has the seed of its own scenario', () => {
    const rule = { name: 'mine', when: { probability: 0.5 }, fault: reset };
    const luck = (faults: Faults, api: string) =>
      numbers(50).map(() => faults.strike(seen({ api }), undefined) !== undefined);
    const both = () =>
      new Faults(() => [
        { api: 'acme', seed: 1, faults: [rule] },
        { api: 'other', seed: 2, faults: [] },
      ]);
    expect(luck(both(), 'acme')).toEqual(luck(faultsOf([rule], 1), 'acme'));
    expect(luck(both(), 'other')).toEqual(luck(faultsOf([rule], 2), 'acme'));
  });

  test('without names get those that no other has', () => {
    expect(names(faultsOf([{ fault: reset }, { name: 'fault-1', fault: reset }, { fault: reset }]))).toEqual([
      'fault-2',
      'fault-1',
      'fault-3',
    ]);
  });

  test('are added, found, taken away and put back', () => {
    const faults = faultsOf([{ fault: reset }, { name: 'slow', fault: late(5) }]);
    expect(faults.add({ fault: late(1) }).name).toBe('fault-2');
    expect(faults.remove('fault-1')).toBe(true);
    expect(faults.remove('fault-1')).toBe(false);
    // A name that is free again is given again.
    expect(faults.add({ fault: late(2) }).name).toBe('fault-1');
    expect(names(faults)).toEqual(['slow', 'fault-2', 'fault-1']);
    expect([faults.find('slow')?.name, faults.find('gone')]).toEqual(['slow', undefined]);
    faults.strike(seen(), undefined);
    expect(faults.replace([{ name: 'slow', fault: late(5) }])).toHaveLength(1);
    expect(counts(faults)).toEqual([['slow', 0, 0]]);
    faults.reset();
    expect(counts(faults)).toEqual([
      ['fault-1', 0, 0],
      ['slow', 0, 0],
    ]);
  });
});
