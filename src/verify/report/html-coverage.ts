/**
 * Coverage in the page: for each operation what of it was exercised, and by which phase, or never.
 */
import { type CoverageItem, coverageCounts, coverageKinds } from '../coverage.js';
import { escapeHtml as html } from './html-text.js';

/** The section of the page. */
export function coverageSection(items: readonly CoverageItem[]): string {
  const operations = [...new Set(items.map(({ operationId }) => operationId))];
  const never = items.filter(({ phases }) => phases.length === 0).length;
  return `<section aria-labelledby="coverage" class="coverage"><h2 id="coverage">Coverage</h2>
<p class="filters"><label><input type="checkbox" class="never"> only what was never exercised (${never})</label>
<label class="filter" hidden>Filter <input type="search" placeholder="query, maxLength, 404 …"></label></p>
${operations.map((operation) => operationItems(operation, items)).join('\n')}
</section>`;
}

function operationItems(operation: string, items: readonly CoverageItem[]): string {
  const own = items.filter(({ operationId }) => operationId === operation);
  const counts = coverageCounts(own)
    .filter(({ total }) => total > 0)
    .map(({ kind, exercised, total }) => `<span>${kind}s ${exercised}/${total}</span>`);
  const rows = coverageKinds.flatMap((kind) => own.filter((item) => item.kind === kind)).map(row);
  const whole = own.every(({ phases }) => phases.length > 0);
  return `<details class="operation${whole ? ' whole' : ''}">
<summary><b>${html(operation)}</b> ${counts.join(' ')}</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Coverage of ${html(operation)}"><table>
<thead><tr><th scope="col">kind</th><th scope="col">what</th><th scope="col">exercised by</th></tr></thead>
<tbody>${rows.join('\n')}</tbody>
</table></div>
</details>`;
}

function row({ kind, name, phases }: CoverageItem): string {
  const reached = phases.length > 0;
  const by = reached ? phases.join(', ') : '<span class="bad">never</span>';
  return `<tr${reached ? ' class="reached"' : ''}><td>${kind}</td><td><code>${html(name)}</code></td><td>${by}</td></tr>`;
}
