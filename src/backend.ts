/**
 * openapi-backend: which operation a request is for, and whether the request is valid.
 *
 * Its router and validator are used with what 5.21 lacks (docs/decisions/openapi-backend.md): a compiled matcher in the
 * place of a regular expression per operation and request; schemas converted from OpenAPI 3.0; one Ajv instance; bodies
 * and parameters read by us, without loss, and handed to the validators that it compiled without being put together anew.
 *
 * The only module that imports openapi-backend.
 */
import type * as OpenApiBackend from 'openapi-backend';
import type { Operation as BackendOperation, Document } from 'openapi-backend';
import type { ApiDocument, Operation } from './document.js';
import type { JsonValue } from './json.js';
import { loadPackage } from './load-package.js';
import { madeLater } from './made-later.js';
import type { ParameterValues } from './parameters.js';
import { type PathMatch, PathMatcher } from './path-matcher.js';
import type { ProblemDetail } from './problem.js';
import { toDetails, type Validator } from './validator.js';

const { OpenAPIRouter, OpenAPIValidator } = loadPackage<typeof OpenApiBackend>('openapi-backend');

/** Routing and request validation of one api. */
export class Backend {
  readonly #matcher: PathMatcher<Operation>;
  readonly #validator: () => OpenApiBackend.OpenAPIValidator;
  readonly #serverPaths: readonly string[];
  readonly #validators = new Map<Operation, RequestValidators>();

  constructor(document: ApiDocument, validator: Validator) {
    this.#serverPaths = document.serverPaths;
    this.#matcher = new PathMatcher(document.operations);
    this.#validator = madeLater(() => {
      const definition = requestDefinition(document, validator);
      return new SharedAjvValidator(definition, new ListedRouter(definition), validator);
    });
  }

  /**
   * The operations at the path template that a path matches; `undefined` if none does. The path may begin with that of any
   * documented server: `/api/v1/payments`.
   */
  match(path: string): PathMatch<Operation> | undefined {
    const direct = this.#matcher.match(path);
    if (direct !== undefined) return direct;
    const prefix = this.#serverPaths.find((each) => path.startsWith(`${each}/`));
    return prefix === undefined ? undefined : this.#matcher.match(path.slice(prefix.length));
  }

  /** All that is wrong with a request's parameters and body. `body` is `undefined` if none was sent. */
  validate(operation: Operation, parameters: ParameterValues, body: JsonValue | undefined): ProblemDetail[] {
    const request = {
      path: parameters.path,
      query: parameters.query,
      header: parameters.header,
      cookie: parameters.cookie,
      ...(body === undefined ? {} : { requestBody: body }),
    };
    const errors = this.#validatorsOf(operation).flatMap((validate) =>
      validate(request) ? [] : (validate.errors ?? []),
    );
    return errors.length === 0 ? [] : toDetails(errors, ({ instancePath }) => place(instancePath));
  }

  #validatorsOf(operation: Operation): RequestValidators {
    const known = this.#validators.get(operation);
    if (known !== undefined) return known;
    const validators = this.#validator().getRequestValidatorsForOperation(idOf(operation));
    this.#validators.set(operation, validators);
    return validators;
  }
}

type RequestValidators = ReturnType<OpenApiBackend.OpenAPIValidator['getRequestValidatorsForOperation']>;

/** An operation's id for openapi-backend, which looks ids up in an object that has a `constructor` already. */
function idOf({ operationId }: Operation): string {
  return `operation ${operationId}`;
}

const places = { requestBody: 'body', path: 'path', query: 'query', header: 'header', cookie: 'cookie' } as const;

/** openapi-backend judges the whole request: `/requestBody/0/amount` is `/0/amount` in the body. */
function place(instancePath: string): Pick<ProblemDetail, 'in' | 'pointer'> {
  const [, first = '', ...rest] = instancePath.split('/');
  const found = Object.entries(places).find(([name]) => name === first);
  return { in: found?.[1] ?? 'body', pointer: rest.map((token) => `/${token}`).join('') };
}

/**
 * The document as openapi-backend sees it: operations whose schemas are references into our own Ajv instance, where they
 * stand converted. Every media type of a body is judged by the schema of the first, under the name that the validator looks for.
 */
function requestDefinition(document: ApiDocument, validator: Validator): Document {
  const paths: Document['paths'] = {};
  for (const operation of document.operations) {
    const { operationId, method, path, requestBody } = operation;
    const [media] = requestBody?.content.values() ?? [];
    const parameters = operation.parameters.map((parameter) => ({
      name: parameter.name,
      in: parameter.in,
      required: parameter.required,
      schema: { $ref: validator.define(parameter.schema, `${operationId}/${parameter.in}/${parameter.name}`) },
    }));
    const body = media && {
      requestBody: {
        required: requestBody?.required === true,
        content: { 'application/json': { schema: { $ref: validator.define(media.schema, `${operationId}/body`) } } },
      },
    };
    paths[path] = {
      ...paths[path],
      [method.toLowerCase()]: { operationId: idOf(operation), parameters, responses: {}, ...body },
    };
  }
  return { openapi: '3.0.3', info: { title: document.title, version: '1' }, paths };
}

/** openapi-backend's router with its operations listed once; it would list them at each request. */
class ListedRouter extends OpenAPIRouter {
  readonly #byId: ReadonlyMap<string, BackendOperation>;

  constructor(definition: Document) {
    super({ definition });
    this.#byId = new Map(super.getOperations().map((operation) => [operation.operationId ?? '', operation]));
  }

  override getOperation(operationId: string): BackendOperation | undefined {
    return this.#byId.get(operationId);
  }
}

/** openapi-backend's validator on our one Ajv instance; it would make two for each operation. */
class SharedAjvValidator extends OpenAPIValidator {
  readonly #shared: Validator;

  constructor(definition: Document, router: OpenApiBackend.OpenAPIRouter, shared: Validator) {
    super({ definition, router, lazyCompileValidators: true });
    this.#shared = shared;
  }

  override getAjv(): Validator['ajv'] {
    return this.#shared.ajv;
  }
}
