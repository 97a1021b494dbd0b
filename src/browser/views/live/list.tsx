/**
 * The requests, newest first, each a link to the whole of it.
 */
import { Component } from 'preact';
import { linkTo, place } from '../../place.js';
import { opensRow, useRows } from '../../rows.js';
import { type Row, statusWord } from './row.js';
import { mostShown } from './rows.js';

/** The part of the page that scrolls. */
export const listClass = 'live-list';

/** What of the URL's query stays when a request is opened. */
type Query = Readonly<Record<string, string>>;

interface ListProperties {
  readonly rows: readonly Row[];
  /** That is opened; `undefined` for none. */
  readonly current: { readonly workspace: string; readonly number: number } | undefined;
  readonly query: Query;
  /** Told whether the list is scrolled away from its newest. */
  readonly onAway: (isAway: boolean) => void;
}

export function List({ rows, current, query, onAway }: ListProperties) {
  const list = useRows<HTMLElement>('request', current !== undefined);
  const { workspace } = place.value;
  return (
    <section
      ref={list}
      class={listClass}
      aria-label="Requests"
      onScroll={({ currentTarget }) => onAway(currentTarget.scrollTop > 4)}
    >
      <table>
        <thead>
          <tr>
            <th scope="col" class="number">
              No.
            </th>
            <th scope="col">Time</th>
            <th scope="col">Method</th>
            <th scope="col">Path</th>
            <th scope="col">Operation</th>
            <th scope="col">Status</th>
            <th scope="col" class="number">
              Took
            </th>
            <th scope="col">Workspace</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, mostShown).map((row) => (
            <Line
              key={`${row.workspace}/${row.number}`}
              row={row}
              workspace={workspace}
              query={query}
              isCurrent={row.number === current?.number && row.workspace === current.workspace}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface LineProperties {
  readonly row: Row;
  /** The one that is looked at. */
  readonly workspace: string;
  readonly query: Query;
  readonly isCurrent: boolean;
}

/** Rendered anew only when it is otherwise: there are a thousand of them, and more arrive with each frame. */
class Line extends Component<LineProperties> {
  override shouldComponentUpdate(next: LineProperties): boolean {
    const { row, query, isCurrent } = this.props;
    return row !== next.row || query !== next.query || isCurrent !== next.isCurrent;
  }

  render({ row, workspace, query, isCurrent }: LineProperties) {
    const { number, method, path, operationId, status, milliseconds, fault } = row;
    const of = row.workspace === workspace ? '' : row.workspace;
    return (
      <tr class={isCurrent ? 'is-current' : ''}>
        <td class="live-number number">{number}</td>
        <td class="live-time" title={row.time}>
          {row.time.slice(11, 23)}
        </td>
        <td>
          <span class={`method method-${method.toLowerCase()}`}>{method}</span>
        </td>
        <td class="live-path">
          <a
            {...opensRow}
            class="live-link"
            href={linkTo({ workspace, view: 'live', rest: [number], query: { ...query, of } })}
            aria-current={isCurrent ? 'true' : undefined}
            title={path}
          >
            /{row.api}
            {path}
          </a>
        </td>
        <td class="live-operation">{operationId}</td>
        <td class={`live-status status-${Math.floor(status / 100)}`}>
          {status === 0 ? '—' : status} <span class="live-word">{statusWord(status)}</span>
          {fault !== '' && (
            <span class="live-fault" title={`Fault: ${fault}`}>
              fault
            </span>
          )}
        </td>
        <td class="number">{took(milliseconds)}</td>
        <td class="live-workspace">{row.workspace}</td>
      </tr>
    );
  }
}

/** `12.3 ms`. */
export function took(milliseconds: number): string {
  return `${milliseconds.toFixed(milliseconds < 100 ? 1 : 0)} ms`;
}
