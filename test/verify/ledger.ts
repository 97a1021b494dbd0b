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
  'cuts texts': 'stored_as_sent',
  'rounds amounts': 'stored_as_sent',
  'makes two': 'stored_as_sent',
  'change is answered and not stored': 'update_is_stored',
  'pages repeat': 'list_is_complete',
  'pages skip': 'list_is_complete',
  'total is wrong': 'list_is_complete',
  'page size is ignored': 'page_size_is_kept',
  'filter is ignored': 'filter_is_applied',
  'a replay makes another': 'replay_replays',
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
  #next: number;

  constructor(
    private readonly defect: Defect | undefined,
    /** The id of its first payment, and when everything in it is made. */
    private readonly beginning: { readonly id: number; readonly at: string } = { id: 1, at: '2026-01-15T12:00:00Z' },
  ) {
    this.#next = beginning.id;
    for (const currency of ['EUR', 'USD', 'EUR']) this.#store({ amount: 20, currency });
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => this.#write(response, this.#answer(request, Buffer.concat(chunks).toString())));
    });
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
    const methods = id === undefined ? ['GET', 'POST'] : ['GET', 'PATCH', 'DELETE'];
    if (collection !== 'payments' || rest.length > 0) return refusal(404, 'There is no such path.');
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
    return this.#one(method, id, request, text);
  }

  #list(query: URLSearchParams): Answer {
    const [page, size] = [Number(query.get('page') ?? 1), Number(query.get('size') ?? 10)];
    const status = query.get('status');
    const most = this.#is('refuses the largest page') ? 49 : 50;
    if (!Number.isInteger(page) || page < 1 || page > 1000) return refusal(400, 'page');
    if (!this.#is('accepts a bad page size') && (!Number.isInteger(size) || size < 1 || size > most)) {
      return refusal(400, 'size');
    }
    if (status !== null && status !== 'open' && status !== 'paid') return refusal(400, 'status');
    const kept = this.#is('lists what was deleted')
      ? [...this.#payments.values(), ...this.#gone.values()]
      : [...this.#payments.values()];
    const listed = this.#is('what was made is not listed')
      ? kept.filter(({ paymentId }) => !this.#isNew(paymentId))
      : kept;
    const all = listed.filter(
      (payment) => status === null || payment.status === status || this.#is('filter is ignored'),
    );
    const shift = this.#is('pages repeat') && page > 1 ? -1 : this.#is('pages skip') && page > 1 ? 1 : 0;
    const length = this.#is('page size is ignored') ? 10 : size;
    const items = all
      .slice((page - 1) * size + shift, (page - 1) * size + shift + length)
      .map((payment) => this.#shown(payment));
    const total = this.#is('header of a wrong type') ? 'many' : String(all.length);
    const headers: Record<string, string> = this.#is('missing header') ? {} : { 'X-Total': total };
    const list = this.#is('list as object') ? { ...items } : items;
    return {
      status: 200,
      body: { items: list, page, size, total: all.length + (this.#is('total is wrong') ? 1 : 0) },
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
    const known = replay === 'undefined' || this.#is('a replay makes another') ? undefined : this.#replays.get(replay);
    const payment = known ?? this.#store(isRecord(body.value) ? body.value : {});
    this.#replays.set(replay, payment);
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
    if (method === 'GET') return { status: 200, body: this.#shown(payment) };
    if (method === 'DELETE') {
      this.#payments.delete(payment.paymentId);
      this.#gone.set(payment.paymentId, payment);
      return this.#is('wrong status on deletion') ? { status: 200, body: {} } : { status: 204 };
    }
    const body = this.#body(request, text);
    if ('status' in body) return body;
    const fault = this.#changeFault(body.value);
    if (fault !== undefined) return fault;
    const changed = Object.assign(this.#is('change is answered and not stored') ? { ...payment } : payment, body.value);
    return { status: 200, body: this.#shown(changed) };
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
    const { amount, currency, note, reference, dueOn, lines, ...others } = value;
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
