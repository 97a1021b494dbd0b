/**
 * Records that were added, removed and changed: each member as it was and as it is.
 */
import { type JsonValue, type Schemas, stringify } from '../control.js';
import { keyText } from '../key-text.js';
import { linkTo } from '../place.js';
import { Json } from './json.js';

interface DifferencesProperties {
  readonly differences: Schemas['Differences'];
  /** Where the records are now; absent, they are not linked to. */
  readonly workspace?: string;
}

export function Differences({ differences: { added, removed, changed }, workspace }: DifferencesProperties) {
  if (added.length + removed.length + changed.length === 0) return <p class="soft">No record changed.</p>;
  return (
    <div class="differences">
      {changed.map(({ api, collection, key, members }) => (
        <section key={`${api}/${collection}/${keyText(key)}`} class="difference">
          <h4>
            Changed: <Name api={api} collection={collection} id={key} workspace={workspace} />
          </h4>
          <table>
            <thead>
              <tr>
                <th scope="col">Member</th>
                <th scope="col">Before</th>
                <th scope="col">After</th>
              </tr>
            </thead>
            <tbody>
              {members.map(({ pointer, before, after }) => (
                <tr key={pointer}>
                  <th scope="row">
                    <code>{pointer}</code>
                  </th>
                  <td class="before">
                    <code>{stringify(before)}</code>
                  </td>
                  <td class="after">
                    <code>{stringify(after)}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
      {[
        ...added.map((each) => ({ ...each, isAdded: true })),
        ...removed.map((each) => ({ ...each, isAdded: false })),
      ].map(({ api, collection, record, isAdded }, index) => (
        <details key={`${index}${isAdded}`} class={isAdded ? 'difference added' : 'difference removed'}>
          <summary>
            {isAdded ? 'Added' : 'Removed'}: {api} {collection}
          </summary>
          <Json value={record} label={`${isAdded ? 'Added' : 'Removed'} record of ${collection}`} />
        </details>
      ))}
    </div>
  );
}

interface NameProperties {
  readonly api: string;
  readonly collection: string;
  readonly id: JsonValue;
  readonly workspace: string | undefined;
}

/** A record's name, and the way to it. */
function Name({ api, collection, id, workspace }: NameProperties) {
  const name = `${api} ${collection} ${keyText(id)}`;
  if (workspace === undefined) return <>{name}</>;
  return <a href={linkTo({ workspace, view: 'state', rest: [api, collection, keyText(id)] })}>{name}</a>;
}
