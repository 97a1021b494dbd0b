/**
 * Cases of one operation and phase, each with an id of its own.
 */

import type { Operation } from '../../document.js';
import { canStandInHeader } from '../../header-text.js';
import { escapePointer } from '../../json-pointer.js';
import { pathAndQuery } from '../../path-and-query.js';
import type { Case, Expectation, Phase, Subject, WireRequest } from '../case.js';
import type { Site } from '../sites.js';

/** Gathers cases. */
export class CaseList {
  readonly cases: Case[] = [];
  readonly #ids = new Map<string, number>();

  constructor(
    private readonly phase: Phase,
    private readonly operation: Operation | undefined,
  ) {}

  add(subject: Subject, request: WireRequest, expectation: Expectation, scenario?: string): void {
    if (!request.headers.every(([, value]) => canStandInHeader(value))) return;
    // In a query may stand a credential, and an id is the same whoever runs it.
    const [path] = pathAndQuery(request.path);
    const name = this.operation?.operationId ?? `${request.method} ${path}`;
    const stem = `${this.phase}/${name}/${subject.in}${subject.pointer}/${subject.constraint}`;
    const count = (this.#ids.get(stem) ?? 0) + 1;
    this.#ids.set(stem, count);
    const id = count === 1 ? stem : `${stem}-${count}`;
    const { phase, operation } = this;
    this.cases.push({ id, phase, operation, subject, request, expectation, ...(scenario ? { scenario } : {}) });
  }
}

/** What a case about a place is about. */
export function subjectAt({ tokens: [place = '', ...rest], placed }: Site, constraint: string): Subject {
  const pointer = rest.map((token) => `/${escapePointer(String(token))}`).join('');
  const keyword = constraint in placed.schema ? `${placed.documented}/${constraint}` : placed.documented;
  return { in: String(place), pointer, constraint, documented: keyword };
}
