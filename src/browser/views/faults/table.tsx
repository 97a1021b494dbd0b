/**
 * The rules in the order in which they are tried, and how often each has struck.
 */
import type { Schemas } from '../../control.js';
import { Json } from '../../parts/json.js';
import { Wide } from '../../parts/wide.js';
import { opensRow } from '../../rows.js';
import { happens, strikesWhen, takes } from './words.js';

interface TableProperties {
  readonly faults: readonly Schemas['Fault'][];
  readonly onDelete: (name: string) => void;
}

export function Table({ faults, onDelete }: TableProperties) {
  return (
    <Wide label="Table of the rules">
      <table class="rules stacks">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Takes</th>
            <th scope="col">Strikes</th>
            <th scope="col">What happens</th>
            <th scope="col" class="number">
              Matched
            </th>
            <th scope="col" class="number">
              Struck
            </th>
            <th scope="col">Actions</th>
          </tr>
        </thead>
        <tbody>
          {faults.map(({ name, rule, matched, struck }) => (
            <tr key={name}>
              <th scope="row" class="name">
                <details>
                  <summary {...opensRow}>{name}</summary>
                  <Json value={{ ...rule }} label={`The rule ${name}`} />
                </details>
              </th>
              <td data-label="Takes">{takes(rule)}</td>
              <td data-label="Strikes">{strikesWhen(rule)}</td>
              <td data-label="What happens">{happens(rule)}</td>
              <td data-label="Matched" class="number">
                {matched}
              </td>
              <td data-label="Struck" class="number">
                {struck}
              </td>
              <td data-label="Actions">
                <p class="row-actions">
                  <button type="button" class="danger" aria-label={`Delete ${name}`} onClick={() => onDelete(name)}>
                    Delete
                  </button>
                </p>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}
