/**
 * The records of a collection: searched, sorted, a page at a time.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Schemas } from '../../control.js';
import { keyText } from '../../key-text.js';
import { useShortcuts } from '../../keyboard.js';
import { useRested } from '../../later.js';
import { useLoaded } from '../../loaded.js';
import { Show } from '../../parts/refused.js';
import { SearchField } from '../../parts/search-field.js';
import { goTo, linkTo, place, setQuery } from '../../place.js';
import { opensRow, useRows } from '../../rows.js';
import { refresh } from '../../sandbox.js';
import { declaredOf, recordsOf } from './ask.js';
import { type Collection, cellText, columns, type Declared, isNumber, namedKey, type Property } from './declared.js';
import { Pages } from './pages.js';
import { Trail } from './trail.js';

/** Records of a page. */
const size = 50;

export function RecordTable({ of }: { of: Collection }) {
  const { query } = place.value;
  const asked = {
    search: query.get('search') ?? '',
    where: query.get('where') ?? '',
    sort: query.get('sort') ?? '',
  };
  const page = Math.max(1, Number.parseInt(query.get('page') ?? '1', 10) || 1);
  const declared = useLoaded(() => declaredOf(of), []);
  const records = useLoaded(
    () => recordsOf(of, { ...asked, limit: size, offset: (page - 1) * size }),
    [asked.search, asked.where, asked.sort, page],
  );
  const reload = () => {
    records.again();
    refresh();
  };
  const create = () => goTo({ view: 'state', rest: [of.api, of.collection], query: { new: '1' } });
  useShortcuts([
    { keys: 'n', does: 'New record', run: create },
    { keys: 'r', does: 'Reload', run: reload },
    { keys: 'Escape', does: 'Back to the collections', run: () => goTo({ view: 'state', rest: [of.api] }) },
  ]);
  return (
    <>
      <Trail parts={[of.api, of.collection]} />
      <h1>{of.collection}</h1>
      <div class="filters">
        <Search search={asked.search} />
        <button type="button" onClick={create}>
          New record
        </button>
        <button type="button" onClick={reload}>
          Reload
        </button>
        {asked.where !== '' && (
          <p class="only">
            Only where <code>{asked.where.replace(':', ' is ')}</code>{' '}
            <button type="button" onClick={() => setQuery({ where: '', page: '' })}>
              Show all
            </button>
          </p>
        )}
      </div>
      <Show loaded={declared}>
        {(known) => (
          <Show loaded={records}>
            {(found) => (
              <>
                <Pages page={page} size={size} total={found.total} />
                <Records of={of} declared={known} sort={asked.sort} found={found} />
              </>
            )}
          </Show>
        )}
      </Show>
    </>
  );
}

/** What is typed is searched for when it has rested for a moment. */
function Search({ search }: { search: string }) {
  const [typed, setTyped] = useState(search);
  const rested = useRested(typed, 250);
  // What this field asked for comes back as `search`; by then more may have been typed.
  const asked = useRef(search);
  useEffect(() => {
    if (search !== asked.current) setTyped(search);
    asked.current = search;
  }, [search]);
  useEffect(() => {
    if (rested !== typed || rested === search) return;
    asked.current = rested;
    setQuery({ search: rested, page: '' });
  }, [rested]);
  return <SearchField label="Search in every value" value={typed} onInput={setTyped} />;
}

interface RecordsProperties {
  readonly of: Collection;
  readonly declared: Declared;
  readonly sort: string;
  readonly found: Schemas['State'];
}

function Records({ of, declared, sort, found: { total, records } }: RecordsProperties) {
  const list = useRows<HTMLTableElement>('record');
  const shown = columns(declared, useRoom());
  const left = declared.properties.length - shown.length;
  const width = shown.reduce((sum, each) => sum + each.width, 0);
  return (
    <>
      <table class="records" ref={list}>
        <caption>
          {declared.description}
          {left > 0 &&
            ` ${shown.length} of ${declared.properties.length} columns are shown; a record itself shows all.`}
        </caption>
        <colgroup>
          {shown.map((column) => (
            <col key={column.property.name} style={{ width: `${(column.width / width) * 100}%` }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {shown.map(({ property }) => (
              <Heading key={property.name} property={property} isKey={property.name === declared.key} sort={sort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {records.map((record) => {
            const id = keyText(record[declared.key]);
            return (
              <tr key={id}>
                {shown.map(({ property }) => (
                  <Cell key={property.name} of={of} declared={declared} record={record} property={property} />
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      {records.length === 0 && (
        <p class="soft">{total === 0 ? 'There are no such records.' : 'There are no records on this page.'}</p>
      )}
    </>
  );
}

interface HeadingProperties {
  readonly property: Property;
  readonly isKey: boolean;
  readonly sort: string;
}

/** A column's name, which sorts: ascending, then descending, then as the records were stored. */
function Heading({ property: { name, type, description }, isKey, sort }: HeadingProperties) {
  const [order, next, sign] =
    sort === name
      ? (['ascending', `-${name}`, '▲'] as const)
      : sort === `-${name}`
        ? (['descending', '', '▼'] as const)
        : (['none', name, ''] as const);
  return (
    <th scope="col" aria-sort={order} class={isNumber(type) && !isKey ? 'number' : undefined}>
      <button type="button" class="quiet" title={description} onClick={() => setQuery({ sort: next, page: '' })}>
        {name} <span aria-hidden="true">{sign}</span>
      </button>
    </th>
  );
}

interface CellProperties {
  readonly of: Collection;
  readonly declared: Declared;
  readonly record: Schemas['Record'];
  readonly property: Property;
}

function Cell({ of, declared: { key, references }, record, property: { name, type } }: CellProperties) {
  const value = record[name];
  const text = cellText(value);
  if (name === key) {
    return (
      <th scope="row" title={text}>
        <a {...opensRow} href={linkTo({ view: 'state', rest: [of.api, of.collection, keyText(value)] })}>
          {text}
        </a>
      </th>
    );
  }
  const target = references[name];
  const named = namedKey(value);
  return (
    <td class={isNumber(type) ? 'number' : undefined} title={text}>
      {target !== undefined && named !== undefined ? (
        <a href={linkTo({ view: 'state', rest: [of.api, target, named] })}>{text}</a>
      ) : (
        <span class={value === null ? 'soft' : undefined}>{text}</span>
      )}
    </td>
  );
}

/** How wide a table may be, in pixels. */
function useRoom(): number {
  const [width, setWidth] = useState(window.innerWidth);
  useEffect(() => {
    const measure = () => setWidth(window.innerWidth);
    window.addEventListener('resize', measure);
    return () => window.removeEventListener('resize', measure);
  }, []);
  return Math.min(width, 1_600) - 48;
}
