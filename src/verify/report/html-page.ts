/**
 * What every page of a report has: how it looks, and a script that copies a request and filters coverage. Without the script
 * all can be read.
 */
import { createHash } from 'node:crypto';

/** Light and dark as the reader's system is; text keeps a contrast of 4.5 to 1 and more in both. */
export const style = `
:root { color-scheme: light dark; --text: #1c2024; --muted: #5b5f67; --line: #d5d7dd; --back: #fff; --code: #f2f3f5; --bad: #b42318; --good: #146c43; --link: #0b57d0; }
@media (prefers-color-scheme: dark) { :root { --text: #edeef0; --muted: #b0b4ba; --line: #3a3d44; --back: #111113; --code: #1b1d22; --bad: #ff9592; --good: #3dd68c; --link: #8ab4f8; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 64rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { margin: 0; font-size: 1.6rem; line-height: 1.25; }
h2 { margin: 2.5rem 0 .5rem; font-size: 1.25rem; }
h3 { margin: 1.5rem 0 .25rem; font-size: 1rem; overflow-wrap: anywhere; }
h4 { margin: 0; font-size: .875rem; color: var(--muted); }
.bad { color: var(--bad); } .good { color: var(--good); }
.verdict { margin: .5rem 0 0; font-size: 1.25rem; font-weight: 700; }
.verdict span { color: var(--muted); font-size: 1rem; font-weight: 400; }
.run { margin: 0; color: var(--muted); overflow-wrap: anywhere; }
.summary { display: flex; flex-wrap: wrap; gap: 1rem 3rem; margin-top: 1.5rem; align-items: flex-start; }
table { border-collapse: collapse; }
th, td { padding: .3rem 1.25rem .3rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
thead th { color: var(--muted); font-weight: 600; font-size: .875rem; }
.summary td { text-align: right; } .summary thead th + th { text-align: right; }
.bars { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1rem; margin: 0; }
.bars dt { color: var(--muted); } .bars dd { margin: 0; font-variant-numeric: tabular-nums; }
meter { width: 7rem; height: .9rem; vertical-align: middle; }
.count { display: inline-block; min-width: 1.5rem; padding: 0 .4rem; border-radius: 1rem; background: var(--code); color: var(--muted); font-size: .8rem; text-align: center; }
details { border-top: 1px solid var(--line); padding: .5rem 0; }
summary { cursor: pointer; overflow-wrap: anywhere; padding: .15rem 0; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.check { color: var(--bad); font-weight: 600; margin-right: .35rem; }
.places { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: .75rem 0; }
.places dt { color: var(--muted); } .places dd { margin: 0; overflow-wrap: anywhere; }
.block { margin: .75rem 0; } .block h4 { display: inline-block; margin-right: .75rem; }
button { font: inherit; font-size: .8rem; padding: .1rem .6rem; color: var(--text); background: var(--code); border: 1px solid var(--muted); border-radius: 4px; cursor: pointer; }
output { margin-left: .5rem; color: var(--muted); font-size: .8rem; }
pre { background: var(--code); padding: .75rem; border-radius: 6px; overflow: auto; max-height: 24rem; margin: .35rem 0 0; font-size: .85rem; white-space: pre-wrap; overflow-wrap: anywhere; }
code { font-size: .9em; overflow-wrap: anywhere; }
.filters { display: flex; flex-wrap: wrap; gap: .5rem 2rem; }
.filters [hidden] { display: none; }
input[type=search] { font: inherit; color: var(--text); background: var(--back); border: 1px solid var(--muted); border-radius: 4px; padding: .1rem .4rem; max-width: 100%; }
.operation summary span { color: var(--muted); font-size: .875rem; margin-left: .6rem; white-space: nowrap; }
.scroll { overflow-x: auto; }
.coverage:has(.never:checked) .reached, .coverage:has(.never:checked) .whole { display: none; }
@media (max-width: 30rem) { .places, .bars { grid-template-columns: 1fr; gap: 0; } .places dd, .bars dd { margin-bottom: .4rem; } th, td { padding-right: .75rem; } }
@media print { details:not([open]) > :not(summary) { display: revert; } button, .filters { display: none; } }
`;

/** Copies the request beside a button, and hides rows of coverage that lack what is typed. */
export const script = `
for (const button of document.querySelectorAll('button.copy')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const pre = button.parentElement.querySelector('pre');
    const told = button.parentElement.querySelector('output');
    try {
      await navigator.clipboard.writeText(pre.textContent);
      told.textContent = 'Copied.';
    } catch {
      getSelection().selectAllChildren(pre);
      told.textContent = 'Selected: copy it with the keyboard.';
    }
  });
}
for (const label of document.querySelectorAll('label.filter')) {
  label.hidden = false;
  label.querySelector('input').addEventListener('input', ({ target }) => {
    const wanted = target.value.trim().toLowerCase();
    for (const operation of document.querySelectorAll('details.operation')) {
      let left = 0;
      for (const row of operation.querySelectorAll('tbody tr')) {
        const named = operation.querySelector('summary b').textContent + ' ' + row.textContent;
        row.hidden = !named.toLowerCase().includes(wanted);
        if (!row.hidden) left++;
      }
      operation.hidden = left === 0;
      operation.open = wanted !== '' && left > 0;
    }
  });
}
`;

/** What a policy names the script by: another one does not run. */
export const scriptSource = `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
