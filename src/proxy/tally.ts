/**
 * What a client and its server came to: defects, counts and coverage. It stays as small however long it runs.
 */
import { SensitiveNames } from '../journal/redaction.js';
import { reasonOf } from '../reason.js';
import type { Check, RequestCheck } from '../verify/case.js';
import type { VerifiedContract } from '../verify/contract.js';
import { type CoverageItem, documentedResponses, responseName } from '../verify/coverage.js';
import { type AnyFailure, type Finding, Findings, keyOf } from '../verify/findings.js';
import { withVariables } from '../verify/hidden-curl.js';
import { CaseFile } from '../verify/report/case-file.js';
import { noOperation, type Report, type ReportedTest, sideOf } from '../verify/report/report.js';
import { inOneLine } from '../verify/report/shown.js';
import { toCurl } from '../verify/request.js';
import type { Passage } from './forward.js';
import { headersOf, judgePassage, type Verdict } from './judge.js';
import { show } from './shown.js';

/** More defects are counted, not kept. */
const mostFindings = 500;

/** More reasons why something was not judged are one, and so are more remarks. */
const mostReasons = 50;

export interface TallyOptions {
  readonly contract: VerifiedContract;
  /** Where the server is. */
  readonly url: string;
  /** How long a body may be without its encoding. */
  readonly bodyBytes: number;
  /** Told each defect when it is found first, and whatever else a person should know at once. */
  readonly told: (line: string) => void;
  /** A file that gets a line of JSON for every exchange. Absent: none. */
  readonly cases?: string;
}

/** One side of the exchanges. */
interface Side {
  judged: number;
  failed: number;
}

export class Tally {
  readonly #findings = new Findings(mostFindings);
  readonly #request: Side = { judged: 0, failed: 0 };
  readonly #answer: Side = { judged: 0, failed: 0 };
  readonly #unjudged = new Map<string, number>();
  readonly #remarks = new Map<string, number>();
  readonly #reached = new Set<string>();
  /** How long the exchanges of each operation took, and which there were. */
  readonly #milliseconds = new Map<string, number>();
  readonly #names: SensitiveNames;
  readonly #startedAt = new Date();
  readonly #began = performance.now();
  readonly #underWay = new Set<Promise<void>>();
  readonly #cases: CaseFile | undefined;
  #exchanges = 0;

  /** @throws {CannotVerify} if the file for the cases cannot be written */
  constructor(private readonly options: TallyOptions) {
    this.#names = new SensitiveNames(options.contract.document);
    this.#cases = options.cases === undefined ? undefined : new CaseFile(options.cases, options.told);
  }

  /** Judges an exchange, and lets go of it. */
  add(passage: Passage): void {
    const judged = this.#judge(passage).finally(() => this.#underWay.delete(judged));
    this.#underWay.add(judged);
  }

  /** Counts what was not judged. */
  leave(reason: string): void {
    countWord(this.#unjudged, reason, 'other reasons');
  }

  /** What it all came to, when everything that was added is judged. */
  async report(): Promise<Report> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
    this.#cases?.close();
    const { contract, url } = this.options;
    const findings = this.#findings.all();
    return {
      tool: 'paydouble proxy',
      title: contract.document.title,
      url,
      startedAt: this.#startedAt,
      milliseconds: performance.now() - this.#began,
      findings,
      counts: [
        { name: 'requests', ...this.#request, ruled: 0 },
        { name: 'answers', ...this.#answer, ruled: 0 },
      ],
      notes: this.#notes(),
      coverage: this.#coverage(),
      tests: this.#tests(findings),
    };
  }

  async #judge(passage: Passage): Promise<void> {
    const { contract, bodyBytes } = this.options;
    this.#exchanges++;
    try {
      this.#note(passage, await judgePassage(contract, passage, bodyBytes));
    } catch (error) {
      // Whatever passes may be meant to break what judges it; what passes must not stop.
      this.leave(`an exchange: judging it failed, ${reasonOf(error)}`);
    } finally {
      passage.request.body.release();
      passage.answer?.body.release();
    }
  }

  #note(passage: Passage, verdict: Verdict): void {
    const { operation, unjudged } = verdict;
    const id = `exchange ${passage.number}`;
    for (const reason of unjudged) this.leave(reason);
    const isSeen = operation !== undefined || verdict.request.length > 0;
    if (isSeen) count(this.#request, verdict.request);
    if ((isSeen && passage.answer !== undefined) || verdict.answer.length > 0) count(this.#answer, verdict.answer);
    if (isSeen) {
      const name = operation?.operationId ?? noOperation;
      this.#milliseconds.set(name, (this.#milliseconds.get(name) ?? 0) + passage.milliseconds);
    }
    this.#reach(passage, verdict);
    const failures: readonly AnyFailure[] = [...verdict.request, ...verdict.answer];
    if (failures.length + verdict.remarks.length === 0 && this.#cases === undefined) return;
    let shown: ReturnType<typeof show> | undefined;
    const showing = () => {
      shown ??= show(this.#names, passage, verdict);
      return shown;
    };
    for (const words of verdict.remarks) {
      const remark = showing().remark(words);
      const isFirst = countWord(this.#remarks, remark, 'Others are not documented either.');
      if (isFirst) this.options.told(inOneLine(`note: ${remark}`));
    }
    for (const failure of failures) {
      const finding = this.#findings.note(keyOf(operation, failure, ''), id, () => {
        const { request, response, failure: word } = showing();
        const curl = withVariables(toCurl(`${this.options.url}${request.path}`, request));
        return { ...word(failure), operationId: operation?.operationId, request, response, curl };
      });
      if (finding !== undefined) this.options.told(lineOf(finding));
    }
    if (this.#cases !== undefined) this.#keep(id, passage, verdict, showing(), this.#cases);
  }

  #reach({ answer }: Passage, { operation }: Verdict): void {
    if (operation === undefined || answer === undefined) return;
    // As `verify` counts it: what was only refused was not exercised. To a client, "not modified" is a success.
    if (answer.status < 300 || answer.status === 304)
      this.#reached.add(coverageKey(operation.operationId, 'operation', ''));
    const name = responseName(operation, { status: answer.status, headers: headersOf(answer) });
    // Others are no part of the document, and as many as a server likes.
    if (!documentedResponses(operation).includes(name)) return;
    this.#reached.add(coverageKey(operation.operationId, 'response', name));
  }

  #coverage(): readonly CoverageItem[] {
    return this.options.contract.document.operations.flatMap((operation) => {
      const { operationId, method, path } = operation;
      const item = (kind: 'operation' | 'response', name: string, key: string): CoverageItem => {
        const isReached = this.#reached.has(coverageKey(operationId, kind, key));
        return { operationId, kind, name, phases: isReached ? ['client'] : [] };
      };
      const responses = documentedResponses(operation).map((name) => item('response', name, name));
      return [item('operation', `${method} ${path}`, ''), ...responses];
    });
  }

  /** For each operation that was asked for, whether its requests held, and whether its answers did. */
  #tests(findings: readonly Finding[]): readonly ReportedTest[] {
    return [...this.#milliseconds].flatMap(([operation, milliseconds]) => {
      const own = findings.filter(({ operationId = noOperation }) => operationId === operation);
      return (['request', 'answer'] as const).map((side): ReportedTest => {
        const failures = own.filter((finding) => sideOf(finding) === side);
        const took = side === 'answer' ? milliseconds : 0;
        return { suite: ['proxy', operation], name: `${operation} ${side}s`, milliseconds: took, failures };
      });
    });
  }

  #notes(): readonly string[] {
    const left = [...this.#unjudged].map(([reason, times]) => `${times} × ${reason}`);
    const { more } = this.#findings;
    return [
      ...this.options.contract.document.notes,
      ...(this.#exchanges === 0
        ? [
            "No request came. The client gets the proxy's URL in place of the server's; a command finds it in PAYDOUBLE_PROXY_URL.",
          ]
        : []),
      ...[...this.#remarks].map(([remark, times]) => `${times} × ${remark}`),
      ...(left.length === 0 ? [] : [`Not judged: ${left.join('; ')}.`]),
      ...(more === 0 ? [] : [`${more} more failures are of defects beyond the first ${mostFindings}.`]),
    ];
  }

  #keep(id: string, passage: Passage, verdict: Verdict, shown: ReturnType<typeof show>, file: CaseFile): void {
    const { request, response, failure } = shown;
    const failures = [...verdict.request, ...verdict.answer].map(failure);
    const answer = response && {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      text: response.text,
    };
    file.write({
      id,
      operationId: verdict.operation?.operationId,
      url: `${this.options.url}${request.path}`,
      request,
      answer: answer ?? { error: passage.trouble?.message },
      failures,
      unjudged: verdict.unjudged,
      milliseconds: Math.round(passage.milliseconds),
    });
  }
}

function count(side: Side, failures: readonly AnyFailure[]): void {
  side.judged++;
  if (failures.length > 0) side.failed++;
}

/** Counts a word among those that were met; `rest` stands for all beyond the first few. Whether it was met first. */
function countWord(words: Map<string, number>, word: string, rest: string): boolean {
  const known = words.has(word) || words.size < mostReasons ? word : rest;
  const times = words.get(known) ?? 0;
  words.set(known, times + 1);
  return times === 0;
}

function coverageKey(...parts: readonly string[]): string {
  return parts.join('\n');
}

/** `request of createPayment: request_body_conformance: /amount: must be number. Received "x".` */
function lineOf(finding: Finding): string {
  const { operationId, check, message } = finding;
  const kind: Check | RequestCheck = check;
  const side = operationId === undefined ? sideOf(finding) : `${sideOf(finding)} of ${operationId}`;
  return inOneLine(`${side}: ${kind}: ${message.replaceAll(/\s+/g, ' ')}`);
}
