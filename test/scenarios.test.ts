/**
 * Scenarios as their users meet them: `paydouble scenarios`, `--data`, and workspaces over HTTP.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { documentedApis } from '../src/document.js';
import { packagePlaces } from '../src/paths.js';
import { startSandbox } from '../src/sandbox.js';
import { readYaml } from '../src/yaml.js';
import { paydouble } from './command.js';
import { open, request, useSandbox } from './harness.js';

useSandbox();

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paydouble-scenarios-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Told {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Runs `paydouble scenarios` with these words. */
async function scenarios(...words: string[]): Promise<Told> {
  const { code, out, error } = await paydouble(['scenarios', ...words], folder);
  return { code, output: out, errors: error };
}

/** A file in the folder of this test run. */
async function write(path: string, text: string): Promise<string> {
  const file = join(folder, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

const [api = ''] = documentedApis();

describe('paydouble scenarios list', () => {
  test('has every scenario of every api, with its story', async () => {
    const { code, output } = await scenarios('list', '--json');
    const listed: { scenario: string; api: string; story: string }[] = JSON.parse(output);
    expect(code).toBe(0);
    for (const each of documentedApis()) {
      const names = listed.filter((entry) => entry.api === each).map(({ scenario }) => scenario);
      expect(names).toEqual(expect.arrayContaining(['declines', 'default', 'empty', 'large', 'month-end']));
    }
    expect(listed.filter(({ scenario }) => scenario === 'quarter-close').length).toBeGreaterThanOrEqual(3);
    expect(listed.filter(({ story }) => story === '')).toEqual([]);
  });

  test('of one api, as text', async () => {
    const { code, output } = await scenarios('list', '--api', api);
    expect(code).toBe(0);
    expect(output).toMatch(new RegExp(`^${api}/default\\n  \\S`, 'm'));
    expect(output).not.toContain(`${documentedApis()[1]}/default`);
  });
});

// It judges every shipped scenario too, 'large' of each API among them.
describe('paydouble scenarios check', { timeout: 60_000 }, () => {
  test('finds nothing wrong with what is shipped', async () => {
    const { code, output, errors } = await scenarios('check');
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(output).toMatch(/^\d+ checked, nothing is wrong\.$/m);
  });

  test('tells every error of a file as file:line:column, with exit code 1', async () => {
    const file = await write(`wrong/${api}/wrong.yaml`, 'seed: x\ncolour: red\n');
    const { code, errors } = await scenarios('check', file);
    expect(code).toBe(1);
    expect(errors.trim().split('\n')).toEqual([
      `wrong/${api}/wrong.yaml:1:7: expected a whole number. Received "x"`,
      expect.stringContaining(`wrong/${api}/wrong.yaml:2:9: colour is not known here; expected `),
    ]);
    const json = await scenarios('check', file, '--json');
    expect(JSON.parse(json.output)).toMatchObject({
      checked: 1,
      errors: [{ file: `wrong/${api}/wrong.yaml`, line: 1, column: 7 }, { line: 2 }],
    });
    expect(json.code).toBe(1);
  });

  test('checks all directories, and tells of each file', async () => {
    await write(`many/${api}/one.yaml`, 'seed: x\n');
    await write('many/several.yaml', `apis:\n  ${api}: { seed: y }\n  nobody: {}\n`);
    const { code, errors } = await scenarios('check', '--data', join(folder, 'many'));
    expect(code).toBe(1);
    expect(errors).toContain('one.yaml:1:7: expected a whole number');
    expect(errors).toContain('several.yaml:2:');
    expect(errors).toContain('several.yaml:3:11: there is no api nobody; known are ');
  });

  test('tells of folders that are no api, and of wrong files for several apis, which stop nothing else', async () => {
    await write('partly/nobody/one.yaml', 'story: One.\n');
    await write('partly/notes/one.txt', 'No scenario.\n');
    await write('partly/zip.yaml', 'story: x\n');
    await write('partly/torn.yaml', 'apis: {\n');
    await write(`partly/${api}/mine.yaml`, 'extends: empty\nstory: Mine.\n');
    const partly = ['--data', join(folder, 'partly')];
    const checked = await scenarios('check', ...partly);
    expect(checked.code).toBe(1);
    expect(checked.errors.trim().split('\n').sort()).toEqual([
      expect.stringMatching(new RegExp(`^partly/nobody: there is no api nobody, .*known are .*${api}`)),
      expect.stringMatching(/^partly\/torn\.yaml:2:1: /),
      'partly/zip.yaml:1:1: expected apis: what each of several apis begins with',
    ]);
    const listed = await scenarios('list', ...partly);
    expect(listed.code).toBe(1);
    expect(listed.output).toContain(`${api}/mine\n  Mine.\n`);
    expect(listed.errors.trim().split('\n').sort()).toEqual([
      expect.stringMatching(/^partly\/torn\.yaml:2:1: /),
      'partly/zip.yaml:1:1: expected apis: what each of several apis begins with',
    ]);
    expect(await scenarios('show', 'mine', '--api', api, ...partly)).toMatchObject({ code: 0, errors: '' });
    expect((await scenarios('show', 'zip', ...partly)).errors).toContain('partly/zip.yaml:1:1: expected apis');
    const sandbox = await startSandbox({ port: 0, log: false, data: [join(folder, 'partly')] });
    try {
      const make = (scenario: string) =>
        request(`${sandbox.url}/_sandbox/workspaces`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ scenario }),
        });
      expect((await make('mine')).status).toBe(201);
      const refused = await make('zip');
      expect([refused.status, refused.body.errors.map(({ message }: { message: string }) => message)]).toEqual([
        409,
        [expect.stringMatching(/zip\.yaml:1:1: expected apis/)],
      ]);
      expect((await make('zap')).status).toBe(404);
    } finally {
      await sandbox.close();
    }
  });

  test.each<[string, string, readonly (string | RegExp)[]]>([
    ['nothing', '', [/:1:1: nothing is said here; expected at least a story or records$/]],
    ['a setting that is none', 'settings: { zap: 1 }\n', [/:1:18: staxbill has no setting zap\. Known are .*uris/]],
    [
      'settings of other values',
      'settings: { repeatedTransaction: never, texts: { trigger: 1, word: x } }\n',
      [
        /:1:34: The setting repeatedTransaction: must be one of allow, refuse\. Received "never"\.$/,
        /:1:48: The setting texts: "word" is not documented\.$/,
        /:1:59: \/trigger: must be string\. Received 1\.$/,
      ],
    ],
    [
      'ids of no collection',
      'next: { ids: { payment: 4, payments: x } }\n',
      [
        /:1:25: There is no collection payment\. Known are .*payments/,
        /:1:38: expected a whole number\. Received "x"$/,
      ],
    ],
    [
      'ids and uuids that nothing may have',
      'next: { ids: { payments: 0, gateways: 2147483648 }, uuids: [932cea20-bdc9-44d8-a9ca-2bc8e6519c89, nonsense] }\n',
      [
        /:1:26: The next id of payments: must be >= 1\. Received 0\.$/,
        /:1:39: The next id of gateways: must be an integer between -2147483648 and 2147483647\. Received 2147483648\.$/,
        /:1:99: expected a UUID, such as .* Received "nonsense"$/,
      ],
    ],
    [
      'a record that lacks something',
      'records: { customers: [{ id: 1 }] }\nseed: x\n',
      [/:1:24: The record: currency is required\.$/, /:2:7: expected a whole number/],
    ],
  ])('%s is told at its place, in the order of the file', async (what, text, wanted) => {
    const file = await write(`places/staxbill/${what.replaceAll(' ', '-')}.yaml`, text);
    const { errors } = await scenarios('check', file);
    expect(errors.trim().split('\n')).toEqual(wanted.map((each) => expect.stringMatching(each)));
  });

  test('what a scenario makes wrong in one that it extends is told with where it does', async () => {
    await write(
      'extending/staxbill/base.yaml',
      'extends: empty\nrecords:\n  customers:\n    - { id: 1, currency: USD }\n    - { id: 2, currency: USD, parentCustomerId: 1 }\n',
    );
    const file = await write(
      'extending/staxbill/g.yaml',
      'story: G.\nextends: base\nrecords:\n  customers:\n    - { id: 1, $remove: true }\n    - { id: 3 }\n',
    );
    expect((await scenarios('check', file)).errors.trim().split('\n')).toEqual([
      expect.stringMatching(
        /base\.yaml:5:49: There is no record 1 in customers\. It is removed at .*g\.yaml:5:7\. \(extended at .*g\.yaml:2:10\)$/,
      ),
      expect.stringMatching(/g\.yaml:6:7: The record: currency is required\.$/),
    ]);
  });

  test('a file finds what it extends beside itself and in the package, wherever it lies', async () => {
    await write(`beside/${api}/base.yaml`, 'extends: default\nseed: 5\n');
    const file = await write(`beside/${api}/top.yaml`, 'extends: base\n');
    expect((await scenarios('check', file)).code).toBe(0);
    const loose = await write('loose.yaml', 'extends: default\n');
    expect((await scenarios('check', loose, '--api', api)).code).toBe(0);
    const { code, errors } = await scenarios('check', loose);
    expect(code).toBe(2);
    expect(errors).toContain('of which api is it?');
  });

  test('a default of one’s own extends the one of the package', async () => {
    const file = await write(`own/${api}/default.yaml`, 'extends: default\nseed: 5\n');
    expect(await scenarios('check', file)).toMatchObject({ code: 0, errors: '' });
    const shown = await scenarios('show', 'default', '--api', api, '--data', join(folder, 'own'));
    expect(shown.output).toContain('seed: 5\n');
  });

  test.each([
    [['check', 'nothing.yaml'], 2, /nothing\.yaml cannot be read: there is no such file\./],
    [['check', '.'], 2, /is a directory\. Check one file, or all that is in it with --data /],
    [['check', '--api', 'nobody'], 2, /There is no api nobody\. Known are /],
    [['check', '--data', '/no/such/directory'], 2, /Expected a directory that exists/],
    [['show', 'nothing'], 2, /There is no scenario nothing of .*\. Known are .*default/],
    [['show'], 2, /missing required argument/],
    [['nothing'], 2, /unknown command/],
  ])('%j is refused with exit code %i, and what was expected', async (words, expected, message) => {
    const { code, errors } = await scenarios(...words);
    expect(code).toBe(expected);
    expect(errors).toMatch(message);
  });
});

describe('paydouble scenarios show', () => {
  test('expands to a scenario that is the same, and literal', async () => {
    const first = await scenarios('show', 'month-end', '--api', api);
    expect(first.output).not.toMatch(/^\s*\$\w+:/m);
    const file = await write(`shown/${api}/month-end.yaml`, first.output);
    expect((await scenarios('check', file)).errors).toBe('');
    const again = await scenarios('show', 'month-end', '--api', api, '--data', join(folder, 'shown'));
    expect(again.output).toBe(first.output);
  });

  test('shows a scenario of several apis as one, as JSON too', async () => {
    const { output } = await scenarios('show', 'quarter-close', '--json');
    const shown: { apis: Record<string, { records: object }> } = JSON.parse(output);
    expect(Object.keys(shown.apis).length).toBeGreaterThanOrEqual(3);
    const file = await write('shown/quarter-close.yaml', (await scenarios('show', 'quarter-close')).output);
    expect((await scenarios('check', file)).errors).toBe('');
  });
});

describe('over HTTP', () => {
  test('ten thousand payments are paged', async () => {
    const client = await open('logisense', 'large');
    const last = await client.get('/Payment/Paged?pageNumber=500&pageSize=20');
    expect(last.status, last.text).toBe(200);
    expect(last.body.pagedResults.items.length).toBe(20);
    expect(last.body.pagedResults.totalCount).toBe(10_000);
  });

  test('one workspace has the same customers in several apis, at the same time', async () => {
    const client = await open('staxbill', 'quarter-close');
    const customers = await client.state('customers');
    expect(customers.map(({ companyName }) => companyName)).toContain('Harbor Foods');
    const answer = await client.post('/v1/GlobalPayments/ImportPayment', {
      customerId: 7002,
      amount: 100.0,
      globalPaymentsReferenceId: 'gp-bank-kestrel',
      globalPaymentsTransactionId: 'TRN_QC03',
      gatewayId: 31,
      autoAllocate: true,
    });
    expect(answer.status, answer.text).toBe(200);
    expect(JSON.stringify(answer.body)).toContain('2026-03-31T21:00:00');
  });

  test('month-end can be worked with: a declined card, a partly paid invoice', async () => {
    const client = await open('logisense', 'month-end');
    const { body } = await client.get('/Payment/Paged?pageSize=1');
    // All but the declined ones.
    expect(body.pagedResults.totalCount).toBe(350);
  });
});

describe('a directory of one’s own', () => {
  test('is looked at before the package’s', async () => {
    await write(`mine/${api}/mine.yaml`, 'extends: default\nstory: Mine.\n');
    await write(`mine/${api}/empty.yaml`, 'story: My empty one.\n');
    const sandbox = await startSandbox({ port: 0, log: false, data: [join(folder, 'mine')] });
    try {
      const { body } = await request(`${sandbox.url}/_sandbox/scenarios`);
      const story = (name: string) =>
        body
          .find(({ scenario }: { scenario: string }) => scenario === name)
          .apis.find((entry: { api: string }) => entry.api === api).story;
      expect([story('mine'), story('empty')]).toEqual(['Mine.', 'My empty one.']);
      expect(story('default')).not.toBe('');
    } finally {
      await sandbox.close();
    }
  });

  test('a scenario that is wrong is refused with every line of what is, and changes nothing', async () => {
    await write(`refused/${api}/wrong.yaml`, 'seed: x\nclock: noon\n');
    await write(`refused/${api}/torn.yaml`, 'story: "x\n');
    const sandbox = await startSandbox({ port: 0, log: false, data: [join(folder, 'refused')] });
    const workspaces = `${sandbox.url}/_sandbox/workspaces`;
    try {
      const answer = await request(workspaces, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'one', scenario: 'wrong' }),
      });
      expect(answer.status, answer.text).toBe(409);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      const messages = answer.body.errors.map(({ message }: { message: string }) => message);
      expect(messages).toEqual([
        expect.stringMatching(/wrong\.yaml:1:7: expected a whole number/),
        expect.stringMatching(/wrong\.yaml:2:8: expected a date-time/),
      ]);
      const { body } = await request(workspaces);
      expect(body.map(({ name }: { name: string }) => name)).toEqual(['default']);
      expect((await request(`${sandbox.url}/_sandbox/scenarios`)).text).toMatch(/Cannot be read: .*torn\.yaml:/);
    } finally {
      await sandbox.close();
    }
  });

  test('what is shipped names its schema relative to itself', () => {
    expect(readYaml(join(packagePlaces.data, api, 'default.yaml')).value).toMatchObject({ seed: 1 });
  });
});
