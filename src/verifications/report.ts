/**
 * A report as the control API gives it: bounded, since it is kept in memory and shown on a page.
 */
import type { components } from '../../specs/_sandbox/openapi.js';
import { type CoverageItem, coverageCounts } from '../verify/coverage.js';
import type { Finding } from '../verify/findings.js';
import type { RunReport } from '../verify/report/report.js';
import { cut } from '../verify/report/shown.js';

type Schemas = components['schemas'];

/** What findings take together as JSON, in characters. */
const mostOfAll = 4_194_304;

/** Of a body. */
const mostOfBody = 8_192;

/** The report of a run, without the findings that would be too much. */
export function describeReport({
  title,
  milliseconds,
  counts,
  notes,
  coverage,
  findings,
}: RunReport): Schemas['VerificationReport'] {
  const shown = fitting(findings.map(describeFinding));
  return {
    title,
    milliseconds: Math.round(milliseconds),
    counts: counts.map(({ name, judged, failed, ruled }) => ({ phase: name, requests: judged, failed, ruled })),
    notes: [...notes],
    coverage: { counts: [...coverageCounts(coverage)], operations: describeOperations(coverage) },
    findings: shown,
    findingsLeftOut: findings.length - shown.length,
  };
}

/** The first of them, as many as may be kept. */
function fitting(findings: readonly Schemas['VerificationFinding'][]): Schemas['VerificationFinding'][] {
  let size = 0;
  const tooMuch = findings.findIndex((finding) => {
    size += JSON.stringify(finding).length;
    return size > mostOfAll;
  });
  return tooMuch === -1 ? [...findings] : findings.slice(0, tooMuch);
}

function describeFinding(finding: Finding): Schemas['VerificationFinding'] {
  const { check, operationId, message, pointer, documented, count, cases, request, response, curl } = finding;
  const { method, path, headers, body } = request;
  return {
    check,
    ...(operationId === undefined ? {} : { operationId }),
    message,
    pointer,
    documented,
    count,
    cases: [...cases],
    request: {
      method,
      path: cut(path, mostOfBody),
      headers: describeHeaders(headers),
      ...(body === undefined ? {} : { body: cut(body, mostOfBody) }),
    },
    ...(response === undefined
      ? {}
      : {
          answer: {
            status: response.status,
            headers: describeHeaders(response.headers),
            body: cut(response.text, mostOfBody),
          },
        }),
    curl,
  };
}

function describeHeaders(headers: Iterable<readonly [string, string]>): Schemas['VerificationHeader'][] {
  return [...headers].map(([name, value]) => ({ name, value: cut(value, mostOfBody) }));
}

/** What of each operation was exercised, in short. */
function describeOperations(items: readonly CoverageItem[]): Schemas['VerificationReport']['coverage']['operations'] {
  return items
    .filter(({ kind }) => kind === 'operation')
    .map(({ operationId, name, phases }) => ({
      operationId,
      name,
      succeeded: phases.length > 0,
      responses: items
        .filter((item) => item.kind === 'response' && item.operationId === operationId)
        .map((item) => ({ name: item.name, seen: item.phases.length > 0 })),
    }));
}
