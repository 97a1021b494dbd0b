/**
 * A curl for each api that works when it is pasted: the operation and body that the document marks as `x-first-request`.
 */
import type { Api } from './apis.js';
import { object, text } from './document.js';
import { stringify } from './json.js';
import { credentialHeaders } from './security.js';
import { quote } from './shell.js';
import type { Scenario } from './store/scenario.js';

/** The command, over several lines; for an api without `x-first-request`, its first operation without a body. */
export function firstRequest(api: Api, credentials: Scenario['credentials'], url: string): string {
  const wish = object(api.document.root['x-first-request']);
  const operation =
    api.document.operations.find(({ operationId }) => operationId === wish.operationId) ?? api.document.operations[0];
  if (operation === undefined) return '';
  const [media] = operation.requestBody?.content ?? [];
  const example = media?.[1].examples.get(text(wish.example, ''));
  const path = operation.path.replace(/\{([^}]+)\}/g, (_, name: string) => text(object(wish.parameters)[name], '1'));
  const headers = Object.entries(credentialHeaders(operation, credentials)).map(([name, value]) => `${name}: ${value}`);
  if (media !== undefined) headers.push(`Content-Type: ${media[0]}`);
  const parts = [
    `curl -X ${operation.method} ${url}/${api.name}${path}`,
    ...headers.map((header) => `-H ${quote(header)}`),
    ...(example === undefined ? [] : [`-d ${quote(stringify(example.value))}`]),
  ];
  return parts.map((part, index) => `${index === 0 ? '  ' : '    '}${part}`).join(' \\\n');
}
