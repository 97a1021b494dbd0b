/**
 * A request as code to paste, in the languages that integrators ask for.
 *
 * Libraries that write such code (httpsnippet, @scalar/snippetz) read the body and write it anew in the language's own words;
 * an amount of 8.0 is 8 then, and no longer what the vendor documents. Here a body stays the text that it is.
 */
import { curl, type SentRequest } from '../curl.js';

/** A language, and how it says a request. */
export interface Language {
  readonly name: string;
  readonly write: (request: SentRequest) => string;
}

export const languages: readonly Language[] = [
  { name: 'curl', write: curl },
  { name: 'TypeScript', write: typescript },
  { name: 'Python', write: python },
  { name: 'C#', write: csharp },
];

function typescript({ method, url, headers, body }: SentRequest): string {
  return [
    `const response = await fetch(${literal(url)}, {`,
    `  method: ${literal(method)},`,
    '  headers: {',
    ...Object.entries(headers).map(([name, value]) => `    ${literal(name)}: ${literal(value)},`),
    '  },',
    ...(body === undefined ? [] : [`  body: ${literal(body)},`]),
    '});',
    'console.log(response.status, await response.text());',
  ].join('\n');
}

function python({ method, url, headers, body }: SentRequest): string {
  return [
    'import requests',
    '',
    'response = requests.request(',
    `    ${literal(method)},`,
    `    ${literal(url)},`,
    '    headers={',
    ...Object.entries(headers).map(([name, value]) => `        ${literal(name)}: ${literal(value)},`),
    '    },',
    ...(body === undefined ? [] : [`    data=${literal(body)}.encode(),`]),
    ')',
    'print(response.status_code, response.text)',
  ].join('\n');
}

function csharp({ method, url, headers, body }: SentRequest): string {
  const type = Object.entries(headers).find(([name]) => /^content-type$/i.test(name))?.[1] ?? 'text/plain';
  return [
    'using System.Net.Http.Headers;',
    'using System.Text;',
    '',
    'using var client = new HttpClient();',
    `using var request = new HttpRequestMessage(new HttpMethod(${raw(method)}), ${raw(url)});`,
    ...Object.entries(headers)
      .filter(([name]) => !/^content-type$/i.test(name))
      .map(([name, value]) => `request.Headers.TryAddWithoutValidation(${raw(name)}, ${raw(value)});`),
    ...(body === undefined
      ? []
      : [
          `request.Content = new StringContent(${raw(body)}, Encoding.UTF8);`,
          `request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(${raw(type)});`,
        ]),
    'using var response = await client.SendAsync(request);',
    'Console.WriteLine($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");',
  ].join('\n');
}

/** A text in single quotes, as JavaScript and Python both read them. */
function literal(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`;
}

/** A raw string of C# 11, in more quotes than the text has in a row; of several lines where the text ends with a quote. */
function raw(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/"+/g)].map(([quotes]) => quotes.length));
  const quotes = '"'.repeat(longest + 1);
  if (/["\n\r]/.test(text)) return `${quotes}\n${text}\n${quotes}`;
  return `"${text.replaceAll('\\', '\\\\')}"`;
}
