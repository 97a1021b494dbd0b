/**
 * The ledger judged by a document of OpenAPI 3.1 that is split over files: what is found is what the 3.0 document finds.
 */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../../src/paths.js';
import { phases } from '../../src/verify/case.js';
import { type Defect, defects } from './ledger.js';
import { ledgerFindings } from './ledger-findings.js';

const document = join(root, 'test', 'verify', 'ledger-31', 'openapi.yaml');

/** The phases that send the same requests whatever chance says. */
const systematic = phases.filter((phase) => phase !== 'fuzz');

test('a server without a defect passes, random requests included; what is left out is noted', async () => {
  const notes: string[] = [];
  const found = await ledgerFindings(document, undefined, phases, notes);
  expect(found.map(({ check, message }) => `${check}: ${message}`)).toEqual([]);
  expect(notes).toEqual([
    'operation without operationId: it is called by its method and path (#/paths/~1payments/get)',
    'body of application/xml: no request with one is made (#/paths/~1payments/post/requestBody)',
  ]);
});

/** Every second, the first of each check, and each constraint that 3.1 says in other words. */
const others = /null|enum|unknown|fractions|page size|stores what|change is answered/;
const names = Object.keys(defects).filter((name): name is Defect => name in defects);
const sample = names.filter((name, index) => {
  const first = names.find((each) => defects[each] === defects[name]);
  return index % 2 === 0 || name === first || others.test(name);
});

describe('the same check tells of a defect', () => {
  test.each(sample)('%s', async (defect) => {
    const found = await ledgerFindings(document, defect, systematic);
    expect(found.map(({ check }) => check)).toContain(defects[defect]);
  });
});
