/**
 * The judge is judged: a server without a defect passes, and each defect is told by the check that stands for it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../../src/paths.js';
import { checks, type Phase, phases } from '../../src/verify/case.js';
import { verify } from '../../src/verify/verify.js';
import { type Defect, defects, Ledger } from './ledger.js';

/** The phases that send the same requests whatever chance says. */
const systematic = phases.filter((phase) => phase !== 'fuzz');

const document = join(root, 'test', 'verify', 'ledger.yaml');

/** What is found wrong with the ledger. */
async function findings(defect: Defect | undefined, chosen: readonly Phase[] = systematic) {
  const ledger = new Ledger(defect);
  const url = await ledger.listen();
  try {
    const { report } = await verify({
      document,
      url,
      authority: { credentials: new Map([['key', 'ledger-key']]), headers: [] },
      phases: new Set(chosen),
      checks: new Set(checks),
      seed: 1,
      maxExamples: 100,
      maxMilliseconds: 60_000,
      workers: 4,
      timeoutMilliseconds: 10_000,
    });
    return report.findings;
  } finally {
    ledger.close();
  }
}

test('a server without a defect passes', async () => {
  expect((await findings(undefined)).map(({ check, message }) => `${check}: ${message}`)).toEqual([]);
});

describe('random requests', () => {
  test('find nothing on a server without a defect', async () => {
    expect((await findings(undefined, ['fuzz'])).map(({ message }) => message)).toEqual([]);
  });

  test.each(['500 on a wrong type', 'number as text', 'accepts unknown properties', 'refuses an enum value'] as const)(
    'find "%s", the same at every run',
    async (defect) => {
      const [first, again] = [await findings(defect, ['fuzz']), await findings(defect, ['fuzz'])];
      expect(first.map(({ check }) => check)).toContain(defects[defect]);
      const bodies = (found: typeof first) => found.map(({ check, request }) => [check, request.body]);
      expect(bodies(again)).toEqual(bodies(first));
    },
  );
});

describe('a defect is told', () => {
  const all = Object.keys(defects).filter((name): name is Defect => name in defects);
  const caught = new Map<Defect, string>();

  test.each(all)('%s', async (defect) => {
    const found = await findings(defect);
    const told = found.map(({ check }) => check);
    expect(told, found.map(({ message }) => message).join('\n')).toContain(defects[defect]);
    for (const each of found) expect(each.curl).toMatch(/^curl -i -X [A-Z]+ 'http/);
    const by = systematic.filter((phase) => found.some(({ cases }) => cases.some((id) => id.startsWith(phase))));
    caught.set(defect, by.join(', '));
  });

  // `npx vitest run test/verify -u` writes it anew.
  test('the table of defects in the documentation is fresh', async () => {
    const rows = all.map((defect) => {
      const { dredd, prism } = peers.told[defect] ?? { dredd: '', prism: '' };
      return `| ${defect} | \`${defects[defect]}\` | ${caught.get(defect)} | ${dredd || '–'} | ${prism || '–'} |`;
    });
    const totals = `| **${all.length} in all** | | **${caught.size}** | **${toldBy('dredd')}** | **${toldBy('prism')}** |`;
    const table = ['# Defects that the judge was shown', '', ...introduction, '', ...head, totals, ...rows, ''].join(
      '\n',
    );
    await expect(table).toMatchFileSnapshot('../../docs/judged-defects.md');
  });

  test('each was shown to the peers too: node scripts/judge-the-judges.mjs --write', () => {
    expect(Object.keys(peers.told)).toEqual(all);
    expect({ dredd: peers.dredd.version, prism: peers.prism.version }).toEqual({
      dredd: versions.dredd,
      prism: versions['@stoplight/prism-cli'],
    });
  });

  test('the totals on the page of contract testing are those of the table', () => {
    const page = readFileSync(join(root, 'docs', 'contract-testing.md'), 'utf8');
    const totals = `Of ${all.length} defects it tells ${caught.size}, Dredd ${toldBy('dredd')}, Prism's proxy ${toldBy('prism')}`;
    expect(page.replaceAll(/\s+/g, ' ')).toContain(totals);
  });
});

/** What the peers told of each defect: the parts of answers that they found fault with, empty if none. */
interface Peers {
  /** The day on which they were asked. */
  readonly on: string;
  readonly dredd: { readonly version: string; readonly transactions: number };
  readonly prism: { readonly version: string };
  readonly told: Readonly<Record<string, { readonly dredd: string; readonly prism: string }>>;
}
const peers: Peers = JSON.parse(readFileSync(join(import.meta.dirname, 'peers.json'), 'utf8'));
const { devDependencies: versions } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** How many defects a peer told. */
function toldBy(peer: 'dredd' | 'prism'): number {
  return Object.values(peers.told).filter((told) => told[peer] !== '').length;
}

const introduction = [
  'Generated by test/verify/defects.test.ts from a server that breaks its document in one way at a time (test/verify/ledger.ts). Without a defect it passes every check. The list is ours: it has what our judge looks for, and not what it would miss.',
  '',
  `Beside ours stands what two peers told of the same defects: [Dredd](https://dredd.org) ${peers.dredd.version} and the validation proxy of [Prism](https://github.com/stoplightio/prism) ${peers.prism.version}, by the part of an answer that they found fault with; – is nothing. Without a defect both find nothing. It was found on ${peers.on}, by hand: \`node scripts/judge-the-judges.mjs\` shows them the defects again, and fails if it finds something else.`,
  '',
  `- **Dredd** makes its own requests, one for each documented answer of each operation: ${peers.dredd.transactions}. It is helped: with the key, an example of every success, and a request for every refusal that one leads to (scripts/outside/ledger-hooks.cjs), each of which breaks one thing. What it tells of validation is told by these.`,
  '- **Prism** has no requests of its own. It is given all that `paydouble verify` sends and is answered, samples, accepted and refused requests, and sequences. It says of a wrong request that it is wrong, whether or not the server took it, and that is counted for no defect; an answer that it finds fault with is, warnings included. It judges each exchange alone, passes on no broken JSON, and knows no path and no method that is not documented.',
];
const head = ["| defect | told by | found in phase | Dredd | Prism's proxy |", '|---|---|---|---|---|'];
