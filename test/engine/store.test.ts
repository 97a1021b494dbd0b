/**
 * The store, held against a model that is nothing but an array.
 */
import { describe, expect, test } from 'vitest';
import type { Key } from '../../src/api.js';
import { deepFreeze } from '../../src/frozen.js';
import { parseInstant } from '../../src/instant.js';
import { type JsonObject, type JsonValue, parse, stringify } from '../../src/json.js';
import { realClock } from '../../src/store/clock.js';
import { BaseRecords, keyOf, Records } from '../../src/store/records.js';
import type { Scenario } from '../../src/store/scenario.js';
import { type ApiChanges, changesFromJson, changesToJson, WorkingCopy } from '../../src/store/transaction.js';
import { ApiState, Transaction, Workspace, World } from '../../src/store/workspace.js';
import { dice, runSeed } from './fixture.js';

const now = parseInstant('2025-11-03T19:49:47.759Z') ?? expect.fail();

interface Options {
  readonly records?: readonly JsonObject[];
  readonly nextIds?: Readonly<Record<string, number>>;
  readonly uuids?: readonly string[];
  readonly seed?: number;
}

/** A scenario with the collection `payments`, indexed by account and status, and an empty one of notes. */
function scenario(options: Options = {}): Scenario {
  const collections = new Map([
    ['payments', new BaseRecords('payments', 'id', ['account', 'status'], options.records ?? [])],
    ['notes', new BaseRecords('notes', 'name', [], [])],
  ]);
  return {
    api: 'acme',
    name: 'default',
    story: '',
    seed: options.seed ?? 1,
    clock: undefined,
    credentials: new Map(),
    settings: {},
    nextIds: new Map(Object.entries(options.nextIds ?? {})),
    uuids: options.uuids ?? [],
    faults: [],
    collections,
    fingerprint: 'f',
  };
}

/** The payments as the transaction sees them; `state` is typed by each api's handlers, which there are none of here. */
function paymentsOf(state: ApiState): WorkingCopy {
  return new WorkingCopy(() => state.records('payments'));
}

function commit(state: ApiState, payments: WorkingCopy): ApiChanges {
  const changes = { collections: new Map([['payments', payments.changes]]), nextIds: new Map(), uuids: state.uuids };
  state.apply(changes);
  return changes;
}

const record = (id: Key, account: Key | null = 1, status = 'open'): JsonObject => ({ id, account, status });
const ids = (records: readonly JsonObject[]) => records.map((each) => each.id);

/** What a step does to `payments`: `+3` inserts, `=3` replaces, `-3` removes, `!` commits, `?` throws all away. */
function play(steps: string, base: readonly JsonObject[]): { state: ApiState; payments: WorkingCopy } {
  const state = new ApiState(scenario({ records: base }));
  let payments = paymentsOf(state);
  for (const step of steps.split(' ').filter((each) => each !== '')) {
    const id = Number(step.slice(1));
    if (step === '!') commit(state, payments);
    if (step === '!' || step === '?') payments = paymentsOf(state);
    else if (step.startsWith('+')) payments.insert(record(id, 2, 'new'));
    else if (step.startsWith('=')) payments.replace(record(id, 3, 'changed'));
    else payments.remove(id);
  }
  return { state, payments };
}

describe('a working copy', () => {
  const base = [record(5), record(2), record(9, 7)];

  test.each<[string, string, readonly number[], readonly number[], readonly number[], readonly number[]]>([
    // what, steps, all, those of account 1, 2 and 3
    ['reads the scenario in its order', '', [5, 2, 9], [5, 2], [], []],
    ['sees what it wrote', '+3 =5 -2', [5, 9, 3], [], [3], [5]],
    ['keeps the order of insertion', '+8 +3 +4', [5, 2, 9, 8, 3, 4], [5, 2], [8, 3, 4], []],
    ['keeps it after a commit', '+8 ! +3 ! =8 !', [5, 2, 9, 8, 3], [5, 2], [3], [8]],
    ['a replaced record stays where it is', '=9 =5', [5, 2, 9], [2], [], [5, 9]],
    ['a new record may be replaced and removed', '+3 =3 +4 -3', [5, 2, 9, 4], [5, 2], [4], []],
    ['a record of the scenario comes back to its place', '-5 ! +5', [5, 2, 9], [2], [5], []],
    ['and in one go', '-5 +5', [5, 2, 9], [2], [5], []],
    ['a new record that comes back is inserted anew', '+3 +4 -3 +3', [5, 2, 9, 4, 3], [5, 2], [4, 3], []],
    ['across commits too', '+3 +4 ! -3 ! +3 !', [5, 2, 9, 4, 3], [5, 2], [4, 3], []],
    ['rolled back, nothing is left', '+3 =5 -2 ?', [5, 2, 9], [5, 2], [], []],
    ['rolled back, what was committed stays', '+3 ! =3 -5 +4 ?', [5, 2, 9, 3], [5, 2], [3], []],
    ['everything may go', '-5 -2 ! -9', [], [], [], []],
    ['and be new', '-5 -2 -9 ! +1 +2 !', [2, 1], [], [2, 1], []],
  ])('%s: %s', (_, steps, all, first, second, third) => {
    const { payments } = play(steps, base);
    expect(ids(payments.all())).toEqual(all);
    expect(payments.size).toBe(all.length);
    expect([1, 2, 3].map((account) => ids(payments.where('account', account)))).toEqual([first, second, third]);
    for (const id of [1, 2, 3, 4, 5, 8, 9]) {
      expect(payments.has(id)).toBe(all.includes(id));
      expect(payments.get(id)?.id).toBe(all.includes(id) ? id : undefined);
    }
  });

  test.each([
    ['inserts', '+5', 'payments already has a record 5.'],
    ['inserts', '+3 +3', 'payments already has a record 3.'],
    ['inserts', '+3 ! +3', 'payments already has a record 3.'],
    ['replaces', '=3', 'payments has no record 3 to replace.'],
    ['replaces', '-5 =5', 'payments has no record 5 to replace.'],
    ['removes', '-3', 'payments has no record 3 to remove.'],
    ['removes', '-5 ! -5', 'payments has no record 5 to remove.'],
    ['removes', '+3 -3 -3', 'payments has no record 3 to remove.'],
  ])('never %s what it cannot: %s', (_, steps, message) => {
    expect(() => play(steps, base)).toThrow(message);
  });

  test('what fails leaves what was written before as it was', () => {
    const { payments } = play('+3', base);
    expect(() => payments.insert(record(5))).toThrow();
    expect(() => payments.insert({ account: 1 })).toThrow(/id is its key/);
    expect(() => payments.replace({ id: null })).toThrow(/id is its key/);
    expect([...payments.changes.keys()]).toEqual([3]);
  });

  test('finds by the declared indexes only, and by the very value', () => {
    const { payments } = play('', [record(1, '1'), record(2, 1), record(3, null), record(4, 1, 'paid')]);
    expect(ids(payments.where('account', 1))).toEqual([2, 4]);
    expect(ids(payments.where('account', '1'))).toEqual([1]);
    expect(ids(payments.where('status', 'paid'))).toEqual([4]);
    expect([payments.first('account', 1)?.id, payments.last('account', 1)?.id]).toEqual([2, 4]);
    expect([payments.first('account', 9), payments.last('account', 9)]).toEqual([undefined, undefined]);
    expect(ids(payments.where('status', 'none'))).toEqual([]);
    expect(ids(payments.where('account', '__proto__'))).toEqual([]);
    expect(() => payments.where('amount', 1)).toThrow('payments has no index on amount');
  });

  test('a string and a number are different keys', () => {
    const { payments } = play('', [record(1), record('1'), record('__proto__')]);
    payments.remove(1);
    expect(ids(payments.all())).toEqual(['1', '__proto__']);
  });

  test('a stored record cannot be changed, however deep', () => {
    const { state, payments } = play('', []);
    const amounts: JsonValue[] = [{ value: 1 }];
    payments.insert({ id: 1, account: 1, nested: { amounts } });
    commit(state, payments);
    expect(() => amounts.push(2)).toThrow(TypeError);
    expect(Reflect.set(payments.get(1) ?? {}, 'account', 2)).toBe(false);
    expect(stringify(payments.get(1) ?? null)).toBe('{"id":1,"account":1,"nested":{"amounts":[{"value":1}]}}');
    expect(deepFreeze('text')).toBe('text');
  });

  test('two working copies see nothing of each other before a commit', () => {
    const state = new ApiState(scenario({ records: base }));
    const [left, right] = [paymentsOf(state), paymentsOf(state)];
    left.insert(record(3));
    left.remove(5);
    expect(ids(right.all())).toEqual([5, 2, 9]);
    commit(state, left);
    expect(ids(right.all())).toEqual([2, 9, 3]);
  });

  test('two workspaces of one scenario share its records and nothing else', () => {
    const shared = scenario({ records: base });
    const [left, right] = [new ApiState(shared), new ApiState(shared)];
    const payments = paymentsOf(left);
    payments.remove(5);
    payments.insert(record(3));
    commit(left, payments);
    expect(ids(paymentsOf(left).all())).toEqual([2, 9, 3]);
    expect(ids(paymentsOf(right).all())).toEqual([5, 2, 9]);
    expect(paymentsOf(left).get(9)).toBe(paymentsOf(right).get(9));
  });
});

test.each([
  [{ id: 1 }, 1],
  [{ id: 'a' }, 'a'],
  [{ id: 0 }, 0],
  [{ id: '' }, ''],
])('the key of %j is %j', (each, key) => {
  expect(keyOf(each, 'id')).toBe(key);
});

test.each([[{}], [{ id: null }], [{ id: true }], [{ id: [1] }], [{ id: parse('1.0') }]])('%j has no key', (each) => {
  expect(() => keyOf(each, 'id')).toThrow(/must be a string or a number/);
});

test('a scenario may have more records than a call has room for parameters', () => {
  const many = Array.from({ length: 200_000 }, (_, index) => record(index + 1));
  const base = new BaseRecords('payments', 'id', ['account'], many);
  expect(base.highest).toBe(200_000);
  expect(base.where('account', 1)).toHaveLength(200_000);
});

test('a state tells how many records it has, touched or not', () => {
  const state = new ApiState(scenario({ records: [record(1), record(2)] }));
  expect(['payments', 'notes'].map((name) => state.size(name))).toEqual([2, 0]);
  const payments = paymentsOf(state);
  payments.insert(record(3));
  payments.insert(record(4));
  payments.remove(1);
  commit(state, payments);
  expect(['payments', 'notes'].map((name) => state.size(name))).toEqual([3, 0]);
});

describe('held against an array', () => {
  /** The model: a record of the scenario has its place for good, any other is at the end when it is inserted. */
  class Model {
    constructor(
      readonly base: readonly Key[],
      public records: readonly JsonObject[],
    ) {}

    all(): readonly JsonObject[] {
      const place = (each: JsonObject) => {
        const at = this.base.indexOf(keyOf(each, 'id'));
        return at === -1 ? this.base.length : at;
      };
      return [...this.records].sort((left, right) => place(left) - place(right));
    }

    insert(each: JsonObject): void {
      this.records = [...this.records, each];
    }

    replace(each: JsonObject): void {
      this.records = this.records.map((old) => (old.id === each.id ? each : old));
    }

    remove(key: Key): void {
      this.records = this.records.filter((each) => each.id !== key);
    }
  }

  test.each([runSeed, runSeed + 1, runSeed + 2, runSeed + 3])('seed %i', (seed) => {
    const roll = dice(seed);
    const pick = <T>(values: readonly T[], otherwise: T): T => values[roll(values.length)] ?? otherwise;
    const keys: readonly Key[] = [...Array.from({ length: 12 }, (_, index) => index), ...'abcdef'];
    const make = (id: Key): JsonObject => ({
      id,
      account: pick<JsonValue>([1, 2, '1', null, 'x'], null),
      status: pick(['open', 'paid'], ''),
      amount: parse(`${roll(1_000)}.${roll(10)}0`),
    });
    const base = keys.filter(() => roll(2) === 0).map(make);
    const model = new Model(
      ids(base).filter(
        (id): id is Key => id !== undefined && id !== null && typeof id !== 'object' && typeof id !== 'boolean',
      ),
      base,
    );
    const shared = scenario({ records: base });
    let state = new ApiState(shared);
    let payments = paymentsOf(state);
    let committed = model.records;
    /** What this request removed of what an earlier one added; inserted again by the same request, it keeps its place. */
    let removedHere = new Set<Key>();

    for (let step = 0; step < 1_500; step++) {
      const key = pick(keys, 0);
      const held = payments.has(key);
      const dots = `seed ${seed}, step ${step}`;
      const choice = roll(12);
      if (choice < 4 && !held && !removedHere.has(key)) {
        const each = make(key);
        payments.insert(each);
        model.insert(each);
      } else if (choice < 6 && held) {
        const each = make(key);
        payments.replace(each);
        model.replace(each);
      } else if (choice < 9 && held) {
        payments.remove(key);
        model.remove(key);
        if (!model.base.includes(key) && committed.some((each) => each.id === key)) removedHere.add(key);
      } else if (choice === 9) {
        const changes = commit(state, payments);
        expect(changesFromJson(parse(stringify(changesToJson(changes)))), dots).toEqual(changes);
        payments = paymentsOf(state);
        committed = model.records;
        removedHere = new Set();
      } else if (choice === 10) {
        payments = paymentsOf(state);
        model.records = committed;
        removedHere = new Set();
      } else if (choice === 11 && roll(10) === 0) {
        // What is kept on disk, read again, is the same state.
        const kept = parse(
          stringify(changesToJson(state.changes() ?? { collections: new Map(), nextIds: new Map(), uuids: 0 })),
        );
        state = new ApiState(shared);
        state.apply(changesFromJson(kept));
        payments = paymentsOf(state);
        model.records = committed;
        removedHere = new Set();
      }
      const all = model.all();
      expect(payments.all(), dots).toEqual(all);
      expect(payments.size, dots).toBe(all.length);
      expect(payments.get(key), dots).toEqual(all.find((each) => each.id === key));
      for (const account of [1, 2, '1', 'x']) {
        expect(payments.where('account', account), dots).toEqual(all.filter((each) => each.account === account));
      }
      const paid = all.filter((each) => each.status === 'paid');
      expect(payments.where('status', 'paid'), dots).toEqual(paid);
      expect(payments.first('status', 'paid'), dots).toEqual(paid[0]);
      expect(payments.last('status', 'paid'), dots).toEqual(paid.at(-1));
      expect(state.records('payments').size, dots).toBe(committed.length);
    }
  });
});

describe('ids', () => {
  const begin = (state: ApiState, request = 1) => new Transaction(state, now, request);

  test.each<[string, Options, readonly number[]]>([
    ['begin with 1', {}, [1, 2, 3]],
    ['go on above the highest of the scenario', { records: [record(3), record(7), record('99')] }, [8, 9, 10]],
    ['are never below 1', { records: [record(-5)] }, [1, 2, 3]],
    ['begin where they are pinned', { records: [record(3)], nextIds: { payments: 100 } }, [100, 101, 102]],
    ['skip those that are taken', { records: [record(2), record(3)], nextIds: { payments: 1 } }, [1, 4, 5]],
    ['may be pinned below those of the scenario', { records: [record(30)], nextIds: { payments: 5 } }, [5, 6, 7]],
  ])('%s', (_, options, expected) => {
    const transaction = begin(new ApiState(scenario(options)));
    expect(expected.map(() => transaction.nextId('payments'))).toEqual(expected);
  });

  test('are taken for good by a commit, and by nothing else', () => {
    const state = new ApiState(scenario());
    begin(state).nextId('payments');
    const second = begin(state);
    expect(second.nextId('payments')).toBe(1);
    expect(second.commit()?.nextIds).toEqual(new Map([['payments', 2]]));
    expect(begin(state).nextId('payments')).toBe(2);
  });

  test('of a removed record are not given again', () => {
    const state = new ApiState(scenario({ records: [record(7)] }));
    const payments = paymentsOf(state);
    payments.remove(7);
    commit(state, payments);
    expect(begin(state).nextId('payments')).toBe(8);
  });

  test('of one collection are not those of another', () => {
    const transaction = begin(new ApiState(scenario({ nextIds: { payments: 50 } })));
    expect([transaction.nextId('payments'), transaction.nextId('notes'), transaction.nextId('payments')]).toEqual([
      50, 1, 51,
    ]);
  });

  test('there are none of a collection that the document does not declare', () => {
    expect(() => begin(new ApiState(scenario())).nextId('refunds')).toThrow('acme declares no collection refunds.');
  });
});

describe('uuids and chance', () => {
  const pinned = ['d2ae5304-2355-44eb-a328-272f02935f8b', '3fa85f64-5717-4562-b3fc-2c963f66afa6'];
  const v4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  const begin = (state: ApiState, request = 1) => new Transaction(state, now, request);

  test('pinned uuids come first, then made ones', () => {
    const transaction = begin(new ApiState(scenario({ uuids: pinned })));
    const made = Array.from({ length: 4 }, () => transaction.uuid());
    expect(made.slice(0, 2)).toEqual(pinned);
    expect(made.slice(2)).toEqual([expect.stringMatching(v4), expect.stringMatching(v4)]);
    expect(new Set(made).size).toBe(4);
  });

  test('a pinned uuid is used up by a commit, and by nothing else', () => {
    const state = new ApiState(scenario({ uuids: pinned }));
    begin(state).uuid();
    const transaction = begin(state);
    expect(transaction.uuid()).toBe(pinned[0]);
    expect(transaction.commit()?.uuids).toBe(1);
    expect(begin(state).uuid()).toBe(pinned[1]);
    expect(begin(state).commit()).toBeUndefined();
  });

  /** What a request sees of chance. */
  const draw = (seed: number, request: number) => {
    const transaction = begin(new ApiState(scenario({ seed })), request);
    return [
      transaction.uuid(),
      transaction.faker.person.fullName(),
      transaction.faker.number.int(),
      transaction.faker.date.recent().toISOString(),
      transaction.uuid(),
    ];
  };

  test('the same seed and request give the same values, dates included', () => {
    expect(draw(1, 1)).toEqual(draw(1, 1));
    expect(draw(7, 400)).toEqual(draw(7, 400));
    const [, , , date] = draw(1, 1);
    expect(date).toMatch(/^2025-11-0[23]T/);
  });

  test('another seed or another request gives others', () => {
    const drawn = [draw(1, 1), draw(1, 2), draw(2, 1), draw(2, 2)];
    for (const place of [0, 2, 4]) expect(new Set(drawn.map((values) => values[place])).size).toBe(4);
  });

  test('a request is not disturbed by the one before it', () => {
    const state = new ApiState(scenario());
    const alone = begin(state, 2).uuid();
    begin(state, 1).faker.person.fullName();
    expect(begin(state, 2).uuid()).toBe(alone);
  });
});

describe('a transaction', () => {
  test('commits all that it wrote, in every collection, at once', () => {
    const state = new ApiState(scenario({ records: [record(1)] }));
    const transaction = new Transaction(state, now, 1);
    expect(transaction.commit()).toBeUndefined();
    expect(Object.keys(transaction.state)).toEqual(['payments', 'notes']);
    const { payments, notes } = transaction.state;
    payments?.insert(record(transaction.nextId('payments')));
    payments?.remove(1);
    notes?.insert({ name: 'a' });
    expect(paymentsOf(state).size).toBe(1);
    expect(state.changes()).toBeUndefined();
    const changes = transaction.commit();
    expect(changes && changesToJson(changes)).toEqual({
      collections: {
        payments: [
          [2, record(2)],
          [1, null],
        ],
        notes: [['a', { name: 'a' }]],
      },
      nextIds: { payments: 3 },
      uuids: 0,
    });
    expect(ids(paymentsOf(state).all())).toEqual([2]);
    expect(state.changes()).toEqual(changes);
    expect(transaction.state.payments).toBe(payments);
  });

  test('that reads changes nothing', () => {
    const state = new ApiState(scenario({ records: [record(1)] }));
    const transaction = new Transaction(state, now, 1);
    expect(transaction.state.payments?.all()).toHaveLength(1);
    expect(transaction.changes()).toBeUndefined();
  });

  test('is numbered by its workspace, and has its clock', () => {
    const states = new Map([['acme', new ApiState(scenario())]]);
    const options = { credentials: new Map(), ttlSeconds: undefined };
    const real = () => ({ epochMilliseconds: 5, nanoseconds: 0 });
    const frozen = new Workspace('w', new World('default', states, { frozen: now }, undefined), options, real);
    const numbers = [1, 2].map(() => {
      frozen.count();
      // However often a transaction is begun for it, a request has one number.
      frozen.begin('acme');
      return frozen.begin('acme').uuid();
    });
    expect(frozen.world.requests).toBe(2);
    expect(numbers).toEqual([1, 2].map((request) => new Transaction(new ApiState(scenario()), now, request).uuid()));
    expect(frozen.now()).toBe(now);
    expect(() => frozen.begin('other')).toThrow('Workspace w has no state of other.');
    const running = new Workspace('w', new World('default', states, realClock, undefined), options, real);
    expect(running.begin('acme').now.epochMilliseconds).toBe(5);
  });
});

describe('changes as JSON', () => {
  const texts = [
    '{"collections":{},"nextIds":{},"uuids":0}',
    '{"collections":{"payments":[[1,{"id":1,"amount":125.50,"big":12345678901234567890,"whole":8.0}],["a",null],[2.5,{"id":2.5}]]},"nextIds":{"payments":7},"uuids":3}',
    '{"collections":{"payments":[["__proto__",{"id":"__proto__","__proto__":{"a":1e3}}]],"__proto__":[[1,null]]},"nextIds":{"__proto__":2},"uuids":0}',
    '{"collections":{"payments":[[1e+21,{"id":1e+21,"text":"\\ud800"}]]},"nextIds":{},"uuids":0}',
  ];
  test.each(texts)('come back, number text and all: %s', (text) => {
    expect(stringify(changesToJson(changesFromJson(parse(text))))).toBe(text);
  });

  test.each([
    'null',
    '[]',
    '1.0',
    '{}',
    '{"collections":[],"nextIds":1,"uuids":"2"}',
    '{"collections":null,"nextIds":{"payments":"7","notes":1.0},"uuids":1.0}',
  ])('of %s there are none', (text) => {
    expect(changesFromJson(parse(text))).toEqual({ collections: new Map(), nextIds: new Map(), uuids: 0 });
  });

  test('leave out what is no record', () => {
    const read = changesFromJson(parse('{"collections":{"p":[[1,{}],[2],[3,4],[null,{}],5,[1.0,{}],["x",null]]}}'));
    expect(read.collections).toEqual(
      new Map([
        [
          'p',
          new Map<Key, JsonObject | null>([
            [1, {}],
            ['x', null],
          ]),
        ],
      ]),
    );
    expect(changesFromJson(undefined).collections.size).toBe(0);
  });
});

test('records count what was added and taken away again as no change', () => {
  const records = new Records(new BaseRecords('payments', 'id', [], [record(1)]));
  records.apply(
    new Map([
      [2, record(2)],
      [3, record(3)],
    ]),
  );
  records.apply(
    new Map([
      [2, null],
      [1, null],
    ]),
  );
  expect([...records.changes()]).toEqual([
    [1, null],
    [3, record(3)],
  ]);
  expect([records.size, records.knows(1), records.knows(2), records.knows(3)]).toEqual([1, true, false, true]);
});

test('many records of one value are put in order once, and stay so', () => {
  const records = new Records(new BaseRecords('payments', 'id', ['account'], [{ id: 0, account: 'a' }]));
  const put = (id: number, account: string) => records.apply(new Map([[id, { id, account }]]));
  const inOrder = () => records.all().flatMap(({ id, account }) => (account === 'a' ? [id] : []));
  const held = () => records.candidates('account', 'a').filter((key) => records.get(key)?.account === 'a');
  for (let id = 1; id <= 20; id++) put(id, 'a');
  const order = records.candidates('account', 'a');
  put(21, 'a');
  put(22, 'b');
  put(5, 'a');
  expect(records.candidates('account', 'a')).toBe(order);
  const fork = records.fork();
  for (const [id, account] of [
    [7, 'b'],
    [23, 'a'],
    [7, 'a'],
    [0, 'b'],
    [22, 'a'],
    [0, 'a'],
  ] as const) {
    put(id, account);
    expect(held()).toEqual(inOrder());
  }
  records.apply(
    new Map([
      [9, null],
      [24, { id: 24, account: 'a' }],
    ]),
  );
  records.apply(new Map([[9, { id: 9, account: 'a' }]]));
  expect(held()).toEqual([
    ...Array.from({ length: 9 }, (_, id) => id),
    ...Array.from({ length: 15 }, (_, at) => at + 10),
    9,
  ]);
  expect(fork.candidates('account', 'a')).toEqual(Array.from({ length: 22 }, (_, id) => id));
});

test('a fork and what it was made of go on apart, whichever writes, and however often', () => {
  const records = new Records(new BaseRecords('payments', 'id', ['account'], [{ id: 1, account: 'a' }]));
  const put = (into: Records, id: number, account: string) => into.apply(new Map([[id, { id, account }]]));
  const held = (of: Records) => of.all().map(({ id, account }) => `${id}${account}`);
  put(records, 2, 'a');
  const first = records.fork();
  put(records, 3, 'a');
  put(records, 2, 'b');
  const second = records.fork();
  put(first, 4, 'c');
  put(first, 1, 'c');
  records.apply(new Map([[3, null]]));
  put(second, 5, 'd');
  expect(held(records)).toEqual(['1a', '2b']);
  expect(held(first)).toEqual(['1c', '2a', '4c']);
  expect(held(second)).toEqual(['1a', '2b', '3a', '5d']);
  expect([...first.candidates('account', 'a')]).toEqual([1, 2]);
  expect([...second.changes()].map(([key]) => key)).toEqual([2, 3, 5]);
  expect([records.isSame(first), first.isSame(second), second.isSame(second.fork())]).toEqual([false, false, true]);
});
