/**
 * A request or an answer: its headers, and its body with what is said of places in it.
 */
import type { JsonValue } from '../../control.js';
import { Json, type Mark } from '../../parts/json.js';

interface MessageProperties {
  /** `Request`. */
  readonly title: string;
  /** The first line: `POST /payments`. */
  readonly line: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: JsonValue | undefined;
  /** The body where it is no JSON. */
  readonly text?: string | undefined;
  readonly leftOut?: boolean | undefined;
  readonly marks?: readonly Mark[];
}

export function Message({ title, line, headers, body, text, leftOut, marks = [] }: MessageProperties) {
  const all = Object.entries(headers);
  return (
    <section class="live-message" aria-label={title}>
      <h3>{title}</h3>
      <p class="live-first-line">
        <code>{line}</code>
      </p>
      <details class="live-headers">
        <summary class="live-headers-title">{all.length === 1 ? '1 header' : `${all.length} headers`}</summary>
        <dl>
          {all.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
      {body !== undefined && <Json value={body} label={`Body of the ${title.toLowerCase()}`} marks={marks} />}
      {text !== undefined && <pre class="live-text">{text}</pre>}
      {body === undefined && text === undefined && (
        <p class="soft">{leftOut === true ? 'The body was too long to keep.' : 'No body.'}</p>
      )}
    </section>
  );
}
