/**
 * What a run was given to authenticate with, out of all that it tells. Only what was given is hidden: what requests and
 * answers have of their own stays, so that a curl sends what was sent.
 */
import type { ApiDocument } from '../../document.js';
import { mask, SensitiveNames } from '../../journal/redaction.js';
import { credentialHeaders } from '../../security.js';
import type { Case, Exchange, Failure, WireRequest, WireResponse } from '../case.js';
import type { Judgement } from '../checks.js';
import type { Finding } from '../findings.js';
import { withVariables } from '../hidden-curl.js';
import type { Authority } from '../request.js';
import type { Outcome, RunResult } from '../run.js';

/** Names of headers that authenticate, beside those by which the journal hides. */
const authenticating = /(?:auth|jwt|session|session-?id|sid|signature)$/i;

/** What a client sends before its credential. */
const scheme = /^[A-Za-z][\w-]* +(?=\S)/;

/** Shorter values may stand anywhere by chance: they are hidden in their own header alone. */
const leastHidden = 4;

/** Shorter ones are hidden where they are words of their own, longer ones within others too. */
const leastWithin = 8;

/** So much of a value that was cut tells it. */
const leastBeginning = 6;

/** Hides what was given, wherever it stands. */
export class Given {
  /** Headers as they are sent: `x-key: abc`. */
  readonly #headers = new Set<string>();
  /** The longest first. */
  readonly #values: readonly string[];
  readonly #pattern: RegExp | undefined;

  constructor(document: ApiDocument, authorities: readonly Authority[]) {
    const names = new SensitiveNames(document);
    const isSecret = (name: string, value: string) =>
      names.parameter(name) || authenticating.test(name) || /^(?:basic|bearer|digest|negotiate|token) /i.test(value);
    const sent = authorities.flatMap(({ headers, credentials }) => [
      ...headers.filter(([name, value]) => isSecret(name, value)),
      ...credentialsSent(document, credentials),
    ]);
    for (const [name, value] of sent) this.#headers.add(lineOf(name, value));
    const values = [
      ...sent.map(([, value]) => value),
      ...authorities.flatMap(({ credentials }) => [...credentials.values()]),
    ];
    const forms = values.flatMap((value) => [value, ...partsOf(value)]).flatMap(writtenForms);
    this.#values = [...new Set(forms)]
      .filter(({ length }) => length >= leastHidden)
      .sort((one, other) => other.length - one.length);
    this.#pattern = patternOf(this.#values);
  }

  /** A text without what was given. */
  text(text: string): string {
    if (this.#pattern === undefined) return text;
    const shown = text.replace(this.#pattern, mask);
    return shown.includes('…') ? this.#withoutBeginnings(shown) : shown;
  }

  /** What a message quotes the beginning of, before its `…`. */
  #withoutBeginnings(text: string): string {
    const [first = '', ...rest] = text.split('…');
    return rest.reduce((before, after) => `${this.#withoutBeginning(before)}…${after}`, first);
  }

  #withoutBeginning(text: string): string {
    const [, quoted = '', end = ''] = /^(.*?)("?\n?)$/s.exec(text) ?? [];
    for (const value of this.#values) {
      for (let length = value.length - 1; length >= leastBeginning; length--) {
        if (quoted.endsWith(value.slice(0, length))) return `${quoted.slice(0, -length)}${mask('')}${end}`;
      }
    }
    return text;
  }

  /** The result of a run without what was given. */
  result(result: RunResult): RunResult {
    if (this.#headers.size === 0 && this.#pattern === undefined) return result;
    const { findings, outcomes, notes } = result;
    return {
      ...result,
      findings: findings.map((each) => this.#finding(each)),
      outcomes: outcomes.map((each) => this.#outcome(each)),
      notes: notes.map((each) => this.text(each)),
    };
  }

  #finding(finding: Finding): Finding {
    const { other } = finding;
    return {
      ...this.#failure(finding),
      request: this.#request(finding.request),
      ...this.#answer(finding),
      ...(other === undefined ? {} : { other: this.#answer(other) }),
    };
  }

  #answer({ response, curl }: Pick<Finding, 'response' | 'curl'>): Pick<Finding, 'response' | 'curl'> {
    return { response: response && this.#response(response), curl: this.#curl(curl) };
  }

  #outcome({ case: tried, answer, failures, ruled }: Outcome): Outcome {
    const shown =
      answer instanceof Error ? this.#error(answer) : { ...answer, headers: this.#answerHeaders(answer.headers) };
    return { case: this.#case(tried), answer: shown, ...this.judgement({ failures, ruled }) };
  }

  /** An exchange without what was given, nor the requests that led to it. */
  exchange({ case: tried, url, response, other }: Exchange): Exchange {
    return {
      case: this.#case(tried),
      url: this.text(url),
      response: response instanceof Error ? this.#error(response) : this.#response(response),
      ...(other === undefined ? {} : { other: this.exchange(other) }),
    };
  }

  /** A judgement without what was given. */
  judgement({ failures, ruled }: Judgement): Judgement {
    return { failures: failures.map((each) => this.#failure(each)), ruled };
  }

  #case(tried: Case): Case {
    return { ...tried, request: this.#request(tried.request) };
  }

  #error({ message }: Error): Error {
    return new Error(this.text(message));
  }

  #failure<Kind extends Failure | Finding>(failure: Kind): Kind {
    return { ...failure, message: this.text(failure.message), pointer: this.text(failure.pointer) };
  }

  #request(request: WireRequest): WireRequest {
    const { path, headers, body } = request;
    return {
      ...request,
      path: this.text(path),
      headers: headers.map(([name, value]) => [name, this.#header(name, value)] as const),
      ...(body === undefined ? {} : { body: this.text(body) }),
    };
  }

  #response(response: WireResponse): WireResponse {
    return { ...response, headers: this.#answerHeaders(response.headers), text: this.text(response.text) };
  }

  #answerHeaders(headers: WireResponse['headers']): WireResponse['headers'] {
    return new Map([...headers].map(([name, value]) => [name, this.text(value)] as const));
  }

  #header(name: string, value: string): string {
    return this.#headers.has(lineOf(name, value)) ? mask(value) : this.text(value);
  }

  #curl(curl: string): string {
    const shown = curl.replaceAll(/-H '([^':]+): ((?:[^']|'\\'')*)'/g, (line, name: string, quoted: string) => {
      const value = quoted.replaceAll("'\\''", "'");
      const hidden = this.#header(name, value);
      return hidden === value ? line : `-H '${name}: ${hidden.replaceAll("'", "'\\''")}'`;
    });
    return withVariables(this.text(shown));
  }
}

function lineOf(name: string, value: string): string {
  return `${name.toLowerCase()}: ${value}`;
}

/** The headers that credentials are sent in. */
function credentialsSent(
  { operations }: ApiDocument,
  credentials: Authority['credentials'],
): readonly (readonly [name: string, value: string])[] {
  const known = new Map([...credentials].map(([name, value]) => [name, [value]]));
  return operations.flatMap((operation) =>
    operation.security.flatMap((schemes) =>
      Object.entries(credentialHeaders({ ...operation, security: [schemes] }, known)),
    ),
  );
}

/** What of a header's value is a credential by itself: without its scheme, of Basic the user and the password, of a cookie its values. */
function partsOf(value: string): readonly string[] {
  const bare = value.replace(scheme, '');
  const pairs = value
    .split(/; */)
    .flatMap((pair) => (/^[\w.-]+=./.test(pair) ? [pair.slice(pair.indexOf('=') + 1)] : []));
  return [bare, ...pairs, ...(/^basic /i.test(value) ? usersOf(bare) : [])];
}

function usersOf(encoded: string): readonly string[] {
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  return [decoded, ...decoded.split(/:(.*)/s)];
}

/** A value as texts of other kinds have it: URLs and forms, JSON, a shell. */
function writtenForms(value: string): readonly string[] {
  const encoded = encodeURIComponent(value);
  return [
    value,
    encoded,
    encoded.replaceAll('%20', '+'),
    JSON.stringify(value).slice(1, -1),
    value.replaceAll("'", "'\\''"),
  ];
}

function patternOf(values: readonly string[]): RegExp | undefined {
  if (values.length === 0) return undefined;
  const alternatives = values.map((value) => {
    const escaped = value.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
    return value.length < leastWithin ? `(?<!\\w)${escaped}(?!\\w)` : escaped;
  });
  return new RegExp(alternatives.join('|'), 'g');
}
