/**
 * Which requests the list shows, as the URL's query says.
 */
import type { Row } from './row.js';

export interface Filter {
  /** Each is empty for any. */
  readonly api: string;
  readonly operation: string;
  /** `404`, `4xx` or the beginning of a status; `0` where there was no answer. */
  readonly status: string;
  /** Looked for in path, operation and bodies. */
  readonly text: string;
}

export function filterOf(query: URLSearchParams): Filter {
  const [api = '', operation = '', status = '', text = ''] = ['api', 'operation', 'status', 'text'].map(
    (name) => query.get(name) ?? '',
  );
  return { api, operation, status, text };
}

/** Whether the filter takes a row. */
export function takes({ api, operation, status, text }: Filter): (row: Row) => boolean {
  const range = status.trim().toLowerCase().replaceAll('x', '');
  const wanted = text.trim().toLowerCase();
  return (row) =>
    (api === '' || row.api === api) &&
    (operation === '' || row.operationId === operation) &&
    String(row.status).startsWith(range) &&
    row.searched.includes(wanted);
}

/** What the control API can look for itself, so that older requests are found too; `undefined` if that is nothing. */
export function asked({ api, operation, status }: Filter) {
  const isStatus = /^(?:0|[1-5](?:\d{2}|xx))$/i.test(status.trim());
  const found = {
    ...(api === '' ? {} : { api }),
    ...(operation === '' ? {} : { operationId: operation }),
    ...(isStatus ? { status: status.trim() } : {}),
  };
  return Object.keys(found).length === 0 ? undefined : found;
}
