/**
 * What of the document a run exercised, in short.
 */
import type { Schemas } from '../../control.js';
import { Wide } from '../../parts/wide.js';

export function Coverage({
  coverage: { counts, operations },
}: {
  coverage: Schemas['VerificationReport']['coverage'];
}) {
  return (
    <section aria-labelledby="coverage">
      <h2 id="coverage">Coverage</h2>
      <p class="verdict-line">
        {counts.map(({ kind, exercised, total }) => (
          <span key={kind}>
            {exercised} of {total} {kind === 'media-type' ? 'media types' : `${kind}s`}
          </span>
        ))}
      </p>
      <Wide label="Coverage of each operation">
        <table>
          <thead>
            <tr>
              <th scope="col">Operation</th>
              <th scope="col">Succeeded</th>
              <th scope="col" class="number">
                Answers seen
              </th>
              <th scope="col">Never seen</th>
            </tr>
          </thead>
          <tbody>
            {operations.map(({ operationId, name, succeeded, responses }) => (
              <tr key={operationId}>
                <th scope="row">
                  <code>{name}</code>
                </th>
                <td class={succeeded ? '' : 'is-failed'}>{succeeded ? 'yes' : 'never'}</td>
                <td class="number">
                  {responses.filter(({ seen }) => seen).length} of {responses.length}
                </td>
                <td>
                  {responses
                    .filter(({ seen }) => !seen)
                    .map(({ name: answer }) => answer)
                    .join(', ')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}
