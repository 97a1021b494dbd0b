/**
 * What a handler may know of the world while it carries out one request.
 */
import type { Faker } from '@faker-js/faker';
import type { CollectionTypes, Context, State } from './api.js';
import type { Api } from './apis.js';
import type { Instant } from './instant.js';
import type { JsonObject } from './json.js';
import type { Headers } from './message.js';
import { takeId } from './store/next-rules.js';
import type { Transaction } from './store/workspace.js';

/** The parts of a request that a handler sees as they came. */
interface RawRequest {
  readonly target: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
}

/** Made for every request: what few handlers ask for is a getter. Its functions may be taken out of it. */
export class RequestContext implements Context<CollectionTypes> {
  readonly state: State<CollectionTypes>;
  readonly now: Instant;
  readonly nextId: Context<CollectionTypes>['nextId'];
  readonly uuid: Context<CollectionTypes>['uuid'];
  readonly validate: Context<CollectionTypes>['validate'];
  readonly #transaction: Transaction;
  readonly #request: RawRequest;

  constructor(api: Api, transaction: Transaction, request: RawRequest) {
    this.state = transaction.state;
    this.now = transaction.now;
    this.nextId = (collection) => takeId(api, transaction, collection);
    this.uuid = () => transaction.uuid();
    this.validate = (schema, value) =>
      api.validator.check({ $ref: `#/components/schemas/${schema}` }, 'request', value, 'body');
    this.#transaction = transaction;
    this.#request = request;
  }

  get faker(): Faker {
    return this.#transaction.faker;
  }

  get settings(): JsonObject {
    return this.#transaction.settings;
  }

  get path(): string {
    return this.#request.target;
  }

  get rawQuery(): URLSearchParams {
    return new URLSearchParams(this.#request.query);
  }

  get rawHeaders(): Record<string, string> {
    return this.#request.headers.joined();
  }
}
