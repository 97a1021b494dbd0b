/**
 * What is no operation of an api: the home page, the documents, and paths that lead nowhere.
 *
 * The only module that imports Express.
 */
import type express from 'express';
import type { Api } from './apis.js';
import { stringify } from './json.js';
import { loadPackage } from './load-package.js';
import { toYaml } from './yaml.js';

/** What a workspace's URLs begin with; documents and the home page are the same in each. */
const prefix = '{/~:workspace}';

/** `apis` are all that are served, the control API included. */
export function makeHome(apis: ReadonlyMap<string, Api>): express.Express {
  const app = loadPackage<typeof express>('express')();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.get(['/', '/~:workspace'], (_request, response) => {
    response.type('html').send(page(apis));
  });
  app.get(`${prefix}/:api`, (request, response, next) => {
    if (apis.has(request.params.api)) response.redirect(`/#${request.params.api}`);
    else next();
  });
  for (const format of ['json', 'yaml'] as const) {
    app.get(`${prefix}/:api/openapi.${format}`, (request, response, next) => {
      const api = apis.get(request.params.api);
      if (api === undefined) {
        next();
        return;
      }
      const text = format === 'json' ? stringify(api.document.root, 2) : toYaml(api.document.root);
      response.type(format === 'json' ? 'application/json' : 'application/yaml').send(text);
    });
  }
  app.use((request, response) => {
    const served = [...apis.keys()].map((api) => `/${api}`).join(', ');
    response
      .status(404)
      .type('application/problem+json')
      .send(
        stringify({
          type: 'urn:paydouble:problem:unknown-path',
          title: 'No such path',
          status: 404,
          detail: `${request.method} ${request.path} leads to no api. Served are ${served}; put the vendor's path behind one of them.`,
          errors: [],
        }),
      );
  });
  return app;
}

function page(apis: ReadonlyMap<string, Api>): string {
  const sections = [...apis.values()].map(({ name, document }) => {
    const rows = document.operations.map(
      ({ method, path, operationId, summary }) =>
        `<tr><td><code>${escapeHtml(method)}</code></td><td><code>/${escapeHtml(name)}${escapeHtml(path)}</code></td><td>${escapeHtml(operationId)}</td><td>${escapeHtml(summary)}</td></tr>`,
    );
    return `<section id="${escapeHtml(name)}"><h2>${escapeHtml(document.title)}</h2><p><a href="/${escapeHtml(name)}/openapi.json">openapi.json</a> · <a href="/${escapeHtml(name)}/openapi.yaml">openapi.yaml</a></p><div class="wide"><table><thead><tr><th scope="col">Method</th><th scope="col">Path</th><th scope="col">operationId</th><th scope="col">Summary</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
  });
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>paydouble</title><style>
:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #8884}
</style></head><body><main><h1>paydouble</h1>
<p>A test double for payment APIs. Credentials: <a href="/_sandbox/apis">/_sandbox/apis</a> · documented samples: <a href="/_sandbox/samples">/_sandbox/samples</a> · scenarios: <a href="/_sandbox/scenarios">/_sandbox/scenarios</a> · workspaces: <a href="/_sandbox/workspaces">/_sandbox/workspaces</a></p>
${sections.join('\n')}</main></body></html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
