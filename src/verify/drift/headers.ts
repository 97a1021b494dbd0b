/**
 * The comparison of two answers' headers.
 */
import { excerpt } from '../../excerpt.js';
import { parseInstant } from '../../instant.js';
import { essenceOf } from '../client.js';
import type { Compared, Difference, Excused, Knowledge, Pair } from './compare.js';
import { withoutServer } from './counterparts.js';
import { documentedHeaders, responsePointer } from './place.js';

/** Of one connection, or of how the body is sent over it (RFC 9110, 7.6.1): no part of the answer. */
const ofConnections = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'content-length',
]);

/** What HTTP itself defines as a time, or as a name of what is answered: the value is another at every server. */
const ofTimes = new Set(['date', 'age', 'expires', 'last-modified', 'etag']);

/** Compares the headers of two answers. */
export function compareHeaders(knowledge: Knowledge, pair: Pair): Compared {
  const { first, second, case: tried, baseUrls } = pair;
  const differences: Difference[] = [];
  const excused: Excused[] = [];
  const documented = documentedHeaders(knowledge.contract, tried, first);
  if (essenceOf(first) !== essenceOf(second)) {
    const has = [first, second].map(({ headers }) => headers.get('content-type') ?? 'no media type');
    differences.push({
      check: 'media_type_drift',
      pointers: ['', ''],
      has: [has[0] ?? '', has[1] ?? ''],
      documented: `${responsePointer(tried, first.status)}/content`,
      kind: [essenceOf(first), essenceOf(second)].join(' '),
      mayBeVolatile: false,
    });
  }
  for (const name of new Set([...first.headers.keys(), ...second.headers.keys()])) {
    if (ofConnections.has(name)) continue;
    const [left, right] = [first.headers.get(name), second.headers.get(name)];
    if (left === right || (name === 'content-type' && essenceOf(first) !== essenceOf(second))) continue;
    const known = documented.get(name);
    const difference: Difference = {
      check: 'header_drift',
      pointers: ['', ''],
      header: name,
      has: [left === undefined ? 'none' : excerpt(left), right === undefined ? 'none' : excerpt(right)],
      documented: known?.documented ?? '',
      kind: `${name} ${left === undefined} ${right === undefined}`,
      mayBeVolatile: left !== undefined && right !== undefined,
    };
    if (left === undefined || right === undefined) {
      differences.push(difference);
      continue;
    }
    const areTimes = [left, right].every((text) => parseInstant(text) !== undefined);
    if (ofTimes.has(name) || (known?.schema.format === 'date-time' && areTimes)) {
      excused.push({ what: 'stamps', pointer: name });
    } else if (
      known?.schema.format === 'uuid' ||
      knowledge.ids.areAlike(withoutServer(left, baseUrls[0]), withoutServer(right, baseUrls[1]))
    ) {
      excused.push({ what: 'ids', pointer: name });
    } else differences.push(difference);
  }
  return { differences, excused };
}
