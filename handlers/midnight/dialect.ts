/**
 * How Midnight refuses a whole request: as ASP.NET Web API does (vendors.md, "Shared .NET Web API notes"). What is wrong
 * with a single payment is no refusal; see error-messages.ts.
 */
import {
  type Dialect,
  excerpt,
  isArray,
  type JsonObject,
  type JsonValue,
  type Problem,
  type ProblemDetail,
  type Reply,
} from '../../src/index.js';

/** What the vendor's code would call the body; ModelState names places by it. */
const bodyName = 'customerPayments';

/** No path or header that a client makes up goes into an answer whole: the document says how long a Message may be. */
const mostCharacters = 2000;

/** A problem in the words of ASP.NET Web API. */
export const dialect: Dialect = (problem, context) => {
  switch (problem.kind) {
    case 'unknown-path':
    case 'unknown-workspace':
    case 'not-found':
      return notFound(context.path, problem.message);
    case 'method-not-allowed':
      return refusal(405, `The requested resource does not support http method '${context.method}'.`);
    case 'unauthenticated':
      return refusal(401, 'Authorization has been denied for this request.');
    case 'unsupported-media-type':
      // The framework's text is of the type; what else may be wrong, charset or encoding, is told in ours.
      return refusal(
        415,
        problem.message.startsWith('Content-Encoding')
          ? problem.message
          : `The request entity's media type '${context.contentType}' is not supported for this resource.`,
      );
    case 'not-acceptable':
    case 'content-too-large':
      return refusal(problem.status, problem.message);
    case 'internal':
      return refusal(500, `An error has occurred. ${problem.message}`);
    default:
      return { status: 400, body: { Message: 'The request is invalid.', ModelState: modelState(problem) } };
  }
};

function refusal(status: number, message: string): Reply {
  return { status, body: { Message: message.slice(0, mostCharacters) } };
}

function notFound(path: string, detail: string): Reply {
  const uri = path.slice(0, mostCharacters);
  const Message = `No HTTP resource was found that matches the request URI '${uri}'.`;
  return { status: 404, body: { Message, MessageDetail: detail.slice(0, mostCharacters) } };
}

/** Texts by place. */
function modelState(problem: Problem): JsonObject {
  if (problem.details.length === 0) return { [bodyName]: [problem.message.slice(0, mostCharacters)] };
  const state = new Map<string, string[]>();
  for (const detail of problem.details) {
    const place = placeOf(detail);
    state.set(place, [...(state.get(place) ?? []), textOf(detail)]);
  }
  return Object.fromEntries(state);
}

/** `/0/CustomerPaymentDetailList/1/OrderId` is `customerPayments[0].CustomerPaymentDetailList[1].OrderId`. */
function placeOf({ in: where, pointer }: ProblemDetail): string {
  const tokens = pointer.split('/').slice(1);
  if (where !== 'body') return tokens.join('.');
  return tokens.reduce((place, token) => (/^\d+$/.test(token) ? `${place}[${token}]` : `${place}.${token}`), bodyName);
}

/** The framework's text where it is known, else what was received and what is documented. */
function textOf({ rule, pointer, message, received, params }: ProblemDetail): string {
  const field = fieldOf(pointer);
  switch (rule) {
    case 'maxLength':
      return `The field ${field} must be a string with a maximum length of ${String(params?.limit)}.`;
    case 'maxItems':
      return `The field ${field} must be a string or array type with a maximum length of '${String(params?.limit)}'.`;
    case 'type':
      return `Received ${excerpt(received)}; ${field} is documented as ${typeNames(params?.type)}.`;
    default:
      return message.slice(0, mostCharacters);
  }
}

/** `OrderId` for `/0/CustomerPaymentDetailList/1/OrderId`; an element has no name of its own. */
function fieldOf(pointer: string): string {
  const tokens = pointer.split('/').slice(1);
  const field = tokens.at(-1) ?? bodyName;
  if (!/^\d+$/.test(field)) return field;
  return tokens.length === 1 ? 'each payment' : 'each detail';
}

/** `string or null` where the document says nullable. */
function typeNames(type: JsonValue | undefined): string {
  return isArray(type) ? type.map(String).join(' or ') : String(type);
}
