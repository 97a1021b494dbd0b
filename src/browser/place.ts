/**
 * Where the page is, as the URL's fragment says: `#/~checkout-17/state/nuntiq/payments?search=1200` is the view `state` of the
 * workspace `checkout-17`. Every place is a link that can be kept and sent.
 */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

export interface Place {
  /** `default` where the URL names none. */
  readonly workspace: string;
  /** The first part: `live`; empty for home. */
  readonly view: string;
  /** The parts behind it, decoded. */
  readonly rest: readonly string[];
  readonly query: URLSearchParams;
}

/** The current one. */
export const place = signal(read());

/** Whether something was written here that would be lost; see {@link useUnsaved}. */
const unsaved = new Set<symbol>();

window.addEventListener('hashchange', (event) => {
  if (unsaved.size > 0 && !confirm('What you wrote here is not saved. Leave it?')) {
    history.replaceState(null, '', event.oldURL);
    return;
  }
  place.value = read();
});
window.addEventListener('beforeunload', (event) => {
  if (unsaved.size > 0) event.preventDefault();
});

/** While `isUnsaved`, who leaves this place, or the page, is asked first. */
export function useUnsaved(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return undefined;
    const mine = Symbol('unsaved');
    unsaved.add(mine);
    return () => {
      unsaved.delete(mine);
    };
  }, [isUnsaved]);
}

/** Gives up what was written here: who goes on is not asked. */
export function discard(): void {
  unsaved.clear();
}

function read(): Place {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?', 2);
  const parts = path.split('/').map(decode);
  const [first = ''] = parts;
  const workspace = first.startsWith('~') ? first.slice(1) : '';
  const [view = '', ...rest] = workspace === '' ? parts : parts.slice(1);
  return {
    workspace: workspace === '' ? 'default' : workspace,
    view,
    rest: rest.filter((part) => part !== ''),
    query: new URLSearchParams(query),
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Parts of a URL of this page; those that are left out are `workspace` as now, no `rest` and no `query`. */
export interface Way {
  readonly workspace?: string;
  readonly view: string;
  readonly rest?: readonly (string | number)[];
  readonly query?: Readonly<Record<string, string>>;
}

/** The link to a place. Members of `query` that are empty are left out. */
export function linkTo({ workspace = place.value.workspace, view, rest = [], query = {} }: Way): string {
  const path = [...(workspace === 'default' ? [] : [`~${workspace}`]), view, ...rest]
    .map((part) => encodeURIComponent(part).replace(/^%7E/i, '~'))
    .join('/');
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString();
  return `#/${path}${search === '' ? '' : `?${search}`}`;
}

/** Goes to a place. `replace`: the back button does not lead back here. */
export function goTo(way: Way, replace = false): void {
  const link = linkTo(way);
  if (link === location.hash) return;
  if (replace) {
    history.replaceState(null, '', link);
    place.value = read();
  } else {
    location.hash = link;
  }
}

/** Changes members of the query of the current place, without a step of the back button; an empty one is taken away. */
export function setQuery(change: Readonly<Record<string, string>>): void {
  const { view, rest, query } = place.value;
  goTo({ view, rest, query: { ...Object.fromEntries(query), ...change } }, true);
}

/** What stands before an api in the URLs of a workspace: `/~checkout-17`, nothing for `default`. */
export function prefixOf(workspace: string): string {
  return workspace === 'default' ? '' : `/~${encodeURIComponent(workspace)}`;
}

/** The page of an api's documentation, for the workspace that is looked at. */
export function documentationOf(api: string): string {
  const { workspace } = place.value;
  const query = new URLSearchParams({ api, ...(workspace === 'default' ? {} : { workspace }) });
  return `/_browser/documentation.html?${query}`;
}
