/**
 * The collections of every api, and how many records each holds.
 */
import type { Schemas } from '../../control.js';
import { useLoaded } from '../../loaded.js';
import { Show } from '../../parts/refused.js';
import { linkTo } from '../../place.js';
import { opensRow, useRows } from '../../rows.js';
import { apis, currentWorkspace, detailsOf } from '../../sandbox.js';
import { Trail } from './trail.js';

/** `only`: those of one api; absent, of all. */
export function Collections({ only }: { only: string | undefined }) {
  const names = only === undefined ? (apis.value ?? []).map(({ api }) => api) : [only];
  const loaded = useLoaded(() => Promise.all(names.map(detailsOf)), [names.join()]);
  const list = useRows<HTMLDivElement>('collection');
  return (
    <>
      {only !== undefined && <Trail parts={[only]} />}
      <h1>{only ?? 'State'}</h1>
      <p class="lead">
        What the workspace holds. Whatever is stored here is judged as a scenario's records are, and the API answers
        from it at once.
      </p>
      <div ref={list}>
        <Show loaded={loaded}>{(all) => all.map((details) => <OfApi key={details.api} details={details} />)}</Show>
      </div>
    </>
  );
}

function OfApi({ details: { api, title, collections } }: { details: Schemas['ApiDetails'] }) {
  const held = currentWorkspace()?.collections[api] ?? {};
  return (
    <table class="collections">
      <caption>{title}</caption>
      <thead>
        <tr>
          <th scope="col">Collection</th>
          <th scope="col" class="number">
            Records
          </th>
          <th scope="col">What it holds</th>
        </tr>
      </thead>
      <tbody>
        {collections.map(({ collection, description }) => (
          <tr key={collection}>
            <th scope="row">
              <a {...opensRow} href={linkTo({ view: 'state', rest: [api, collection] })}>
                {collection}
              </a>
            </th>
            <td class="number">{(held[collection] ?? 0).toLocaleString('en')}</td>
            <td>{description}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
