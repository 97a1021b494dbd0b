/**
 * What stands for a statement: the phases of `paydouble verify` that exercised it, the tests of handlers that came to it, and,
 * for an answer that no request leads to, the outside judges, who ask for it. Each is read from what ran, none from what a test
 * says of itself.
 */
import { place, propertyAt, walkBody } from './statements.mjs';

/** The phases that send the same requests whatever chance says, in their order. */
export const systematic = ['samples', 'negative', 'positive', 'stateful'];

/** Links to tests of handlers, from a page in docs/fidelity/. */
function linksTo(files) {
  return [...files]
    .sort()
    .map((file) => `[${file}](../../test/handlers/${file})`)
    .join(', ');
}

/** What came of a run of `paydouble verify` and of the tests of handlers, for one api, by what a statement is about. */
export class Evidence {
  /** Phases and test files by pointer. */
  #phases = new Map();
  #files = new Map();
  /** Properties that answers had, by pointer: whether one was more than null. */
  #answered = new Map();
  /** The sides of rules that tests sent requests for, by id. */
  #sides = new Map();
  /** Responses that the outside judges get, by pointer: whether they must ask for it. */
  #judged = new Map();
  #document;

  constructor(api, document, verified, recorded, exchanges) {
    this.#document = document;
    for (const exchange of verified) this.#readVerified(exchange);
    for (const exchange of recorded) this.#readTest(api, exchange);
    for (const { path, request, status, onDemand } of exchanges) {
      const pointer = this.#response({ path, method: request.method }, status);
      this.#judged.set(pointer, onDemand && this.#judged.get(pointer) !== false);
    }
  }

  /** What stands for a statement, a few words each; nothing: no test. */
  of({ kind, pointers, id }) {
    if (kind === 'rule') {
      const sides = this.#sides.get(id);
      // One side alone would not show that the rule makes the difference.
      return sides?.sides.size === 2 ? [`${linksTo(sides.files)}: both sides`] : [];
    }
    if (kind === 'answer property') {
      const values = pointers.map((pointer) => this.#answered.get(pointer)).filter((value) => value !== undefined);
      return values.length === 0 ? [] : [values.some(Boolean) ? 'answers' : 'answers, always null'];
    }
    const phases = systematic.filter((phase) => pointers.some((pointer) => this.#phases.get(pointer)?.has(phase)));
    // Where verify breaks each constraint of a property, that some test sent it too says no more.
    const isShown = kind === 'request property' && phases.length > 0;
    const files = isShown ? [] : pointers.flatMap((pointer) => [...(this.#files.get(pointer) ?? [])]);
    const told = [
      ...(phases.length === 0 ? [] : [`verify: ${phases.join(', ')}`]),
      ...(files.length === 0 ? [] : [linksTo(new Set(files))]),
    ];
    const judged = pointers.map((pointer) => this.#judged.get(pointer)).filter((onDemand) => onDemand !== undefined);
    if (told.length > 0 || judged.length === 0) return told;
    return [judged.every(Boolean) ? 'Dredd, Prism: on demand' : 'Dredd, Prism'];
  }

  #readVerified({ case: { phase, operation, subject }, response }) {
    if (!systematic.includes(phase)) return;
    this.#mark(this.#phases, this.#subject(operation, subject), phase);
    if (operation !== undefined) this.#mark(this.#phases, this.#operation(operation), phase);
    if (response instanceof Error) return;
    const pointer = this.#response(operation, response.status);
    this.#mark(this.#phases, pointer, phase);
    this.#readAnswer(pointer, response.headers.get('content-type'), response.text);
  }

  #readTest(api, { test, method, path, body, answer }) {
    const [file, title] = [test.slice(0, test.indexOf(': ')), test.slice(test.indexOf(': ') + 2)];
    const [, id, side] = new RegExp(`^the rules of ${api} > (.+): (accepts|refuses)$`).exec(title) ?? [];
    if (id !== undefined) {
      const known = this.#sides.get(id) ?? { sides: new Set(), files: new Set() };
      known.sides.add(side);
      known.files.add(file);
      this.#sides.set(id, known);
    }
    const operation = this.#operationAt(method, path.split('?')[0]);
    if (operation !== undefined) this.#mark(this.#files, this.#operation(operation), file);
    // What a test sends and is refused says nothing of the properties that were right.
    if (operation !== undefined && body !== null && answer.status < 400) {
      for (const schema of this.#requestSchemas(operation)) {
        const sent = JSON.parse(Buffer.from(body, 'base64').toString());
        walkBody(this.#document, schema, sent, (property) => this.#mark(this.#files, property, file));
      }
    }
    const pointer = this.#response(operation, answer.status);
    this.#mark(this.#files, pointer, file);
    this.#readAnswer(pointer, answer.headers['content-type'], answer.text);
  }

  /** Notes the properties of an answer. */
  #readAnswer(pointer, contentType, text) {
    const type = contentType?.split(';')[0].trim();
    if (pointer === undefined || type === undefined || text === '') return;
    if (place(this.#document, pointer).node.content?.[type] === undefined) return;
    const schema = `${pointer}/content/${type.replaceAll('/', '~1')}/schema`;
    walkBody(this.#document, schema, JSON.parse(text), (property, isMore) => {
      this.#answered.set(property, isMore || this.#answered.get(property) === true);
    });
  }

  #mark(marks, pointer, mark) {
    if (pointer !== undefined) marks.set(pointer, (marks.get(pointer) ?? new Set()).add(mark));
  }

  #operation({ path, method }) {
    return `/paths/${path.replaceAll('/', '~1')}/${method.toLowerCase()}`;
  }

  /** The operation that a request is for; paths are few, so they are tried one by one. */
  #operationAt(method, path) {
    for (const [template, item] of Object.entries(this.#document.paths)) {
      const pattern = new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);
      if (item[method.toLowerCase()] !== undefined && pattern.test(path)) return { path: template, method };
    }
    return undefined;
  }

  /** Where the document states the response to an operation, or to none, with a status. */
  #response(operation, status) {
    const own = operation === undefined ? undefined : `${this.#operation(operation)}/responses/${status}`;
    for (const pointer of [own, `/x-refusals/${status}`]) {
      const found = pointer === undefined ? undefined : place(this.#document, pointer);
      if (found?.node !== undefined) return found.pointer;
    }
    return undefined;
  }

  /** Where the document states what a request of verify is about: a property, a parameter, a credential. */
  #subject(operation, { in: part, pointer, documented }) {
    if (part !== 'body' || operation === undefined) {
      const component = /^(\/components\/[^/]+\/[^/]+|\/paths\/[^/]+(?:\/[a-z]+)?\/parameters\/\d+)/;
      return component.exec(documented)?.[1];
    }
    const [schema] = this.#requestSchemas(operation);
    return schema === undefined ? undefined : propertyAt(this.#document, schema, pointer.split('/').slice(1));
  }

  /** The schemas of an operation's request, one for each media type. */
  #requestSchemas(operation) {
    const { node, pointer } = place(this.#document, `${this.#operation(operation)}/requestBody`);
    const types = Object.keys(node?.content ?? {});
    return types.map((type) => `${pointer}/content/${type.replaceAll('/', '~1')}/schema`);
  }
}
