/**
 * A server that keeps test/verify/ledger.yaml to the letter, and, told so, breaks it in one way that has a name. It shares no
 * code with the engine: what judges servers is judged by one that was not written with it.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The ways in which it can be wrong, each with the check that must tell. */
export const defects = {
  'wrong status on creation': 'status_code_conformance',
  'wrong status on deletion': 'status_code_conformance',
  'undocumented refusal status': 'status_code_conformance',
  'missing field': 'response_schema_conformance',
  'extra field where forbidden': 'response_schema_conformance',
  'number as text': 'response_schema_conformance',
  'null where not nullable': 'response_schema_conformance',
  'bad date': 'response_schema_conformance',
  'enum in another case': 'response_schema_conformance',
  'list as object': 'response_schema_conformance',
  'broken JSON': 'response_schema_conformance',
  'refusal in another form': 'response_schema_conformance',
  'missing header': 'response_headers_conformance',
  'header of a wrong type': 'response_headers_conformance',
  'missing Allow': 'response_headers_conformance',
  'wrong content type': 'content_type_conformance',
  'HTML refusals': 'content_type_conformance',
  'accepts missing required': 'negative_data_rejection',
  'accepts null': 'negative_data_rejection',
  'accepts wrong type': 'negative_data_rejection',
  'accepts numbers as text': 'negative_data_rejection',
  'accepts too long': 'negative_data_rejection',
  'accepts too short': 'negative_data_rejection',
  'accepts wrong enum': 'negative_data_rejection',
  'accepts wrong pattern': 'negative_data_rejection',
  'accepts wrong date': 'negative_data_rejection',
  'accepts below minimum': 'negative_data_rejection',
  'accepts above maximum': 'negative_data_rejection',
  'accepts fractions': 'negative_data_rejection',
  'accepts too many items': 'negative_data_rejection',
  'accepts no items': 'negative_data_rejection',
  'accepts repeated items': 'negative_data_rejection',
  'accepts unknown properties': 'negative_data_rejection',
  'accepts malformed JSON': 'negative_data_rejection',
  'accepts any media type': 'negative_data_rejection',
  'accepts a bad page size': 'negative_data_rejection',
  'refuses a bad field as a conflict': 'negative_data_rejection',
  'refuses for another reason': 'negative_data_rejection',
  'accepts a missing header': 'missing_required_header',
  'accepts no auth': 'ignored_auth',
  'accepts wrong auth': 'ignored_auth',
  'answers any method': 'unsupported_method',
  'refuses the longest text': 'positive_data_acceptance',
  'refuses null': 'positive_data_acceptance',
  'refuses an enum value': 'positive_data_acceptance',
  'refuses the largest amount': 'positive_data_acceptance',
  'refuses the largest page': 'positive_data_acceptance',
  'demands what is optional': 'positive_data_acceptance',
  '500 on a long text': 'not_a_server_error',
  '500 on a wrong type': 'not_a_server_error',
  '500 on no body': 'not_a_server_error',
  'hangs up on malformed JSON': 'answer_arrives',
  'what was made cannot be read': 'ensure_resource_availability',
  'what was made is not listed': 'ensure_resource_availability',
  'reads what was deleted': 'use_after_free',
  'deletes twice': 'use_after_free',
  'lists what was deleted': 'use_after_free',
  'a link leads to nothing': 'ensure_resource_availability',
  'a linked answer keeps what was deleted': 'use_after_free',
  'cuts texts': 'stored_as_sent',
  'drops the last zero of a decimal text': 'stored_as_sent',
  'shows another value in the list': 'stored_as_sent',
  'rounds amounts': 'stored_as_sent',
  'makes two': 'stored_as_sent',
  'change is answered and not stored': 'update_is_stored',
  'a change overwrites what it does not mention': 'lost_update',
  'If-Match is ignored': 'lost_update',
  'the last ETag but one is accepted': 'lost_update',
  'a stale change is refused and carried out': 'lost_update',
  'ETag stays the same': 'lost_update',
  'changes its neighbour too': 'others_are_untouched',
  'deletes its neighbour too': 'others_are_untouched',
  'pages repeat': 'list_is_complete',
  'pages skip': 'list_is_complete',
  'loses the end of a full last page': 'list_is_complete',
  'loses the end of a last page that is not full': 'list_is_complete',
  'total is wrong': 'list_is_complete',
  'total counts what was deleted': 'list_is_complete',
  'page size is ignored': 'page_size_is_kept',
  'filter is ignored': 'filter_is_applied',
  'a second filter is ignored': 'filter_is_applied',
  'filters know nothing new': 'filter_is_applied',
  'sort is ignored': 'sort_is_applied',
  'sorts numbers as text': 'sort_is_applied',
  'a replay makes another': 'replay_replays',
  'a replay with another body makes another': 'replay_replays',
  'a replay with another body changes the first': 'replay_replays',
  'two replays at once make two': 'replay_replays',
  'HEAD differs from GET': 'head_matches_get',
  'stores what it refuses': 'refusal_changes_nothing',
} as const;
export type Defect = keyof typeof defects;

interface Payment {
  paymentId: number;
  amount: number;
  currency: string;
  status: string;
  note: string | null;
  createdAt: string;
  [more: string]: unknown;
}

/** An answer before it is written. */
interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

const key = 'ledger-key';

/** The ledger. */
export class Ledger {
  readonly #server: Server;
  readonly #payments = new Map<number, Payment>();
  readonly #gone = new Map<number, Payment>();
  readonly #replays = new Map<string, Payment>();
  readonly #sent = new Map<string, string>();
  readonly #versions = new Map<number, number>();
  readonly #refunds = new Map<number, { refundId: number; paymentId: number; amount: unknown }>();
  #next: number;
  #nextRefund: number;
  /** A creation that waits for another one. */
  #waiting: (() => void) | undefined;
  #racing = false;

  constructor(
    private readonly defect: Defect | undefined,
    /** The id of its first payment, and when everything in it is made. */
    private readonly beginning: { readonly id: number; readonly at: string } = { id: 1, at: '2026-01-15T12:00:00Z' },
  ) {
    this.#next = beginning.id;
    this.#nextRefund = beginning.id + 1;
    for (const currency of ['EUR', 'USD', 'EUR']) this.#store({ amount: 20, currency });
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const answer = () => this.#write(response, this.#answer(request, Buffer.concat(chunks).toString()));
        const races = this.#is('two replays at once make two') && request.headers['idempotency-key'] !== undefined;
        if (races) this.#race(answer);
        else answer();
      });
    });
    // No list shows it: what knows the document alone asks for this one.
    this.#refunds.set(1, { refundId: 1, paymentId: beginning.id, amount: 1 });
  }

  /** Two creations that come at once look for earlier ones before either is stored. */
  #race(answer: () => void): void {
    const other = this.#waiting;
    this.#waiting = undefined;
    if (other === undefined) {
      this.#waiting = answer;
      setTimeout(() => {
        if (this.#waiting !== answer) return;
        this.#waiting = undefined;
        answer();
      }, 300);
      return;
    }
    this.#racing = true;
    other();
    answer();
    this.#racing = false;
  }

  /** Where it listens. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const address = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${address.port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Whether a payment is none of the three that there were. */
  #isNew(paymentId: number): boolean {
    return paymentId >= this.beginning.id + 3;
  }

  #is(defect: Defect): boolean {
    return this.defect === defect;
  }

  #write(response: ServerResponse, { status, body, headers = {} }: Answer): void {
    if (status === 0) {
      response.destroy();
      return;
    }
    const html = this.#is('HTML refusals') && status >= 400;
    const type = html
      ? 'text/html'
      : this.#is('wrong content type') && status === 200
        ? 'text/plain'
        : 'application/json';
    const text = body === undefined ? '' : html ? '<h1>Refused</h1>' : JSON.stringify(body);
    const broken = this.#is('broken JSON') && status === 200 ? text.slice(0, -1) : text;
    response.writeHead(status, { ...(text === '' ? {} : { 'Content-Type': type }), ...headers });
    response.end(broken);
  }

  #answer(request: IncomingMessage, text: string): Answer {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const method = request.method ?? 'GET';
    const [, collection, id, ...rest] = url.pathname.split('/');
    const methods = methodsAt([collection ?? '', ...(id === undefined ? [] : ['']), ...rest].join('/'));
    if (methods === undefined) return refusal(404, 'There is no such path.');
    if (!methods.includes(method)) {
      if (this.#is('answers any method')) return { status: 200, body: {} };
      return {
        ...refusal(405, 'No such method.'),
        headers: this.#is('missing Allow') ? {} : { Allow: methods.join(', ') },
      };
    }
    const sent = request.headers['x-key'];
    const known = sent === key || (this.#is('accepts no auth') && sent === undefined) || this.#is('accepts wrong auth');
    if (!known && !(this.#is('accepts wrong auth') && sent === undefined)) return refusal(401, 'Who are you?');
    if (id === undefined) return method === 'GET' ? this.#list(url.searchParams) : this.#create(request, text);
    if (collection === 'refunds') return this.#refund(method, id, rest.length > 0);
    if (rest.length > 0) return this.#createRefund(id, request, text);
    return this.#one(method, id, request, text);
  }

  #createRefund(id: string, request: IncomingMessage, text: string): Answer {
    if (!/^[1-9]\d*$/.test(id)) return refusal(400, 'paymentId');
    const paymentId = Number(id);
    if (!this.#payments.has(paymentId)) return refusal(404, 'There is no such payment.');
    const body = this.#body(request, text);
    if ('status' in body) return body;
    if (!isRecord(body.value)) return this.#invalid('The body');
    const { amount, ...others } = body.value;
    if (amount === undefined && !this.#is('accepts missing required')) return this.#invalid('amount');
    if (amount !== undefined && !this.#amountIsRight(amount)) return this.#invalid('amount');
    if (Object.keys(others).length > 0 && !this.#is('accepts unknown properties')) return this.#invalid('unknown');
    const refund = { refundId: this.#nextRefund++, paymentId, amount };
    this.#refunds.set(refund.refundId, refund);
    return { status: 201, body: refund };
  }

  #refund(method: string, id: string, receipt: boolean): Answer {
    if (!/^[1-9]\d*$/.test(id)) return refusal(400, 'refundId');
    const refundId = Number(id);
    const kept = receipt && this.#is('a linked answer keeps what was deleted') && refundId < this.#nextRefund;
    const refund = this.#refunds.get(refundId) ?? (kept ? { refundId, paymentId: 1, amount: 1 } : undefined);
    if (refund === undefined) return refusal(404, 'There is no such refund.');
    if (method === 'DELETE') {
      this.#refunds.delete(refundId);
      return { status: 204 };
    }
    if (receipt && this.#is('a link leads to nothing') && refundId > 1) return refusal(404, 'There is no receipt.');
    return { status: 200, body: receipt ? { refund, text: 'Thank you.' } : refund };
  }

  #list(query: URLSearchParams): Answer {
    const [page, size] = [Number(query.get('page') ?? 1), Number(query.get('size') ?? 10)];
    const status = query.get('status');
    const currency = query.get('currency');
    const sort = query.get('sort');
    const most = this.#is('refuses the largest page') ? 49 : 50;
    if (!Number.isInteger(page) || page < 1 || page > 1000) return refusal(400, 'page');
    if (!this.#is('accepts a bad page size') && (!Number.isInteger(size) || size < 1 || size > most)) {
      return refusal(400, 'size');
    }
    if (status !== null && status !== 'open' && status !== 'paid') return refusal(400, 'status');
    if (currency !== null && currency !== 'EUR' && currency !== 'USD') return refusal(400, 'currency');
    if (sort !== null && sort !== 'amount' && sort !== '-amount') return refusal(400, 'sort');
    const kept = this.#is('lists what was deleted')
      ? [...this.#payments.values(), ...this.#gone.values()]
      : [...this.#payments.values()];
    const listed = this.#is('what was made is not listed')
      ? kept.filter(({ paymentId }) => !this.#isNew(paymentId))
      : kept;
    const filters = !this.#is('filter is ignored');
    const second = filters && !(this.#is('a second filter is ignored') && status !== null);
    const stale = this.#is('filters know nothing new') && (status !== null || currency !== null);
    const all = listed.filter(
      (payment) =>
        (status === null || payment.status === status || !filters) &&
        (currency === null || payment.currency === currency || !second) &&
        (!this.#isNew(payment.paymentId) || !stale),
    );
    const sign = sort === '-amount' ? -1 : 1;
    if (sort !== null && !this.#is('sort is ignored')) {
      const byText = this.#is('sorts numbers as text');
      all.sort((one, other) => {
        const [left, right] = byText ? [String(one.amount), String(other.amount)] : [one.amount, other.amount];
        return left < right ? -sign : left > right ? sign : 0;
      });
    }
    const shift = this.#is('pages repeat') && page > 1 ? -1 : this.#is('pages skip') && page > 1 ? 1 : 0;
    const length = this.#is('page size is ignored') ? 10 : size;
    const start = (page - 1) * size;
    const full = all.length % size === 0;
    const loses = full ? 'loses the end of a full last page' : 'loses the end of a last page that is not full';
    const lost = page > 1 && start < all.length && start + size >= all.length && this.#is(loses) ? 1 : 0;
    const items = all
      .slice(start + shift, Math.min(start + shift + length, all.length - lost))
      .map((payment) => this.#shown(payment))
      .map((payment) =>
        this.#is('shows another value in the list') && isRecord(payment) ? { ...payment, note: null } : payment,
      );
    const total = this.#is('header of a wrong type') ? 'many' : String(all.length);
    const headers: Record<string, string> = this.#is('missing header') ? {} : { 'X-Total': total };
    const more = this.#is('total is wrong') ? 1 : this.#is('total counts what was deleted') ? this.#gone.size : 0;
    const list = this.#is('list as object') ? { ...items } : items;
    return {
      status: 200,
      body: { items: list, page, size, total: all.length + more },
      headers,
    };
  }

  #create(request: IncomingMessage, text: string): Answer {
    const client = request.headers['x-client'];
    if (client === undefined ? !this.#is('accepts a missing header') : client.length > 20 || client.length < 1) {
      return refusal(400, 'X-Client');
    }
    const body = this.#body(request, text);
    if ('status' in body) return body;
    const fault = this.#fault(body.value);
    if (fault !== undefined) {
      if (this.#is('stores what it refuses')) this.#store({});
      return fault;
    }
    const replay = String(request.headers['idempotency-key']);
    if (replay.length > 50 || replay.length < 1) return refusal(400, 'Idempotency-Key');
    const isOther = this.#sent.has(replay) && this.#sent.get(replay) !== text;
    const forgets =
      this.#is('a replay makes another') || (isOther && this.#is('a replay with another body makes another'));
    const known = replay === 'undefined' || forgets || this.#racing ? undefined : this.#replays.get(replay);
    if (known !== undefined && isOther) {
      if (!this.#is('a replay with another body changes the first')) return refusal(409, 'Another body.');
      Object.assign(known, body.value);
    }
    const payment = known ?? this.#store(isRecord(body.value) ? body.value : {});
    this.#replays.set(replay, payment);
    this.#sent.set(replay, text);
    if (this.#is('makes two')) this.#store(isRecord(body.value) ? body.value : {});
    const status = this.#is('wrong status on creation') ? 200 : 201;
    return { status, body: this.#shown(payment), headers: { Location: `/payments/${payment.paymentId}` } };
  }

  #one(method: string, id: string, request: IncomingMessage, text: string): Answer {
    if (!/^[1-9]\d*$/.test(id)) return refusal(400, 'paymentId');
    const stale = this.#is('reads what was deleted') && method === 'GET';
    const again = this.#is('deletes twice') && method === 'DELETE';
    const hidden = this.#is('what was made cannot be read') && method === 'GET' && this.#isNew(Number(id));
    const payment = this.#payments.get(Number(id)) ?? (stale || again ? this.#gone.get(Number(id)) : undefined);
    if (hidden) return refusal(404, 'There is no such payment.');
    if (payment === undefined) return refusal(404, 'There is no such payment.');
    if (method === 'GET') return { status: 200, body: this.#shown(payment), headers: { ETag: this.#tag(payment) } };
    if (method === 'HEAD') {
      const tag = this.#is('HEAD differs from GET') ? '"0"' : this.#tag(payment);
      return { status: 200, headers: { ETag: tag, 'Content-Type': 'application/json' } };
    }
    if (method === 'DELETE') {
      this.#payments.delete(payment.paymentId);
      this.#gone.set(payment.paymentId, payment);
      if (this.#is('deletes its neighbour too')) this.#payments.delete(payment.paymentId - 1);
      return this.#is('wrong status on deletion') ? { status: 200, body: {} } : { status: 204 };
    }
    const body = this.#body(request, text);
    if ('status' in body) return body;
    const fault = this.#changeFault(body.value);
    if (fault !== undefined) return fault;
    const late = !this.#isCurrent(payment, request.headers['if-match']);
    if (late && !this.#is('a stale change is refused and carried out')) return refusal(412, 'It was changed since.');
    if (this.#is('a change overwrites what it does not mention'))
      Object.assign(payment, { note: null, status: 'open' });
    if (this.#is('changes its neighbour too')) {
      for (const other of this.#payments.values()) Object.assign(other, body.value);
    }
    const changed = Object.assign(this.#is('change is answered and not stored') ? { ...payment } : payment, body.value);
    this.#versions.set(payment.paymentId, this.#version(payment) + 1);
    return late ? refusal(412, 'It was changed since.') : { status: 200, body: this.#shown(changed) };
  }

  #version({ paymentId }: Payment): number {
    return this.#versions.get(paymentId) ?? 1;
  }

  #tag(payment: Payment): string {
    return `"${payment.paymentId}-${this.#is('ETag stays the same') ? 1 : this.#version(payment)}"`;
  }

  #isCurrent(payment: Payment, condition: string | undefined): boolean {
    if (condition === undefined || condition === '*' || this.#is('If-Match is ignored')) return true;
    const lastButOne = `"${payment.paymentId}-${this.#version(payment) - 1}"`;
    return (
      condition === this.#tag(payment) || (this.#is('the last ETag but one is accepted') && condition === lastButOne)
    );
  }

  #body(request: IncomingMessage, text: string): { value: unknown } | Answer {
    if (text === '' && this.#is('500 on no body')) return refusal(500, 'Cannot read property of undefined.');
    const type = request.headers['content-type'] ?? '';
    if (!type.startsWith('application/json') && !this.#is('accepts any media type'))
      return refusal(415, 'JSON, please.');
    try {
      return { value: JSON.parse(text) };
    } catch {
      if (this.#is('hangs up on malformed JSON')) return { status: 0 };
      if (this.#is('accepts malformed JSON')) return { value: { amount: 1, currency: 'EUR' } };
      return refusal(400, 'No JSON.');
    }
  }

  /** What is wrong with a new payment. */
  #fault(value: unknown): Answer | undefined {
    if (!isRecord(value)) return this.#invalid('The body');
    const { amount, currency, note, reference, dueOn, lines, fee, ...others } = value;
    if (Object.keys(others).length > 0 && !this.#is('accepts unknown properties'))
      return this.#invalid(`unknown ${Object.keys(others)}`);
    if (this.#is('500 on a wrong type') && typeof amount === 'string') return refusal(500, 'Oh.');
    const missing = amount === undefined || currency === undefined;
    if (missing && !this.#is('accepts missing required'))
      return this.#invalid(amount === undefined ? 'amount' : 'currency');
    if (this.#is('demands what is optional') && note === undefined) return this.#invalid('note');
    if (amount !== undefined && !this.#amountIsRight(amount)) return this.#invalid('amount');
    if (currency !== undefined && !this.#isOneOf(currency, ['EUR', 'USD'])) return this.#invalid('currency');
    const noteFault = this.#noteFault(note);
    if (noteFault !== undefined) return noteFault;
    if (reference !== undefined && !this.#textIsRight(reference, /^[A-Z]{2}-\d{3}$/, 'accepts wrong pattern'))
      return this.#invalid('reference');
    if (dueOn !== undefined && !this.#textIsRight(dueOn, isDate, 'accepts wrong date')) return this.#invalid('dueOn');
    if (fee !== undefined && !this.#textIsRight(fee, /^\d{1,6}\.\d\d$/, 'accepts wrong pattern'))
      return this.#invalid('fee');
    return lines === undefined || this.#linesAreRight(lines) ? undefined : this.#invalid('lines label quantity');
  }

  #changeFault(value: unknown): Answer | undefined {
    if (!isRecord(value) || Object.keys(value).length === 0) return this.#invalid('The body');
    const { note, status, ...others } = value;
    if (Object.keys(others).length > 0 && !this.#is('accepts unknown properties')) return this.#invalid('unknown');
    if (status !== undefined && !this.#isOneOf(status, ['open', 'paid'])) return this.#invalid('status');
    return this.#noteFault(note);
  }

  #noteFault(note: unknown): Answer | undefined {
    if (note === undefined) return undefined;
    if (note === null) return this.#is('refuses null') ? this.#invalid('note') : undefined;
    if (typeof note !== 'string') return this.#is('accepts wrong type') ? undefined : this.#invalid('note');
    if (this.#is('500 on a long text') && note.length > 40)
      return refusal(500, 'value too long for type character varying(40)');
    const most = this.#is('accepts too long') ? 1e6 : this.#is('refuses the longest text') ? 39 : 40;
    const least = this.#is('accepts too short') ? 0 : 1;
    return lengthOf(note) >= least && lengthOf(note) <= most ? undefined : this.#invalid('note');
  }

  #amountIsRight(amount: unknown): boolean {
    if (amount === null) return this.#is('accepts null');
    if (typeof amount === 'string') return this.#is('accepts numbers as text') || this.#is('accepts wrong type');
    if (typeof amount !== 'number') return false;
    if (amount < 0.01) return this.#is('accepts below minimum');
    return (
      amount <= (this.#is('refuses the largest amount') ? 999_999 : 1_000_000) || this.#is('accepts above maximum')
    );
  }

  #isOneOf(value: unknown, known: readonly string[]): boolean {
    if (value === null) return this.#is('accepts null');
    if (typeof value !== 'string') return this.#is('accepts wrong type');
    if (this.#is('refuses an enum value') && value === 'USD') return false;
    return known.includes(value) || this.#is('accepts wrong enum');
  }

  #textIsRight(value: unknown, form: RegExp | ((text: string) => boolean), lax: Defect): boolean {
    if (value === null) return this.#is('accepts null');
    if (typeof value !== 'string') return this.#is('accepts wrong type');
    return this.#is(lax) || (form instanceof RegExp ? form.test(value) : form(value));
  }

  #linesAreRight(lines: unknown): boolean {
    if (lines === null) return this.#is('accepts null');
    if (!Array.isArray(lines)) return this.#is('accepts wrong type');
    if (lines.length < 1 && !this.#is('accepts no items')) return false;
    if (lines.length > 3 && !this.#is('accepts too many items')) return false;
    const texts = lines.map((line) => JSON.stringify(line));
    if (new Set(texts).size < texts.length && !this.#is('accepts repeated items')) return false;
    return lines.every((line: unknown) => {
      if (!isRecord(line)) return false;
      const { label, quantity } = line;
      if (typeof label !== 'string' || lengthOf(label) < 1 || lengthOf(label) > 10) return false;
      if (typeof quantity !== 'number' || quantity < 1 || quantity > 99) return false;
      return Number.isInteger(quantity) || this.#is('accepts fractions');
    });
  }

  #invalid(what: string): Answer {
    if (this.#is('refuses a bad field as a conflict')) return refusal(409, what);
    if (this.#is('undocumented refusal status')) return refusal(422, what);
    if (this.#is('refuses for another reason')) return refusal(400, 'reference must be unique');
    if (this.#is('refusal in another form')) return { status: 400, body: { message: what } };
    return refusal(400, what);
  }

  #store(given: Record<string, unknown>): Payment {
    const paymentId = this.#next++;
    const payment: Payment = {
      amount: 1,
      currency: 'EUR',
      note: null,
      ...given,
      paymentId,
      status: 'open',
      createdAt: this.beginning.at,
    };
    if (this.#is('cuts texts') && typeof payment.note === 'string') payment.note = String(payment.note).slice(0, 3);
    if (this.#is('drops the last zero of a decimal text') && typeof payment.fee === 'string')
      payment.fee = String(Number(payment.fee));
    if (this.#is('rounds amounts')) payment.amount = Math.round(payment.amount);
    this.#payments.set(paymentId, payment);
    return payment;
  }

  /** A payment as it is answered. */
  #shown(payment: Payment): unknown {
    const { amount, ...others } = payment;
    if (this.#is('missing field')) return others;
    if (this.#is('extra field where forbidden')) return { ...payment, internal: true };
    if (this.#is('number as text')) return { ...payment, amount: String(amount) };
    if (this.#is('null where not nullable')) return { ...payment, currency: null };
    if (this.#is('bad date')) return { ...payment, createdAt: '15/01/2026' };
    if (this.#is('enum in another case')) return { ...payment, status: payment.status.toUpperCase() };
    return payment;
  }
}

/** The methods of a path, an id being empty in it; undefined if there is no such path. */
function methodsAt(path: string): readonly string[] | undefined {
  const methods: Record<string, readonly string[]> = {
    payments: ['GET', 'POST'],
    'payments/': ['GET', 'HEAD', 'PATCH', 'DELETE'],
    'payments//refunds': ['POST'],
    'refunds/': ['GET', 'DELETE'],
    'refunds//receipt': ['GET'],
  };
  return methods[path];
}

function refusal(status: number, error: string): Answer {
  return { status, body: { error } };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As JSON Schema counts: characters, not the halves of some that JavaScript has. */
function lengthOf(text: string): number {
  return [...text].length;
}

function isDate(text: string): boolean {
  return (
    /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text)
  );
}
