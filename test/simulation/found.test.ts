/**
 * That the simulation finds what it is for: each defect is planted in a handler or in the store, and found with a seed and a
 * step that lead to it again.
 */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../../src/paths.js';
import type { Sandbox } from '../../src/sandbox.js';
import { messageOf } from './life.js';
import { logisense } from './logisense.js';
import { midnight } from './midnight.js';
import { nuntiq } from './nuntiq.js';
import { simulate } from './simulate.js';
import type { Simulated } from './simulated.js';
import { staxbill } from './staxbill.js';
import type { Planted } from './subject.js';
import { upwell } from './upwell.js';

/** So many requests find each of them; more are not made. */
const operations = 2_000;

const patience = 120_000;

/** What the simulation says of a defect; it fails if it says nothing. */
async function said<Operation, State>(
  simulated: Simulated<Operation, State>,
  planted: Planted,
  seed = 1,
): Promise<string> {
  const wanted = { operations, seed, planted, shortenings: 20 };
  const error: unknown = await simulate(simulated, wanted).then(
    () => expect.fail('the defect was not found'),
    (reason) => reason,
  );
  return messageOf(error);
}

const handlers = (defect: string): Planted => ({ handlers: join(root, 'test/simulation/defects', defect) });

/** With a seed, a step and how to come there again. */
const told = (api: string, what: RegExp) =>
  new RegExp(
    `^${api}, seed \\d+: (?:after )?step \\d+.*: .*${what.source}[^]*SIMULATION_SEED=\\d+ SIMULATION_PATH=[\\d:]+ `,
  );

test(
  'the seed and the way that a failure prints lead to it again',
  async () => {
    const planted = handlers('keeps-good-half');
    const first = await said(upwell, planted);
    const { seed, path } = /SIMULATION_SEED=(?<seed>\d+) SIMULATION_PATH=(?<path>[\d:]+) /.exec(first)?.groups ?? {};
    const again = simulate(upwell, { operations, seed: Number(seed), path: path ?? '', planted, shortenings: 0 });
    const [reason = ''] = first.split('\n');
    await expect(again).rejects.toThrow(reason);
  },
  patience,
);

describe('defects of handlers', () => {
  test(
    'a delete that only hides',
    async () => {
      expect(await said(logisense, handlers('hides-deleted'))).toMatch(told('logisense', /payments/));
    },
    patience,
  );

  test(
    'a reversal that may exceed',
    async () => {
      expect(await said(logisense, handlers('exceeds-reversal'))).toMatch(
        told('logisense', /\/Payment\/Reverse: expected 400, received 200/),
      );
    },
    patience,
  );

  test(
    'a batch that keeps its good half',
    async () => {
      expect(await said(upwell, handlers('keeps-good-half'))).toMatch(told('upwell', /expected 400, received 200/));
    },
    patience,
  );

  test(
    'sums in binary floating point',
    async () => {
      expect(await said(staxbill, handlers('adds-in-floats'))).toMatch(
        told('staxbill', /outstandingBalance: expected [\d.]+, received \d+\.\d{10,}/),
      );
    },
    patience,
  );

  test(
    'an entry that is refused and stored in part',
    async () => {
      expect(await said(nuntiq, handlers('stores-without-lines'))).toMatch(told('nuntiq', /payments/));
    },
    patience,
  );

  test(
    'a refused payment that leaves something behind',
    async () => {
      expect(await said(midnight, handlers('leaves-a-head'))).toMatch(
        told('midnight', /payments: expected \d+ elements, received \d+/),
      );
    },
    patience,
  );

  test(
    'an answer that no replay gives again',
    async () => {
      expect(await said(upwell, handlers('draws-at-random'))).toMatch(
        told('upwell', /the journal, replayed is not the same/),
      );
    },
    patience,
  );
});

describe('defects of the store', () => {
  test(
    'a reset that forgets one record',
    async () => {
      const inSandbox = ({ workspaces }: Sandbox) => {
        const reset = workspaces.reset.bind(workspaces);
        workspaces.reset = (workspace) => {
          reset(workspace);
          const change = workspace.change('staxbill');
          change.collection('invoices').remove(503);
          change.commit();
        };
      };
      expect(await said(staxbill, { inSandbox })).toMatch(told('staxbill', /what was reset is not the same/));
    },
    patience,
  );

  test(
    'a fork that writes into its original',
    async () => {
      const inSandbox = ({ workspaces }: Sandbox) => {
        const [commit, create] = [workspaces.commit.bind(workspaces), workspaces.create.bind(workspaces)];
        const originals = new Map<string, string>();
        workspaces.create = (name, request) => {
          if ('workspace' in request.origin) originals.set(name, request.origin.workspace);
          return create(name, request);
        };
        workspaces.commit = (workspace, api, transaction) => {
          const changes = transaction.changes();
          commit(workspace, api, transaction);
          const original = workspaces.get(originals.get(workspace.name) ?? '');
          if (changes !== undefined) original?.apis.get(api)?.apply(changes);
        };
      };
      expect(await said(nuntiq, { inSandbox })).toMatch(
        told('nuntiq', /the workspace that was forked is not the same/),
      );
    },
    patience,
  );

  test(
    'a write that is answered and not kept',
    async () => {
      const inSandbox = ({ workspaces }: Sandbox) => {
        const commit = workspaces.commit.bind(workspaces);
        workspaces.commit = (workspace, api, transaction) => {
          if (workspace.world.requests % 5 > 0) commit(workspace, api, transaction);
          else transaction.commit();
        };
      };
      // A sandbox that keeps its state has every fifth seed.
      const message = await said(midnight, { inSandbox }, 10);
      expect(message).toMatch(told('midnight', /expected \d+ elements, received \d+/));
      expect(message).toMatch(/, (?:kill|restart): /);
    },
    patience,
  );
});
