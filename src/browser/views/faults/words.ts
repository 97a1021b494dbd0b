/**
 * A rule in words: which requests it takes, when it strikes, and what happens then.
 */
import type { components } from '../../../../specs/_sandbox/openapi.js';
import { stringify } from '../../../json.js';

type Schemas = components['schemas'];
type Rule = Schemas['FaultRule'];
type Latency = NonNullable<Schemas['FaultEffect']['latency']>;

/** `upsertPayments of nuntiq, where body /amount is 10.00`. */
export function takes({ api, operationId, match }: Rule): string {
  const operations = [operationId ?? []].flat();
  const which = operations.length === 0 ? 'any request' : operations.join(' or ');
  const where = match === undefined ? [] : matchWords(match);
  return `${which}${api === undefined ? '' : ` of ${api}`}${where.length === 0 ? '' : `, where ${where.join(' and ')}`}`;
}

function matchWords({ header, query, body, ...others }: Schemas['RequestMatch']): readonly string[] {
  return [
    ...Object.entries(others).map(([name, value]) => `${name} is ${stringify(value)}`),
    ...Object.entries(header ?? {}).map(([name, value]) => `header ${name} is ${value}`),
    ...Object.entries(query ?? {}).map(([name, value]) => `query ${name} is ${value}`),
    ...(body ?? []).map(bodyWords),
  ];
}

function bodyWords({ pointer, path, equals, matches, exists }: Schemas['BodyMatch']): string {
  const place = path ?? pointer ?? '';
  const subject = place === '' ? 'the body' : `body ${place}`;
  if (matches !== undefined) return `${subject} matches ${matches}`;
  if (exists !== undefined) return `${subject} ${exists ? 'is there' : 'is not there'}`;
  return `${subject} is ${stringify(equals ?? null)}`;
}

/** `every 3rd`. */
export function strikesWhen({ when = {} }: Rule): string {
  const { first, every, after, probability } = when;
  if (first !== undefined) return Number(first) === 1 ? 'the first' : `the first ${first}`;
  if (every !== undefined) return Number(every) === 1 ? 'always' : `every ${ordinal(Number(every))}`;
  if (after !== undefined) return Number(after) === 0 ? 'always' : `all after the first ${after}`;
  if (probability === undefined) return 'always';
  const chance = Number(String(probability));
  return chance === 0 ? 'only when Prefer names it' : `by chance, ${Number((chance * 100).toPrecision(6))} %`;
}

function ordinal(number: number): string {
  const last = number % 100 >= 11 && number % 100 <= 13 ? 0 : number % 10;
  return `${number}${['th', 'st', 'nd', 'rd'][last] ?? 'th'}`;
}

/** `answers 503 after 800 ms`. */
export function happens({ fault: { latency, ...effect } }: Rule): string {
  const what = effectWords(effect);
  if (latency === undefined) return what ?? 'nothing';
  return `${what ?? 'answers'} after ${latencyWords(latency)}`;
}

function effectWords({ respond, tooManyRequests, connection, loseReply }: Schemas['FaultEffect']): string | undefined {
  if (respond !== undefined) {
    const { status, example, body, headers } = respond;
    const content = example === undefined ? (body === undefined ? '' : ' with a body of its own') : ` as in ${example}`;
    return `answers ${status}${content}${headers === undefined ? '' : `, headers ${Object.keys(headers).join(', ')}`}`;
  }
  if (tooManyRequests !== undefined) return `answers 429, to be tried again in ${tooManyRequests.retryAfter} s`;
  if (connection === 'reset') return 'resets the connection';
  if (connection === 'half') return 'sends half of the answer';
  if (connection === 'silent') return 'never answers';
  return loseReply === true ? 'is carried out, and its answer lost' : undefined;
}

function latencyWords({ milliseconds, uniform, normal, logNormal }: Latency): string {
  if (uniform !== undefined) return `${uniform.join(' to ')} ms`;
  if (normal !== undefined) return `about ${normal.mean} ± ${normal.deviation} ms${limit(normal.most)}`;
  if (logNormal !== undefined) return `about ${logNormal.median} ms, sometimes far more${limit(logNormal.most)}`;
  return `${milliseconds} ms`;
}

function limit(most: number | undefined): string {
  return most === undefined ? '' : `, at most ${most} ms`;
}
