/**
 * A request to each api that works when it is pasted: the operation and body that the document marks as `x-first-request`.
 */
import type { Api } from './apis.js';
import type { SentRequest } from './curl.js';
import { object, text } from './document.js';
import { stringify } from './json.js';
import { type Credentials, credentialHeaders } from './security.js';

/** A request that can be sent as it is, wherever the sandbox is. */
export interface FirstRequest extends Omit<SentRequest, 'url'> {
  readonly operationId: string;
  /** On the sandbox: `/logisense/Payment/1`. */
  readonly path: string;
}

/**
 * The request; for an api without `x-first-request`, that of its first operation, without a body. `undefined` for an api
 * without operations.
 */
export function firstRequest(api: Api, credentials: Credentials): FirstRequest | undefined {
  const wish = object(api.document.root['x-first-request']);
  const operation =
    api.document.operations.find(({ operationId }) => operationId === wish.operationId) ?? api.document.operations[0];
  if (operation === undefined) return undefined;
  const { operationId, method } = operation;
  const [media] = operation.requestBody?.content ?? [];
  const example = media?.[1].examples.get(text(wish.example, ''));
  const path = operation.path.replace(/\{([^}]+)\}/g, (_, name: string) => text(object(wish.parameters)[name], '1'));
  const type = media === undefined ? {} : { 'Content-Type': media[0] };
  return {
    operationId,
    method,
    path: `/${api.name}${path}`,
    headers: { ...credentialHeaders(operation, credentials), ...type },
    ...(example === undefined ? {} : { body: stringify(example.value) }),
  };
}
