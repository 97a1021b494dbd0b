/**
 * A report as one HTML file: nothing is loaded from elsewhere, and nothing in it runs but the page's own script.
 */
import { coverageCounts } from '../coverage.js';
import type { Finding } from '../findings.js';
import { coverageSection } from './html-coverage.js';
import { script, scriptSource, style } from './html-page.js';
import { escapeHtml as html } from './html-text.js';
import { byOperation, type Report, sideOf, verdictOf } from './report.js';
import { cut } from './shown.js';

/** An answer is cut; sent again, it is whole. */
const mostCharacters = 4_000;

/** Where there are more findings, each is closed until it is asked for. */
const mostOpen = 3;

/** The report as a page. */
export function htmlReport(report: Report): string {
  const { title, url, startedAt, milliseconds, findings, notes } = report;
  const verdict = verdictOf(report);
  const time = `${startedAt.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src ${scriptSource}; base-uri 'none'; form-action 'none'">
<title>${html(title)}: ${verdict}</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<h1>${html(title)}</h1>
<p class="verdict ${findings.length > 0 ? 'bad' : 'good'}">${verdict} <span>in ${extentOf(report)}</span></p>
<p class="run">${html(url)} · <time datetime="${startedAt.toISOString()}">${time}</time> · ${(milliseconds / 1000).toFixed(1)} s</p>
</header>
<section class="summary" aria-label="Summary">
${countTable(report)}
${coverageBars(report)}
</section>
${notes.map((note) => `<p>${html(note)}</p>`).join('\n')}
${findings.length === 0 ? '' : findingsSection(report)}
${leftAside(report)}
${coverageSection(report.coverage)}
</main>
<script>${script}</script>
</body>
</html>
`;
}

/** `812 requests`, or `40 requests, 38 answers`. */
function extentOf({ tool, counts }: Report): string {
  if (tool === 'paydouble proxy') return counts.map(({ name, judged }) => `${judged} ${name}`).join(', ');
  return `${counts.reduce((total, { judged }) => total + judged, 0)} requests`;
}

function countTable({ tool, counts }: Report): string {
  const isProxy = tool === 'paydouble proxy';
  const head = isProxy ? ['side', 'judged', 'failed'] : ['phase', 'requests', 'failed', 'refused by a rule'];
  const rows = counts.map(
    ({ name, judged, failed, ruled }) =>
      `<tr><th scope="row">${name}</th><td>${judged}</td><td class="${failed > 0 ? 'bad' : ''}">${failed}</td>${isProxy ? '' : `<td>${ruled}</td>`}</tr>`,
  );
  return table(head, rows);
}

function table(head: readonly string[], rows: readonly string[]): string {
  return `<table>
<thead><tr>${head.map((each) => `<th scope="col">${each}</th>`).join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody>
</table>`;
}

/** What differs between two servers and does not count. */
function leftAside({ aside = [] }: Report): string {
  if (aside.length === 0) return '';
  const rows = aside.map(
    ({ what, place, count }) =>
      `<tr><th scope="row">${what}</th><td><code>${html(place)}</code></td><td>${count}</td></tr>`,
  );
  return `<section aria-labelledby="aside"><h2 id="aside">Left aside</h2>
${table(['what', 'where', 'times'], rows)}</section>`;
}

function coverageBars({ coverage }: Report): string {
  const bars = coverageCounts(coverage)
    .filter(({ total }) => total > 0)
    .map(({ kind, exercised, total }) => {
      const name = `${kind}s`;
      return `<dt>${name}</dt><dd><meter min="0" max="${total}" value="${exercised}" aria-label="${name} exercised"></meter> ${exercised} of ${total}</dd>`;
    });
  return `<dl class="bars">${bars.join('\n')}</dl>`;
}

function findingsSection({ findings, aside }: Report): string {
  const groups = [...byOperation(findings)].map(
    ([operation, own]) =>
      `<h3>${html(operation)} <span class="count">${own.length}</span></h3>\n${own
        .map((each) => finding(each, findings.length <= mostOpen))
        .join('\n')}`,
  );
  const heading = aside === undefined ? 'Defects' : 'Differences';
  return `<section aria-labelledby="findings"><h2 id="findings">${heading}</h2>\n${groups.join('\n')}</section>`;
}

function finding(found: Finding, open: boolean): string {
  const { check, message, pointer, documented, count, cases, curl, response, other } = found;
  const places = [
    ...(pointer === '' ? [] : [`<dt>in the ${sideOf(found)}</dt><dd><code>${html(pointer)}</code></dd>`]),
    ...(documented === '' ? [] : [`<dt>in the document</dt><dd><code>#${html(documented)}</code></dd>`]),
    `<dt>requests</dt><dd>${count}</dd>`,
    ...(cases[0] === undefined ? [] : [`<dt>again</dt><dd><code>--replay '${html(cases[0])}'</code></dd>`]),
  ];
  return `<details class="finding"${open ? ' open' : ''}>
<summary><span class="check">${check}</span> ${html(message)}</summary>
<dl class="places">${places.join('')}</dl>
${other === undefined ? exchange(curl, response) : exchange(curl, response, 'A') + exchange(other.curl, other.response, 'B')}
</details>`;
}

/** A request and its answer; `server` tells one of two servers. */
function exchange(curl: string, response: Finding['response'], server?: string): string {
  const [whom, from] = server === undefined ? ['', ''] : [` to ${server}`, ` of ${server}`];
  const answer =
    response === undefined
      ? 'none'
      : `${response.status}\n${[...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n')}\n\n${response.text}`;
  return `<div class="block"><h4>Request${whom}</h4><button type="button" class="copy" hidden>Copy</button><output></output>
<pre tabindex="0" aria-label="Request${whom} as curl">${html(curl)}</pre></div>
<div class="block"><h4>Answer${from}</h4>
<pre tabindex="0" aria-label="Answer${from}">${html(cut(answer, mostCharacters))}</pre></div>`;
}
