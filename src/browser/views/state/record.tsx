/**
 * One record: what it holds, what it names, and what names it.
 */
import { useState } from 'preact/hooks';
import { control, isObject, type Schemas, stringify, tell } from '../../control.js';
import { useShortcuts } from '../../keyboard.js';
import { useLoaded } from '../../loaded.js';
import { Copy } from '../../parts/copy.js';
import { Confirm } from '../../parts/dialog.js';
import { Json } from '../../parts/json.js';
import { Show } from '../../parts/refused.js';
import { goTo, linkTo } from '../../place.js';
import { carryOut, detailsOf } from '../../sandbox.js';
import { declaredOf, pathOf, recordOf, recordsOf } from './ask.js';
import { type Collection, type Declared, namedBy, namesOf } from './declared.js';
import { Trail } from './trail.js';

/** `id` is the key as it stands in a URL. */
export function RecordPage({ of, id }: { of: Collection; id: string }) {
  const { api, collection } = of;
  const [asksToDelete, setAsksToDelete] = useState(false);
  const declared = useLoaded(() => declaredOf(of), []);
  const record = useLoaded(() => recordOf(of, id), []);
  const naming = useLoaded(() => countNaming(of, id), []);
  const back = () => goTo({ view: 'state', rest: [api, collection] });
  const edit = () => goTo({ view: 'state', rest: [api, collection, id], query: { edit: '1' } });
  const duplicate = () => goTo({ view: 'state', rest: [api, collection], query: { new: '1', from: id } });
  const reload = () => {
    record.again();
    naming.again();
  };
  const remove = async () => {
    const params = { path: { ...pathOf(of), key: id } };
    const asked = () => tell(control.DELETE('/workspaces/{name}/state/{api}/{collection}/{key}', { params }));
    if (await carryOut(`Deleted: ${collection} ${id}.`, asked)) back();
  };
  useShortcuts([
    { keys: 'e', does: 'Edit', run: edit },
    { keys: 'r', does: 'Reload', run: reload },
    { keys: 'Escape', does: `Back to ${collection}`, run: back },
  ]);
  return (
    <>
      <Trail parts={[api, collection, id]} />
      <h1>
        {collection} {id}
      </h1>
      <Show loaded={declared}>
        {(known) => (
          <Show loaded={record}>
            {(held) => (
              <>
                <p class="actions">
                  <button type="button" onClick={edit}>
                    Edit
                  </button>
                  <button type="button" onClick={duplicate}>
                    Duplicate
                  </button>
                  <button type="button" onClick={reload}>
                    Reload
                  </button>
                  <button type="button" class="danger" onClick={() => setAsksToDelete(true)}>
                    Delete
                  </button>
                  <Copy text={stringify(held, 2)} what="JSON" />
                </p>
                <div class="columns record">
                  <Json value={held} label={`${collection} ${id}`} marks={links(held, known, api)} />
                  <Show loaded={naming}>{(all) => <NamedBy of={of} id={id} all={all} />}</Show>
                </div>
              </>
            )}
          </Show>
        )}
      </Show>
      {asksToDelete && (
        <Confirm
          title={`Delete ${collection} ${id}?`}
          action="Delete it"
          onConfirm={remove}
          onClose={() => setAsksToDelete(false)}
        >
          <p>The record is gone then. A record that others name stays.</p>
        </Confirm>
      )}
    </>
  );
}

function links(record: Schemas['Record'], declared: Declared, api: string) {
  if (!isObject(record)) return [];
  return namesOf(record, declared).map(({ pointer, collection, key }) => ({
    pointer,
    kind: 'link' as const,
    message: `${collection} ${key}`,
    href: linkTo({ view: 'state', rest: [api, collection, key] }),
  }));
}

interface Naming {
  readonly collection: string;
  readonly property: string;
  readonly count: number;
}

/** How many records name this one, by the property that does. */
async function countNaming(of: Collection, id: string): Promise<readonly Naming[]> {
  const { collections } = await detailsOf(of.api);
  return Promise.all(
    namedBy(collections, of.collection).map(async ({ collection, property }) => {
      const found = await recordsOf({ api: of.api, collection }, { where: `${property}:${id}`, limit: 0 });
      return { collection, property, count: found.total };
    }),
  );
}

function NamedBy({ of, id, all }: { of: Collection; id: string; all: readonly Naming[] }) {
  if (all.length === 0) return null;
  return (
    <section aria-labelledby="named-by">
      <h2 id="named-by">Named by</h2>
      <ul class="naming">
        {all.map(({ collection, property, count }) => (
          <li key={`${collection}.${property}`}>
            {count === 0 ? (
              <span class="soft">
                no {collection} (<code>{property}</code>)
              </span>
            ) : (
              <>
                <a
                  href={linkTo({
                    view: 'state',
                    rest: [of.api, collection],
                    query: { where: `${property}:${id}` },
                  })}
                >
                  {count.toLocaleString('en')} of {collection}
                </a>{' '}
                (<code>{property}</code>)
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
