/**
 * One defect: what is wrong and where, the request that shows it, the answer, and how to see it again.
 */
import { quote } from '../../../shell.js';
import { type JsonValue, parse, type Schemas } from '../../control.js';
import { Copy } from '../../parts/copy.js';
import { Json, type Mark } from '../../parts/json.js';
import { place, prefixOf } from '../../place.js';
import { opensRow } from '../../rows.js';
import { curlTo } from './words.js';

interface FindingProperties {
  readonly api: string;
  readonly finding: Schemas['VerificationFinding'];
  /** Where it stands in the list. */
  readonly index: number;
}

export function Finding({ api, finding, index }: FindingProperties) {
  const { check, operationId, message, pointer, documented, count, cases, request, answer } = finding;
  const { workspace } = place.value;
  const base = `${location.origin}${prefixOf(workspace)}`;
  const curl = curlTo(base, finding.curl);
  const again = `npx paydouble verify ${api} --replay ${quote(cases[0] ?? '')}`;
  const id = `defect-${index}`;
  return (
    <article class="finding" aria-labelledby={`${id}-name`}>
      <header class="bar">
        <h3 id={`${id}-name`}>
          {check} <span class="operation">{operationId ?? 'no operation'}</span>
        </h3>
        <span class="soft">{count === 1 ? 'one request' : `${count} requests`}</span>
      </header>
      <p class="message">{message}</p>
      <dl class="places">
        {pointer !== '' && (
          <div>
            <dt>In the answer</dt>
            <dd>
              <code>{pointer}</code>
            </dd>
          </div>
        )}
        {documented !== '' && (
          <div>
            <dt>In the document</dt>
            <dd>
              <code>#{documented}</code>
            </dd>
          </div>
        )}
      </dl>
      <p class="actions">
        <Copy text={curl} what="curl" />
        <Copy text={again} what="replay command" />
      </p>
      <details>
        <summary {...opensRow} class="asked" id={id} aria-describedby={`${id}-name`}>
          <code>
            {request.method} {request.path}
          </code>{' '}
          {answer === undefined ? 'no answer' : `answered ${answer.status}`}
        </summary>
        <h4>Sends it again</h4>
        <pre>
          <code>{curl}</code>
        </pre>
        <Message title="Request" of={index} headers={request.headers} body={request.body ?? ''} marks={[]} />
        {answer !== undefined && (
          <Message
            title={`Answer ${answer.status}`}
            of={index}
            headers={answer.headers}
            body={answer.body}
            marks={pointer === '' ? [] : [{ pointer, kind: 'problem', message }]}
          />
        )}
      </details>
    </article>
  );
}

interface MessageProperties {
  readonly title: string;
  /** Where its defect stands in the list. */
  readonly of: number;
  readonly headers: readonly Schemas['VerificationHeader'][];
  /** Empty for none. */
  readonly body: string;
  readonly marks: readonly Mark[];
}

function Message({ title, of, headers, body, marks }: MessageProperties) {
  const value = jsonOf(body);
  return (
    <>
      <h4>{title}</h4>
      {headers.length === 0 && body === '' && <p class="soft">Without headers and body.</p>}
      <pre>
        <code>{headers.map(({ name, value }) => `${name}: ${value}`).join('\n')}</code>
      </pre>
      {value !== undefined && <Json value={value} label={`${title}, body, of defect ${of + 1}`} marks={marks} />}
      {value === undefined && body !== '' && (
        <pre>
          <code>{body}</code>
        </pre>
      )}
    </>
  );
}

/** The value of a body; undefined if it is no JSON, or was cut. */
function jsonOf(body: string): JsonValue | undefined {
  try {
    return parse(body);
  } catch {
    return undefined;
  }
}
