/**
 * What is no operation of an api: the pages for browsers, the documents, and paths that lead nowhere.
 *
 * The only module that imports Express.
 */
import { existsSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type express from 'express';
import type { Api } from './apis.js';
import { isArray, isObject, type JsonObject, stringify } from './json.js';
import { loadPackage } from './load-package.js';
import { pages } from './paths.js';
import { problemDetails } from './plain-dialect.js';
import { Problem } from './problem.js';
import { reasonOf } from './reason.js';
import { toYaml } from './yaml.js';

/** What a workspace's URLs begin with; documents and pages are the same in each. */
const prefix = '{/~:workspace}';

/** What the files of the pages are below. No api's name begins with an underscore. */
const filesUrl = '/_browser';

/**
 * Scripts, requests and pictures from here alone, and no page of others around ours. Styles may stand in the page, since the
 * viewer of documents and the editor put theirs there.
 */
const policy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * `apis` are all that are served, the control API included. `requireHost` throws a {@link Problem} for a Host by which pages and
 * documents may not be read; what is sent elsewhere by such a name is told where it went wrong all the same.
 */
export function makeHome(apis: ReadonlyMap<string, Api>, requireHost: (host?: string) => void): express.Express {
  const framework = loadPackage<typeof express>('express');
  const app = framework();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use((_request, response, next) => {
    response.set({
      'Content-Security-Policy': policy,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    });
    next();
  });
  const guard = ({ headers }: IncomingMessage, _response: unknown, next: () => void): void => {
    requireHost(headers.host);
    next();
  };
  app.get('/', guard, (_request, response, next) => {
    if (existsSync(pages)) response.set('Cache-Control', 'no-cache').sendFile(join(pages, 'index.html'));
    else next();
  });
  app.get('/~:workspace', (request, response) => {
    response.redirect(`/#/~${encodeURIComponent(request.params.workspace)}/`);
  });
  app.use(filesUrl, guard);
  // Their names change with what is in them.
  app.use(`${filesUrl}/assets`, framework.static(join(pages, 'assets'), { immutable: true, maxAge: '1y' }));
  app.use(filesUrl, framework.static(pages, { index: false, redirect: false, cacheControl: false }));
  app.get(`${prefix}/:api`, (request, response, next) => {
    const { api, workspace } = request.params;
    const query = new URLSearchParams({ api, ...(workspace === undefined ? {} : { workspace }) });
    if (apis.has(api)) response.redirect(`${filesUrl}/documentation.html?${query}`);
    else next();
  });
  for (const format of ['json', 'yaml'] as const) {
    app.get(`${prefix}/:api/openapi.${format}`, guard, (request, response, next) => {
      const { api: name, workspace } = request.params;
      const api = apis.get(name);
      if (api === undefined) {
        next();
        return;
      }
      const document = servedAt(api.document.root, urlOf(request, name, workspace));
      const text = format === 'json' ? stringify(document, 2) : toYaml(document);
      response.type(format === 'json' ? 'application/json' : 'application/yaml').send(text);
    });
  }
  app.use((request, response) => {
    const served = [...apis.keys()].map((api) => `/${api}`).join(', ');
    const message = `${request.method} ${request.path} leads to no api. Served are ${served}; put the vendor's path behind one of them.`;
    refuse(response, new Problem('unknown-path', { message }));
  });
  const failed: express.ErrorRequestHandler = (error: unknown, request, response, next) => {
    if (response.headersSent) next(error);
    else refuse(response, asProblem(error, request));
  };
  app.use(failed);
  return app;
}

function refuse(response: express.Response, problem: Problem): void {
  response
    .status(problem.status)
    .type('application/problem+json')
    .send(stringify(problemDetails(problem)));
}

/** What Express makes of a request that it cannot read: 400, 412, 416; whatever else it throws is the request's fault, too. */
function asProblem(error: unknown, { method, originalUrl }: express.Request): Problem {
  if (error instanceof Problem) return error;
  const known: unknown = error instanceof Error && 'status' in error ? error.status : undefined;
  const status = typeof known === 'number' && known >= 400 && known < 500 ? known : 400;
  const message = `${method} ${originalUrl} cannot be answered: ${reasonOf(error)}`;
  return new Problem('invalid-request', { status, message });
}

/** Where an api is, as the client that asks calls this server. */
function urlOf(request: express.Request, api: string, workspace: string | undefined): string {
  const host = request.get('host') ?? 'localhost';
  return `${request.protocol}://${host}${workspace === undefined ? '' : `/~${encodeURIComponent(workspace)}`}/${api}`;
}

const ownServer = /^https?:\/\/(?:127\.0\.0\.1|localhost)[:/]/;

/** A document whose first server is this one, at the URL by which it was asked; the vendor's own stay behind it. */
function servedAt(document: JsonObject, url: string): JsonObject {
  const { servers } = document;
  const others = (isArray(servers) ? servers : []).filter(
    (server) => isObject(server) && !ownServer.test(String(server.url)),
  );
  return { ...document, servers: [{ url, description: 'The sandbox.' }, ...others] };
}
