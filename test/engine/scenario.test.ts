/**
 * The scenario language: every operator, what extends what, and every error with its position.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { formatInstant } from '../../src/instant.js';
import { type Amount, isAmount, type JsonObject, type JsonValue, stringify } from '../../src/json.js';
import { subtract } from '../../src/money.js';
import { Dice, seedOf } from '../../src/scenario/dice.js';
import { Layers } from '../../src/scenario/layers.js';
import { parseDuration } from '../../src/scenario/operators/times.js';
import { loadScenario } from '../../src/scenario/read.js';
import type { Scenario } from '../../src/store/scenario.js';
import { Validator } from '../../src/validator.js';
import { FileError } from '../../src/yaml.js';
import { makeDocument } from './fixture.js';

const document = makeDocument(`
x-settings: { a: { type: integer }, b: { type: integer }, c: { type: string } }
x-collections:
  customers: { key: id, schema: { $ref: '#/components/schemas/Customer' } }
  invoices:
    key: id
    references: { customerId: customers }
    schema: { $ref: '#/components/schemas/Invoice' }
  payments: { key: id, schema: { $ref: '#/components/schemas/Payment' } }
components:
  schemas:
    Customer:
      type: object
      required: [id]
      additionalProperties: false
      properties:
        id: { type: integer }
        name: { type: string }
        weight: { type: number }
        born: { type: string, format: date }
        data: {}
    Invoice:
      type: object
      required: [id]
      properties:
        id: { type: integer }
        customerId: { type: integer, nullable: true }
        status: { type: string }
        total: { type: number }
        open: { type: number }
    Payment:
      type: object
      required: [id]
      properties: { id: { type: integer }, amount: { type: number }, shares: { type: array, items: {} }, at: { type: string }, x: {}, y: {}, z: {} }
`);
const validator = new Validator(document);

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A directory of scenarios: files by their path in it. */
function directory(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'paydouble-scenario-'));
  folders.push(folder);
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), content);
  }
  return folder;
}

function load(directories: readonly string[], name = 'main'): Scenario {
  return loadScenario(new Layers(directories), { document, validator }, name);
}

/** The scenario of this text. */
const read = (text: string): Scenario => load([directory({ 'acme/main.yaml': text })]);

/** A collection's records, as JSON text, numbers as they are written. */
const recordsOf = (scenario: Scenario, collection: string): readonly JsonObject[] => [
  ...(scenario.collections.get(collection)?.values() ?? []),
];
const texts = (scenario: Scenario, collection: string): string[] =>
  recordsOf(scenario, collection).map((each) => stringify(each));
const column = (scenario: Scenario, collection: string, property: string): string[] =>
  recordsOf(scenario, collection).map((each) => stringify(each[property] ?? null));

/** A value that must be an amount. */
const amountOf = (value: JsonValue | undefined): Amount => (isAmount(value) ? value : expect.fail('no amount'));

/** What is wrong, `line:column: message`, the directory left out. */
function complaints(action: () => unknown): string[] {
  try {
    action();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return error.message.split('\n').map((line) => line.replaceAll(/\S*?paydouble-scenario-\w+\//g, ''));
  }
  return [];
}

/** The payments of a single template with these members. */
const payments = (members: string, rest = ''): Scenario =>
  read(`${rest}\nrecords:\n  payments:\n    - { ${members} }\n`);
const x = (value: string, rest = '', repeat = 3): string[] =>
  column(payments(`$repeat: ${repeat}, id: { $index: 1 }, x: ${value}`, rest), 'payments', 'x');

describe('records as they stand', () => {
  test('keep their order and the text of their numbers', () => {
    const scenario = read(
      'records:\n  payments:\n    - { id: 2, amount: 1.50 }\n    - { id: 1, amount: 1e2, x: null }\n',
    );
    expect(texts(scenario, 'payments')).toEqual(['{"id":2,"amount":1.50}', '{"id":1,"amount":1e2,"x":null}']);
  });
});

describe('operators', () => {
  test.each<[string, readonly string[]]>([
    ['{ $index: 7001 }', ['7001', '7002', '7003']],
    ['{ $index: { from: 1, step: 10 } }', ['1', '11', '21']],
    ['{ $index: {} }', ['1', '2', '3']],
    ["{ $template: 'INV-{{index}}' }", ['"INV-1"', '"INV-2"', '"INV-3"']],
    ["{ $template: '{{index:5}}/{{ same:id }}', index: 99 }", ['"00099/1"', '"00100/2"', '"00101/3"']],
    ["{ $template: 'a {{index}} b {{index:2}} {x}' }", ['"a 1 b 01 {x}"', '"a 2 b 02 {x}"', '"a 3 b 03 {x}"']],
    ['{ $same: id }', ['1', '2', '3']],
    ['{ $literal: { $index: 1 } }', ['{"$index":1}', '{"$index":1}', '{"$index":1}']],
    [
      '[{ $index: 5 }, { deep: { $same: id } }, plain]',
      ['[5,{"deep":1},"plain"]', '[6,{"deep":2},"plain"]', '[7,{"deep":3},"plain"]'],
    ],
    ['{ $plus: [{ $same: id }, 0.10, 0.2] }', ['1.30', '2.30', '3.30']],
    ['{ $less: [300.00, { $same: id }, 145] }', ['154.00', '153.00', '152.00']],
    ['{ $less: [5] }', ['5', '5', '5']],
    ['{ $times: [{ $same: id }, 0.15] }', ['0.15', '0.3', '0.45']],
    ['{ $times: [{ $same: id }, 0.335], digits: 2 }', ['0.34', '0.67', '1.01']],
    ['{ $plus: [1, 2.005], digits: 2 }', ['3.01', '3.01', '3.01']],
    ['{ $least: [2.00, { $same: id }] }', ['1.00', '2.00', '2.00']],
    ['{ $most: [2.00, { $same: id }] }', ['2.00', '2.00', '3.00']],
    ['{ $sum: { of: payments, take: id } }', ['6', '6', '6']],
    ['{ $sum: { of: payments, take: id, where: { id: { $same: id } } }, digits: 2 }', ['1.00', '2.00', '3.00']],
    ['{ $sum: { of: invoices, take: total } }', ['0', '0', '0']],
    ['{ $of: { from: payments, key: { $less: [4, { $same: id }] }, take: id } }', ['3', '2', '1']],
    ['{ $choose: [7] }', ['7', '7', '7']],
    ['{ $choose: { never: 0, always: 3 } }', ['"always"', '"always"', '"always"']],
    ['{ $choose: [1, { $same: id }], weights: [0, 1] }', ['1', '2', '3']],
    ['{ $amount: { from: 5, to: 5 } }', ['5.00', '5.00', '5.00']],
    ["{ $time: { from: '2026-01-31' } }", Array(3).fill('"2026-01-31T00:00:00.000Z"')],
    ["{ $time: { from: '2026-01-31', form: date, plus: P1D } }", Array(3).fill('"2026-02-01"')],
    [
      "{ $time: { from: '2026-01-31T10:00:00+02:00', digits: 7, zone: '+00:00' } }",
      Array(3).fill('"2026-01-31T08:00:00.0000000+00:00"'),
    ],
    ["{ $time: { from: { $literal: '2026-01-31' }, to: P0D, digits: 0 } }", Array(3).fill('"2026-01-31T00:00:00Z"')],
  ])('%s', (value, wanted) => {
    expect(x(value)).toEqual(wanted);
  });

  test('$faker calls methods, with an argument or several', () => {
    expect(x('{ $faker: person.firstName }').every((each) => /^"[A-Z]/.test(each))).toBe(true);
    expect(x('{ $faker: number.int, with: { min: 7, max: 7 } }')).toEqual(['7', '7', '7']);
    expect(x('{ $faker: string.numeric, with: [4] }').every((each) => /^"\d{4}"$/.test(each))).toBe(true);
    expect(x('{ $faker: date.past }', "clock: '2020-01-01T00:00:00Z'").every((each) => each.startsWith('"2019-'))).toBe(
      true,
    );
    expect(x('{ $template: \'{{number.int({"max": 0})}}-{{string.alpha(0)}}\' }')).toEqual(['"0-"', '"0-"', '"0-"']);
  });

  test('$amount stays within its limits, both of them reached, digits kept', () => {
    const found = x('{ $amount: { from: 0.08, to: 0.11 } }', '', 200);
    expect([...new Set(found)].sort()).toEqual(['0.08', '0.09', '0.10', '0.11']);
    expect(new Set(x('{ $amount: { from: 1, to: 3, digits: 0 } }', '', 50))).toEqual(new Set(['1', '2', '3']));
    const dependent = payments('$repeat: 50, id: { $index: 1 }, x: { $amount: { from: 0.01, to: { $same: id } } }');
    for (const { id, x: amount } of recordsOf(dependent, 'payments')) {
      expect(Number(stringify(amount ?? null))).toBeLessThanOrEqual(Number(id));
    }
  });

  test('$time counts from the clock, and from itself, in steps', () => {
    const clock = "clock: '2026-03-31T12:00:00Z'";
    const within = x('{ $time: { from: -P1D, to: P1D, step: PT12H } }', clock, 60);
    const steps = ['2026-03-30T12', '2026-03-31T00', '2026-03-31T12'].map((each) => `"${each}:00:00.000Z"`);
    expect([...new Set(within)].sort()).toEqual(steps);
    const { collections } = read(
      `records:\n  customers:\n    - { id: 1, born: { $time: { from: '1980-05-05T23:00:00Z' } } }`,
    );
    expect(stringify(collections.get('customers')?.get(1) ?? null)).toBe('{"id":1,"born":"1980-05-05"}');
  });

  test('$choose follows its weights', () => {
    const found = x('{ $choose: { open: 3, paid: 1 } }', '', 400);
    const open = found.filter((each) => each === '"open"').length;
    expect(open).toBeGreaterThan(250);
    expect(open).toBeLessThan(350);
    expect(new Set(x('{ $choose: [1, [2], { $same: id }] }', '', 60)).size).toBeGreaterThan(10);
  });

  const people = `
records:
  customers:
    - { $name: few, $repeat: 2, id: { $index: 1 }, name: few, weight: 0 }
    - { $name: many, $repeat: 4, id: { $index: 11 }, name: many, weight: { $same: id } }
    - { id: 99, name: alone, weight: 0 }
  payments:
    - { $repeat: 4, id: { $index: 1 }, x: PICK }
`;
  const picked = (pick: string, repeat = 4) =>
    column(
      read(
        people
          .replace('PICK', `{ $pick: ${pick} }`)
          .replace('$repeat: 4, id: { $index: 1 }, x', `$repeat: ${repeat}, id: { $index: 1 }, x`),
      ),
      'payments',
      'x',
    ).map((each) => JSON.parse(each));

  test.each<[string, readonly unknown[]]>([
    ['{ from: customers, where: { name: alone } }', [99, 99, 99, 99]],
    ['{ from: customers, where: { name: alone }, take: name }', ['alone', 'alone', 'alone', 'alone']],
    ['{ from: customers, where: { id: { $index: 11 } } }', [11, 12, 13, 14]],
    ['{ from: customers, among: many, by: each-once }', [11, 12, 13, 14]],
    ['{ from: customers, among: few, where: { id: 2 } }', [2, 2, 2, 2]],
  ])('$pick %s', (pick, wanted) => {
    expect(picked(pick).sort()).toEqual(wanted);
  });

  test('$pick chooses uniformly, by weight, and each once in an order of its own', () => {
    expect(new Set(picked('{ from: customers }', 100)).size).toBe(7);
    const weighed = picked('{ from: customers, by: { weight: weight } }', 100);
    expect([...new Set(weighed)].sort()).toEqual([11, 12, 13, 14]);
    const once = picked('{ from: customers, by: each-once }', 7);
    expect(new Set(once).size).toBe(7);
    expect(once).not.toEqual([...once].sort((left, right) => left - right));
  });

  test('$pick each-once keeps the records of each filter apart', () => {
    const scenario = read(`
records:
  customers:
    - { $repeat: 3, id: { $index: 1 }, name: a }
    - { $repeat: 3, id: { $index: 4 }, name: b }
  payments:
    - $repeat: 6
      id: { $index: 1 }
      y: { $choose: [a, b] }
      z: { $least: [{ $same: id }, 3] }
      x: { $pick: { from: customers, by: each-once, where: { name: { $of: { from: customers, key: { $same: id }, take: name } } } } }
`);
    const found = column(scenario, 'payments', 'x').map(Number);
    expect(found.slice(0, 3).sort()).toEqual([1, 2, 3]);
    expect(found.slice(3).sort()).toEqual([4, 5, 6]);
  });

  test('$sum looks through the elements of arrays, and parts of a record may need each other', () => {
    const scenario = read(`
records:
  invoices:
    - $repeat: 2
      id: { $index: 1 }
      total: { $amount: { from: 10.00, to: 20.00 } }
      open: { $less: [{ $same: total }, { $sum: { of: payments.shares, take: amount, where: { invoice: { $same: id } } } }] }
  payments:
    - id: 1
      amount: { $same: shares.1.amount }
      shares:
        - { invoice: 1, amount: 0.50 }
        - { invoice: 2, amount: { $of: { from: invoices, key: { $same: shares.1.invoice }, take: total } } }
`);
    const [first, second] = recordsOf(scenario, 'invoices');
    const paid = subtract(amountOf(first?.total), amountOf(first?.open));
    expect(stringify(paid)).toBe('0.5');
    expect(stringify(second?.open ?? null)).toBe('0.00');
    expect(column(scenario, 'payments', 'amount')).toEqual([stringify(second?.total ?? null)]);
  });

  test('$like has the members of another template, and its own', () => {
    const scenario = read(`
records:
  payments:
    - { $name: base, $repeat: 2, id: { $index: 1 }, amount: { $times: [{ $same: id }, 2] }, x: base }
    - { $like: base, id: 7, x: seven }
    - { $like: base, $name: more, $repeat: 2, id: { $index: 10 } }
    - { $like: more, id: 20, y: 1 }
`);
    expect(texts(scenario, 'payments')).toEqual([
      '{"id":1,"amount":2,"x":"base"}',
      '{"id":2,"amount":4,"x":"base"}',
      '{"id":7,"amount":14,"x":"seven"}',
      '{"id":10,"amount":20,"x":"base"}',
      '{"id":11,"amount":22,"x":"base"}',
      '{"id":20,"amount":40,"x":"base","y":1}',
    ]);
  });

  test('$repeat: 0 makes none', () => {
    expect(texts(payments('$repeat: 0, id: { $index: 1 }'), 'payments')).toEqual([]);
  });

  test('a thousand records that each need the one before', () => {
    const scenario = read(`
records:
  payments:
    - { id: 0, amount: 0.00 }
    - { $repeat: 1000, id: { $index: 1 }, amount: { $plus: [1.10, { $of: { from: payments, key: { $index: 0 }, take: amount } }] } }
`);
    expect(column(scenario, 'payments', 'amount').at(-1)).toBe('1100.00');
  });
});

describe('chance', () => {
  const busy = (more = '', seed = 1) => `
seed: ${seed}
records:
  customers:
    - { $repeat: 20, id: { $index: 1 }, name: { $faker: person.fullName }, weight: { $amount: { from: 1, to: 9 } } }
  payments:
    - { $repeat: 20, id: { $index: 1 }, x: { $pick: { from: customers, by: { weight: weight } } }, y: { $template: '{{company.name}}' }${more} }
`;
  const everything = (scenario: Scenario) => [...texts(scenario, 'customers'), ...texts(scenario, 'payments')];

  test('the same seed gives the same bytes, on this machine and on any other', () => {
    expect(everything(read(busy()))).toEqual(everything(read(busy())));
    expect(texts(read(busy()), 'payments').slice(0, 2)).toMatchInlineSnapshot(`
      [
        "{"id":1,"x":1,"y":"White Group"}",
        "{"id":2,"x":12,"y":"Robel, Schaden and Weimann"}",
      ]
    `);
    const dice = new Dice(seedOf('1/payments/0/x'), 7);
    expect([dice.fraction(), dice.below(1000), dice.below(2 ** 53)]).toMatchInlineSnapshot(`
      [
        0.15471552944721823,
        743,
        4172572853537605,
      ]
    `);
  });

  test('another seed gives others', () => {
    expect(everything(read(busy('', 2)))).not.toEqual(everything(read(busy())));
  });

  test('a change of one collection, or of one property, changes no other', () => {
    const changed = read(
      busy(', z: { $faker: lorem.word }').replace('payments:', 'payments:\n    - { id: 500, x: 1 }'),
    );
    expect(texts(changed, 'customers')).toEqual(texts(read(busy()), 'customers'));
    expect(column(changed, 'payments', 'y').slice(1)).toEqual(column(read(busy()), 'payments', 'y'));
  });

  test('the fingerprint says whether two scenarios begin alike', () => {
    const print = (text: string) => read(text).fingerprint;
    expect(print(busy())).toBe(print(busy()));
    expect(print(busy())).not.toBe(print(busy('', 2)));
    expect(print('records: { payments: [{ id: 1 }] }')).not.toBe(print('records: { payments: [{ id: 2 }] }'));
    expect(print('settings: { a: 1 }')).not.toBe(print('settings: { a: 2 }'));
  });

  test('numbers are spread evenly, and a shuffle keeps every element', () => {
    const counts = Array<number>(10).fill(0);
    for (let repetition = 0; repetition < 5000; repetition++) {
      const drawn = new Dice(5, repetition).below(10);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(400);
    expect(Math.max(...counts)).toBeLessThan(600);
    expect(new Dice(1, 1).shuffled([1, 2, 3, 4, 5]).sort()).toEqual([1, 2, 3, 4, 5]);
  });

  test.each([
    ['P30D', 2_592_000_000],
    ['-P1W', -604_800_000],
    ['P1DT2H3M4S', 93_784_000],
    ['PT0S', 0],
    ['P', undefined],
    ['PT', undefined],
    ['P1M', undefined],
    ['30D', undefined],
  ])('%s is %s milliseconds', (text, wanted) => {
    expect(parseDuration(text)).toBe(wanted);
  });
});

describe('extends', () => {
  const base = `
story: The base.
seed: 5
clock: '2026-01-01T00:00:00Z'
settings: { a: 1, b: 2 }
next: { ids: { payments: 50 }, uuids: [932cea20-bdc9-44d8-a9ca-2bc8e6519c89] }
faults: [{ name: first, fault: { loseReply: true } }]
records:
  customers: [{ id: 1, name: one }, { id: 2, name: two }]
  payments:
    - { $name: some, $repeat: 2, id: { $index: 1 }, x: base }
`;

  test('merges member by member, and records by key', () => {
    const main = `
extends: base
story: The main one.
settings: { b: 3 }
next: { ids: { customers: 9 } }
faults: [{ name: second, fault: { loseReply: true } }]
records:
  customers: [{ id: 2, weight: 1.0 }, { id: 1, $remove: true }, { id: 3 }]
  payments:
    - { $name: some, $repeat: 1, x: changed }
    - { $like: some, id: 8 }
`;
    const scenario = load([directory({ 'acme/base.yaml': base, 'acme/main.yaml': main })]);
    expect(scenario).toMatchObject({
      story: 'The main one.',
      seed: 5,
      settings: { a: 1, b: 3 },
      uuids: ['932cea20-bdc9-44d8-a9ca-2bc8e6519c89'],
      faults: [{ name: 'first' }, { name: 'second' }],
    });
    expect(scenario.clock === undefined ? '' : formatInstant(scenario.clock, { digits: 0, zone: 'Z' })).toBe(
      '2026-01-01T00:00:00Z',
    );
    expect([...scenario.nextIds]).toEqual([
      ['payments', 50],
      ['customers', 9],
    ]);
    expect(texts(scenario, 'customers')).toEqual(['{"id":2,"name":"two","weight":1.0}', '{"id":3}']);
    expect(texts(scenario, 'payments')).toEqual(['{"id":1,"x":"changed"}', '{"id":8,"x":"changed"}']);
  });

  test('takes a list, the latest word winning, what several extend once', () => {
    const files = {
      'acme/base.yaml': base,
      'acme/left.yaml': 'extends: base\nseed: 7\nsettings: { c: left }\n',
      'acme/right.yaml': 'extends: base\nsettings: { c: right }\n',
      'acme/main.yaml': 'extends: [left, right]\n',
    };
    const scenario = load([directory(files)]);
    expect(scenario).toMatchObject({ seed: 7, settings: { a: 1, c: 'right' }, faults: [{ name: 'first' }] });
  });

  test('a directory that comes first is looked at first; its own name means that of the next one', () => {
    const own = directory({ 'acme/base.yaml': 'extends: base\nseed: 6\n' });
    const packaged = directory({ 'acme/base.yaml': base, 'acme/other.yaml': 'extends: base\n' });
    expect(load([own, packaged], 'base')).toMatchObject({ seed: 6, story: 'The base.' });
    expect(load([own, packaged], 'other')).toMatchObject({ seed: 6, story: 'The base.' });
    expect(new Layers([own, packaged]).names('acme')).toEqual(['base', 'other']);
  });

  test('a file for several apis has a part for each', () => {
    const files = {
      'acme/base.yaml': base,
      'both.yaml': `
story: Both.
seed: 8
apis:
  acme: { extends: base, records: { customers: [{ id: 7 }] } }
  other: { records: {} }
`,
    };
    const folder = directory(files);
    const layers = new Layers([folder]);
    expect(layers.names('acme')).toEqual(['base', 'both']);
    expect(layers.names('other')).toEqual(['both']);
    expect(layers.names('third')).toEqual([]);
    const scenario = load([folder], 'both');
    expect(scenario).toMatchObject({ story: 'Both.', seed: 8, settings: { a: 1, b: 2 } });
    expect(column(scenario, 'customers', 'id')).toEqual(['1', '2', '7']);
  });
});

describe('what is wrong is told with its position', () => {
  /** The column of `x` in the line of {@link payments} is 33. */
  test.each<[string, string | RegExp]>([
    ['{ $fakr: a }', /^4:\d+: expected one operator of \$index, \$template, .*\. Received "\$fakr"/],
    ['{ $index: 1, $same: id }', /expected one operator of .* Received "\$index, \$same"/],
    ['{ $index: 1, with: 2 }', 'with may not stand beside $index; expected nothing'],
    ['{ $choose: [1], digits: 2 }', 'digits may not stand beside $choose; expected weights'],
    ['{ $index: one }', 'expected a whole number to count from. Received "one"'],
    ['{ $index: { form: 1 } }', 'form is not known here; expected from, step'],
    ['{ $template: 5 }', 'expected a text, with {{ }} around what is to be filled in. Received 5'],
    ["{ $template: '{{nothing}}' }", /\{\{nothing\}\} is not known; expected \{\{index\}\}, /],
    ["{ $template: '{{person.firstName(}}' }", /is not known; expected/],
    ["{ $template: '{{same:nothing}}' }", 'this record has no property nothing; it has id, x'],
    ['{ $faker: person.nothing }', /^4:\d+: faker has no person.nothing; expected a method/],
    ['{ $faker: constructor.constructor }', /faker has no constructor.constructor/],
    ['{ $faker: person.constructor }', /faker has no person.constructor/],
    ['{ $faker: number.int, with: { min: 5, max: 1 } }', /faker's number.int: .*\(and 2 more like it\)$/],
    ['{ $same: nothing }', 'this record has no property nothing; it has id, x'],
    ['{ $same: id.deeper }', /this record has nothing at id.deeper \(and 2 more like it\)/],
    ['{ $amount: 5 }', 'expected members: from, to, digits (optional). Received 5'],
    ['{ $amount: { from: 1 } }', 'to is required here'],
    ['{ $amount: { from: a, to: 2 } }', 'expected an amount, such as 10.00. Received "a"'],
    [
      '{ $amount: { from: 3, to: 2 } }',
      'expected amounts, from at most as large as to. Received from 3 to 2 (and 2 more like it)',
    ],
    ['{ $amount: { from: 1, to: 2, digits: 99 } }', 'expected the digits after the point, 0 to 9. Received 99'],
    [
      '{ $time: { from: yesterday } }',
      /expected a date, a date-time with its zone or a duration: .* Received "yesterday"/,
    ],
    [
      '{ $time: { from: -P1D } }',
      'a duration in from counts from the clock, and this scenario has none; give it a clock',
    ],
    ["{ $time: { from: '2026-01-02', to: '2026-01-01' } }", /expected a time in to that is not before from/],
    ["{ $time: { from: '2026-01-02', form: week } }", 'expected date-time or date. Received "week"'],
    ["{ $time: { from: '2026-01-02', plus: soon } }", 'expected a duration, such as P30D or PT12H. Received "soon"'],
    ['{ $time: { from: { $same: id } } }', /expected a date, a date-time .* Received 1/],
    ['{ $choose: [] }', 'expected a list of values, or values with their weights. Received an array'],
    ['{ $choose: { a: -1 } }', 'expected a weight: a number, 0 or above. Received -1'],
    ['{ $choose: [1, 2], weights: [1] }', 'expected 2 weights, one for each value. Received an array'],
    [
      '{ $pick: { from: customer } }',
      'expected the name of a collection: customers, invoices, payments. Received "customer"',
    ],
    [
      '{ $pick: { from: customers, take: nme } }',
      'records of customers have no property nme; expected one of id, name, weight, born, data',
    ],
    ['{ $pick: { from: customers, where: { nme: 1 } } }', /records of customers have no property nme/],
    ['{ $pick: { from: customers, among: some } }', 'no template has the $name some; known are none'],
    [
      '{ $pick: { from: customers, by: random } }',
      'expected uniform, each-once or { weight: property }. Received "random"',
    ],
    ['{ $pick: { from: customers } }', 'nothing to pick: no record of customers (and 2 more like it)'],
    [
      '{ $pick: { from: invoices, where: { status: open } } }',
      'nothing to pick: no record of invoices has status "open" (and 2 more like it)',
    ],
    ['{ $of: { from: invoices, key: 5, take: total } }', 'there is no record 5 in invoices (and 2 more like it)'],
    ['{ $of: { from: invoices, key: 5 } }', 'take is required here'],
    ['{ $of: { from: payments, key: 1, take: amount } }', 'record 1 of payments has no amount (and 2 more like it)'],
    ['{ $sum: { of: nothing, take: a } }', /expected the name of a collection/],
    ['{ $sum: { of: payments, take: a } }', /records of payments have no property a/],
    ['{ $sum: { of: payments.nothing, take: a } }', /records of payments have no property nothing/],
    ['{ $plus: 5 }', 'expected a list of amounts to compute with. Received 5'],
    ['{ $plus: [a] }', 'expected an amount to compute with. Received "a" (and 2 more like it)'],
    ['{ $less: [1], digits: a }', 'expected the digits after the point, 0 to 20. Received "a"'],
    ['{ $same: x }', /^4:\d+: a circle: payments.x needs payments.x; give one of them/],
  ])('%s', (value, wanted) => {
    const [first = 'nothing was wrong', ...more] = complaints(() => x(value)).map((line) =>
      line.replace('acme/main.yaml:', ''),
    );
    expect(first).toMatch(/^4:\d+: /);
    if (typeof wanted === 'string') expect(first.replace(/^4:\d+: /, '')).toBe(wanted);
    else expect(first).toMatch(wanted);
    expect(more).toEqual([]);
  });

  test.each<[string, string, readonly (string | RegExp)[]]>([
    ['an unknown member', 'stroy: x\n', [/^acme\/main.yaml:1:8: stroy is not known here; expected story, seed, /]],
    ['a story that is none', 'story: [1]\n', ['acme/main.yaml:1:8: expected a text. Received an array']],
    ['a seed that is none', 'seed: 1.5\n', ['acme/main.yaml:1:7: expected a whole number. Received 1.5']],
    ['a clock that is none', 'clock: noon\n', [/^acme\/main.yaml:1:8: expected a date-time with its zone/]],
    [
      'a scheme that is none',
      'credentials: { key: x }\n',
      [/^acme\/main.yaml:1:21: no operation asks for the security scheme key/],
    ],
    [
      'a generator that is none',
      'next: { ids: { nothing: 1 } }\n',
      [/^acme\/main.yaml:1:25: There is no collection nothing\. Known are customers, invoices, payments\.$/],
    ],
    ['records that are none', 'records: 5\n', ['acme/main.yaml:1:10: expected members with names. Received 5']],
    [
      'a collection that is none',
      'records: { nothing: [] }\n',
      ['acme/main.yaml:1:21: There is no collection nothing. Known are customers, invoices, payments.'],
    ],
    [
      'no list of records',
      'records: { payments: 5 }\n',
      ['acme/main.yaml:1:22: expected a list of records. Received 5'],
    ],
    ['a record that is none', 'records: { payments: [5] }\n', [/^acme\/main.yaml:1:23: .*must be object/]],
    ['faults that are no list', 'faults: { a: 1 }\n', ['acme/main.yaml:1:9: expected a list of rules']],
    ['a fault that is no rule', 'faults: [slow]\n', [/^acme\/main.yaml:1:10: .*must be object/]],
    [
      'an instruction that is none',
      'records: { payments: [{ id: 1, $rpeat: 5 }] }\n',
      ['acme/main.yaml:1:40: $rpeat: not known; a record itself may have $repeat, $name, $like, $remove'],
    ],
    [
      'an operator in the place of a record',
      'records: { payments: [{ $index: 5 }] }\n',
      [/^acme\/main.yaml:1:33: \$index: an operator stands in the place of a value/],
    ],
    [
      'a repetition that is none',
      'records: { payments: [{ $repeat: 1.5, id: 1 }] }\n',
      ['acme/main.yaml:1:34: expected a whole number from 0 to 1000000. Received 1.5'],
    ],
    [
      'a $like that is none',
      'records: { payments: [{ $like: a, id: 1 }] }\n',
      [/^acme\/main.yaml:1:32: \$like "a": no template of this collection has that \$name/],
    ],
    [
      'a $like in a circle',
      'records: { payments: [{ $name: a, $like: a, id: 1 }] }\n',
      [/\$like "a": it is like itself, in a circle/],
    ],
    [
      'a $remove of nothing',
      'records: { payments: [{ id: 1, $remove: true }] }\n',
      ['acme/main.yaml:1:23: nothing to remove: expected the id, or the $name, of a record that the scenario extends'],
    ],
    [
      'two records with one key',
      'records: { payments: [{ id: 1 }, { id: 1 }] }\n',
      ['acme/main.yaml:1:40: Another record of payments has the id 1.'],
    ],
    [
      'repetitions with one key',
      'records: { payments: [{ $repeat: 5, id: 1 }] }\n',
      ['acme/main.yaml:1:41: Another record of payments has the id 1. (and 3 more like it)'],
    ],
    [
      'a dangling reference',
      'records: { invoices: [{ id: 1, customerId: 5 }] }\n',
      ['acme/main.yaml:1:44: There is no record 5 in customers.'],
    ],
    [
      'dangling references of a template',
      'records: { invoices: [{ $repeat: 3, id: { $index: 1 }, customerId: { $index: 5 } }] }\n',
      ['acme/main.yaml:1:68: There is no record 5 in customers. (and 2 more like it)'],
    ],
    [
      'a computed record that breaks its schema',
      "records: { payments: [{ $repeat: 3, id: { $template: 'x' } }] }\n",
      [/^acme\/main.yaml:1:41: .*must be integer.* \(and 2 more like it\)$/],
    ],
    [
      'two things at once',
      'records: { customers: [{ id: a, name: 5 }] }\n',
      [/^acme\/main.yaml:1:30: .*integer/, /^acme\/main.yaml:1:39: .*string/],
    ],
    [
      'an extended scenario that is none',
      'extends: nothing\n',
      [
        /^acme\/main.yaml:1:10: there is no scenario "nothing" to extend; expected the name of a scenario of acme\. Known are main\./,
      ],
    ],
    ['a path in its place', 'extends: ../acme/main\n', [/there is no scenario "..\/acme\/main" to extend/]],
    [
      'itself',
      'extends: main\n',
      [/there is no scenario "main" to extend; expected .* of that name in another directory/],
    ],
    ['no YAML', 'story: "x\n', [/^acme\/main.yaml:\d+:\d+: /]],
  ])('%s', (_, text, wanted) => {
    const found = complaints(() => read(text));
    expect(found).toHaveLength(wanted.length);
    for (const [index, each] of wanted.entries()) {
      if (typeof each === 'string') expect(found[index]).toBe(each);
      else expect(found[index]).toMatch(each);
    }
  });

  test('a circle names every step, at the property where it closes', () => {
    const text = `
records:
  invoices:
    - { id: 1, total: { $less: [{ $same: open }, 1] }, open: { $sum: { of: payments, take: amount } } }
  payments:
    - id: 1
      amount: { $of: { from: invoices, key: 1, take: total } }
`;
    expect(complaints(() => read(text))).toEqual([
      'acme/main.yaml:4:23: a circle: invoices.total needs invoices.open needs payments.amount needs invoices.total; ' +
        'give one of them a value that needs none of the others',
    ]);
  });

  test('a chain that is too long is told, and one that is not is computed', () => {
    const chain = (length: number) => `
records:
  payments:
    - { $repeat: ${length}, id: { $index: 1 }, amount: { $plus: [1, { $of: { from: payments, key: { $index: 2 }, take: amount } }] } }
    - { id: ${length + 1}, amount: 0 }
`;
    expect(column(read(chain(390)), 'payments', 'amount')[0]).toBe('390');
    expect(complaints(() => read(chain(5000)))[0]).toMatch(
      /^acme\/main.yaml:4:\d+: more than 400 values need each other one after another; let later records need earlier ones/,
    );
  });

  test('each-once runs out', () => {
    const text =
      'records:\n  customers: [{ id: 1 }]\n  payments:\n    - { $repeat: 3, id: { $index: 1 }, x: { $pick: { from: customers, by: each-once } } }\n';
    expect(complaints(() => read(text))).toEqual([
      'acme/main.yaml:4:52: nothing left to pick: each such record of customers, 1 in all, is picked once; ' +
        'repeat less often, or pick otherwise (and 1 more like it)',
    ]);
  });

  test('scenarios that extend each other are a circle', () => {
    const files = { 'acme/main.yaml': 'extends: other\n', 'acme/other.yaml': 'story: x\nextends: [main]\n' };
    expect(complaints(() => load([directory(files)]))).toEqual([
      'acme/other.yaml:2:11: main extends other in a circle; take one of them out',
    ]);
  });

  test('a member stands where the file that said it says it', () => {
    const files = {
      'acme/base.yaml': 'records:\n  invoices: [{ id: 1, customerId: 5, total: 1 }]\n  customers: [{ id: 5 }]\n',
      'acme/main.yaml':
        'extends: base\nrecords:\n  invoices: [{ id: 1, total: x }, { id: 2, customerId: 6 }]\n  customers: [{ id: 5, $remove: true }]\n',
    };
    const removed =
      'acme/base.yaml:2:35: There is no record 5 in customers. It is removed at acme/main.yaml:4:15. (extended at acme/main.yaml:1:10)';
    expect(complaints(() => load([directory(files)]))).toEqual([
      removed,
      expect.stringMatching(/^acme\/main.yaml:3:30: .*must be number/),
      'acme/main.yaml:3:56: There is no record 6 in customers.',
    ]);
    const kept = { ...files, 'acme/main.yaml': files['acme/main.yaml'].replace('total: x', 'total: 2') };
    expect(complaints(() => load([directory(kept)]))).toEqual([
      removed,
      'acme/main.yaml:3:56: There is no record 6 in customers.',
    ]);
  });

  test('in a file for several apis too', () => {
    const part = 'apis:\n  acme:\n    records: { payments: [{ id: x }] }\n';
    expect(complaints(() => load([directory({ 'both.yaml': part })], 'both'))[0]).toMatch(/^both.yaml:3:33: .*integer/);
    const wrong = directory({ 'both.yaml': `records: {}\n${part}`, 'acme/main.yaml': 'story: x\n' });
    expect(complaints(() => load([wrong], 'main'))).toEqual([]);
    expect(complaints(() => load([wrong], 'both'))[0]).toMatch(
      /^both.yaml:1:10: records is not known in a scenario for several apis; expected story, seed, clock, apis/,
    );
  });

  test('there is no such scenario', () => {
    expect(complaints(() => load([directory({ 'acme/main.yaml': '' })], 'other'))[0]).toMatch(
      /there is no scenario other of acme. Known are main\./,
    );
  });

  test('a rule of faults is judged as over the control API, and is of the api', () => {
    const right = directory({ 'acme/main.yaml': 'faults:\n  - { fault: { loseReply: true } }\n' });
    expect(load([right]).faults).toEqual([{ api: 'acme', fault: { loseReply: true } }]);
    const wrong = directory({ 'acme/main.yaml': 'faults:\n  - { fault: { loseReply: soon } }\n' });
    expect(complaints(() => load([wrong]))[0]).toMatch(/^acme\/main.yaml:2:\d+: /);
  });
});
