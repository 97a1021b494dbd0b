/**
 * A report as one HTML file: nothing is loaded from elsewhere, and nothing in it runs.
 */
import { coverageCounts } from '../coverage.js';
import type { Finding } from '../findings.js';
import { byOperation, phaseCounts, type Report, verdictOf } from './report.js';

/** Bodies in the page are cut; the curl gets the whole again. */
const mostCharacters = 4_000;

/** The report as a page. */
export function htmlReport(report: Report): string {
  const { title, url, startedAt, milliseconds, findings, outcomes } = report;
  const phases = phaseCounts(outcomes)
    .map(
      ({ phase, cases, failed, ruled }) =>
        `<tr><th scope="row">${phase}</th><td>${cases}</td><td class="${failed > 0 ? 'bad' : 'good'}">${failed}</td><td>${ruled}</td></tr>`,
    )
    .join('\n');
  const operations = [...byOperation(findings)]
    .map(([operation, own]) => `<h2>${html(operation)}</h2>\n${own.map(finding).join('\n')}`)
    .join('\n');
  const verdict = verdictOf(report);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${html(title)}: ${verdict}</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<p class="verdict ${findings.length > 0 ? 'bad' : 'good'}">${verdict}</p>
<h1>${html(title)}</h1>
<p>${html(url)} · <time datetime="${startedAt.toISOString()}">${startedAt.toISOString().slice(0, 19).replace('T', ' ')} UTC</time> · ${(milliseconds / 1000).toFixed(1)} s</p>
</header>
<table>
<thead><tr><th scope="col">phase</th><th scope="col">requests</th><th scope="col">failed</th><th scope="col">refused by a rule</th></tr></thead>
<tbody>
${phases}
</tbody>
</table>
${operations}
${leftAside(report)}
${coverage(report)}
</main>
</body>
</html>
`;
}

/** What was exercised, and what never was. */
function coverage({ coverage: items }: Report): string {
  const counts = coverageCounts(items).map(({ kind, exercised, total }) => `${exercised} of ${total} ${kind}s`);
  const never = items.filter(({ phases }) => phases.length === 0);
  const rows = never.map(({ operationId, name }) => `<li><code>${html(operationId)}</code> ${html(name)}</li>`);
  const left =
    never.length === 0 ? '' : `<details><summary>Never exercised</summary><ul>${rows.join('')}</ul></details>`;
  return `<h2>Coverage</h2>\n<p>${counts.join(', ')}</p>\n${left}`;
}

/** What differs between two servers and does not count. */
function leftAside({ aside = [] }: Report): string {
  if (aside.length === 0) return '';
  const rows = aside.map(
    ({ what, place, count }) =>
      `<tr><th scope="row">${what}</th><td><code>${html(place)}</code></td><td>${count}</td></tr>`,
  );
  return `<h2>Left aside</h2>\n<table><tbody>${rows.join('\n')}</tbody></table>`;
}

function finding({ check, message, pointer, documented, count, cases, curl, response, other }: Finding): string {
  const places = [
    ...(pointer === '' ? [] : [`<dt>in the answer</dt><dd><code>${html(pointer)}</code></dd>`]),
    ...(documented === '' ? [] : [`<dt>in the document</dt><dd><code>#${html(documented)}</code></dd>`]),
    `<dt>requests</dt><dd>${count}, the first of them <code>${html(cases[0] ?? '')}</code></dd>`,
  ];
  return `<details>
<summary><span class="check">${check}</span> ${html(message)}</summary>
<dl>${places.join('')}</dl>
${exchange(curl, response, other === undefined ? '' : ' to A')}
${other === undefined ? '' : exchange(other.curl, other.response, ' to B')}
</details>`;
}

function exchange(curl: string, response: Finding['response'], whom: string): string {
  const answer =
    response === undefined
      ? 'none'
      : `${response.status}\n${[...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n')}\n\n${response.text}`;
  return `<h3>Request${whom}</h3>
<pre>${html(cut(curl))}</pre>
<h3>Answer</h3>
<pre>${html(cut(answer))}</pre>`;
}

function cut(text: string): string {
  return text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters)}\n… (${text.length} characters)`;
}

function html(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

const style = `
:root { color-scheme: light dark; --text: #1c2024; --muted: #60646c; --line: #d9d9e0; --back: #fff; --code: #f4f4f6; --bad: #b42318; --good: #18794e; }
@media (prefers-color-scheme: dark) { :root { --text: #edeef0; --muted: #b0b4ba; --line: #3a3d44; --back: #111113; --code: #1b1d22; --bad: #ff9592; --good: #3dd68c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { margin: 0; font-size: 1.5rem; }
h2 { margin: 2rem 0 .5rem; font-size: 1.1rem; }
h3 { margin: 1rem 0 .25rem; font-size: .9rem; color: var(--muted); font-weight: 600; }
header p { margin: .25rem 0; color: var(--muted); }
header .verdict { font-size: 1.1rem; font-weight: 700; }
.verdict.bad, td.bad { color: var(--bad); } .verdict.good, td.good { color: var(--good); }
table { border-collapse: collapse; margin: 1.5rem 0; }
th, td { padding: .35rem 1rem .35rem 0; text-align: left; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
details { border-top: 1px solid var(--line); padding: .6rem 0; }
summary { cursor: pointer; overflow-wrap: anywhere; }
.check { color: var(--bad); font-weight: 600; margin-right: .5rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: .75rem 0; }
dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
pre { background: var(--code); padding: .75rem; border-radius: 6px; overflow-x: auto; margin: 0; font-size: .85rem; }
code { font-size: .9em; }
`;
