/**
 * A JSON value to read, numbers with their own text, and marks at the places that somebody says something about.
 */
import { useState } from 'preact/hooks';
import { type Amount, isAmount, isArray, isObject, type JsonValue, numberText } from '../../json.js';
import { escapePointer } from '../../json-pointer.js';

/** What is said of a place. */
export interface Mark {
  /** JSON pointer; where nothing stands there, the mark is shown at what would hold it. */
  readonly pointer: string;
  readonly kind: 'problem' | 'unread' | 'link';
  readonly message: string;
  /** For a link, where it leads. */
  readonly href?: string;
}

interface Line {
  readonly pointer: string;
  readonly depth: number;
  /** With its colon; empty in lists. */
  readonly name: string;
  readonly text: string;
  readonly kind: 'text' | 'number' | 'word' | 'bracket';
  /** Whether it closes what another line opened. */
  readonly closes: boolean;
  readonly comma: boolean;
}

function* linesOf(value: JsonValue, pointer = '', depth = 0, name = '', comma = false): Iterable<Line> {
  const line = { pointer, depth, name, comma, closes: false };
  const members: readonly (readonly [string, JsonValue])[] = isArray(value)
    ? value.map((each, index) => [String(index), each])
    : isObject(value)
      ? Object.entries(value).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined)
      : [];
  const [open, close] = isArray(value) ? ['[', ']'] : ['{', '}'];
  if (members.length > 0) {
    yield { ...line, text: open, kind: 'bracket', comma: false };
    for (const [index, [key, each]] of members.entries()) {
      const label = isArray(value) ? '' : `${JSON.stringify(key)}: `;
      yield* linesOf(each, `${pointer}/${escapePointer(key)}`, depth + 1, label, index < members.length - 1);
    }
    yield { ...line, name: '', text: close, kind: 'bracket', closes: true };
  } else if (isArray(value) || isObject(value)) {
    yield { ...line, text: `${open}${close}`, kind: 'bracket' };
  } else {
    yield { ...line, ...scalar(value) };
  }
}

function scalar(value: string | boolean | null | Amount): Pick<Line, 'text' | 'kind'> {
  if (typeof value === 'string') return { text: JSON.stringify(value), kind: 'text' };
  if (isAmount(value)) return { text: numberText(value), kind: 'number' };
  return { text: String(value), kind: 'word' };
}

/** Lines that are shown at first; more would hold up the page. */
const most = 1_000;

/** `label` names it for who cannot see it. */
export function Json({ value, label, marks = [] }: { value: JsonValue; label: string; marks?: readonly Mark[] }) {
  const [all, setAll] = useState(false);
  const lines = [...linesOf(value)];
  const shown = all ? lines : lines.slice(0, most);
  const known = new Set(lines.map(({ pointer }) => pointer));
  const placed = Map.groupBy(marks, ({ pointer }) => nearest(pointer, known));
  return (
    <section class="json" aria-label={label}>
      {shown.map((line) => {
        const here = line.closes ? [] : (placed.get(line.pointer) ?? []);
        return (
          <div
            key={`${line.pointer}${line.closes ? '$' : ''}`}
            class={here.length > 0 ? `line is-${here[0]?.kind}` : 'line'}
          >
            <code style={{ paddingInlineStart: `${line.depth * 2}ch` }}>
              <span class="json-name">{line.name}</span>
              <Value line={line} href={here.find(({ kind }) => kind === 'link')?.href} />
              {line.comma ? ',' : ''}
            </code>
            {here
              .filter(({ kind }) => kind !== 'link')
              .map(({ kind, message }) => (
                <p key={message} class={`mark mark-${kind}`}>
                  {message}
                </p>
              ))}
          </div>
        );
      })}
      {shown.length < lines.length && (
        <button type="button" onClick={() => setAll(true)}>
          Show all {lines.length} lines
        </button>
      )}
    </section>
  );
}

function Value({ line, href }: { line: Line; href: string | undefined }) {
  if (href === undefined) return <span class={`json-${line.kind}`}>{line.text}</span>;
  return (
    <a class={`json-${line.kind}`} href={href}>
      {line.text}
    </a>
  );
}

/** The place itself, or the nearest around it that is there. */
function nearest(pointer: string, known: ReadonlySet<string>): string {
  let at = pointer;
  while (at !== '' && !known.has(at)) at = at.slice(0, at.lastIndexOf('/'));
  return at;
}
