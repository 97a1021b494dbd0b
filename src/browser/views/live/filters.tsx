/**
 * Which requests are shown. All of it stands in the URL.
 */
import { SearchField } from '../../parts/search-field.js';
import { setQuery } from '../../place.js';
import { apis } from '../../sandbox.js';
import type { Filter } from './filter.js';

export function Filters({ filter, everywhere }: { filter: Filter; everywhere: boolean }) {
  const { api, operation, status, text } = filter;
  const served = apis.value ?? [];
  const operations = served.filter((each) => api === '' || each.api === api).flatMap((each) => each.operations);
  const ids = [...new Set(operations.map(({ operationId }) => operationId))];
  return (
    <search class="filters">
      <label>
        API
        <select value={api} onChange={(event) => setQuery({ api: event.currentTarget.value, operation: '' })}>
          <option value="">All</option>
          {served.map((each) => (
            <option key={each.api} value={each.api}>
              {each.api}
            </option>
          ))}
        </select>
      </label>
      <label>
        Operation
        <select value={operation} onChange={(event) => setQuery({ operation: event.currentTarget.value })}>
          <option value="">All</option>
          {(operation === '' || ids.includes(operation) ? ids : [operation, ...ids]).map((id) => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
        </select>
      </label>
      <label>
        Status
        <input
          class="live-status-field"
          value={status}
          placeholder="404, 4xx"
          onInput={(event) => setQuery({ status: event.currentTarget.value })}
        />
      </label>
      <SearchField
        label="Text in path, operation or bodies"
        value={text}
        onInput={(looked) => setQuery({ text: looked })}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={everywhere}
          onChange={(event) => setQuery({ all: event.currentTarget.checked ? 'yes' : '' })}
        />
        All workspaces
      </label>
    </search>
  );
}
