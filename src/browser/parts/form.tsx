/**
 * A form whose refusals stand at the fields that they are about.
 */
import { type ComponentChildren, createContext } from 'preact';
import { useContext, useId, useMemo, useRef, useState } from 'preact/hooks';
import type { Refusal } from '../control.js';
import { asRefusal } from '../loaded.js';
import { inWords, type PlacedError, placeErrors } from '../placed-errors.js';

const Errors = createContext<ReadonlyMap<string, readonly PlacedError[]>>(new Map());

interface FormProperties {
  /** The button that sends it: `Make it`. */
  readonly action: string;
  /** Where each {@link Field} stands in what is sent. */
  readonly pointers: readonly string[];
  /** Sends it; what it throws is shown. */
  readonly send: (values: Values) => Promise<void>;
  /** Absent, there is nothing to close. */
  readonly onClose?: () => void;
  /** What stands between the fields and the buttons. */
  readonly preview?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** The text of a field by its name, without spaces around it; empty for none. */
export type Values = (name: string) => string;

export function Form({ action, pointers, send, onClose, preview, children }: FormProperties) {
  const [refusal, setRefusal] = useState<Refusal>();
  const isSending = useRef(false);
  const errors = useMemo(() => placeErrors(refusal?.errors ?? [], pointers), [refusal, pointers.join()]);
  const others = errors.get('') ?? [];
  async function submit(form: HTMLFormElement): Promise<void> {
    if (isSending.current) return;
    isSending.current = true;
    const data = new FormData(form);
    try {
      await send((name) => String(data.get(name) ?? '').trim());
      setRefusal(undefined);
    } catch (error) {
      setRefusal(asRefusal(error));
    } finally {
      isSending.current = false;
    }
  }
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        submit(event.currentTarget);
      }}
    >
      <Errors.Provider value={errors}>{children}</Errors.Provider>
      {preview}
      {refusal !== undefined && (
        <div class="refused" role="alert">
          {errors.size === 0 && <p>{refusal.message}</p>}
          {errors.size > 0 && others.length === 0 && <p>Not taken: each field says what is wrong with it.</p>}
          {others.map(({ message }) => (
            <p key={message}>{message}</p>
          ))}
        </div>
      )}
      <p class="actions">
        <button type="submit" class="primary">
          {action}
        </button>
        {onClose !== undefined && (
          <button type="button" onClick={onClose}>
            Cancel
          </button>
        )}
      </p>
    </form>
  );
}

/** What a name of a workspace, a snapshot or a rule may be. */
export const nameFormat = 'Letters, digits, dots, dashes, underscores; the first is a letter or a digit.';

/** What a control within a field takes, so that its label and what is wrong belong to it. */
export interface FieldAttributes {
  readonly id: string;
  readonly 'aria-describedby': string;
  readonly 'aria-invalid': boolean;
}

interface FieldProperties {
  readonly label: string;
  /** Where what it holds stands in what is sent; absent where what is wrong is told at another field. */
  readonly pointer?: string | undefined;
  readonly hint?: ComponentChildren | undefined;
  /** What a text must be, in words, where the document says it by a pattern; a hint, too. */
  readonly format?: string;
  readonly children: (attributes: FieldAttributes) => ComponentChildren;
}

/** One labelled control of a {@link Form}, what is to be known of it, and why it was refused. */
export function Field({ label, pointer, hint, format, children }: FieldProperties) {
  const id = useId();
  const errors = useContext(Errors);
  const wrong = pointer === undefined ? [] : (errors.get(pointer) ?? []);
  const messages = wrong.map((error) => inWords(error, format !== undefined));
  const about = [format, hint].filter((each) => each !== undefined);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-about`, 'aria-invalid': messages.length > 0 })}
      <div id={`${id}-about`}>
        {about.length > 0 && <p class="hint">{about.length === 1 ? about : about.flatMap((each) => [each, ' '])}</p>}
        {messages.map((message) => (
          <p key={message} class="wrong">
            {message}
          </p>
        ))}
      </div>
    </div>
  );
}

interface SelectProperties {
  readonly attributes: FieldAttributes;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** By value: what is read. */
  readonly options: Iterable<readonly [string, string]>;
}

/** A choice of one of several. */
export function Select({ attributes, value, onChange, options }: SelectProperties) {
  return (
    <select {...attributes} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      {[...options].map(([each, text]) => (
        <option key={each} value={each}>
          {text}
        </option>
      ))}
    </select>
  );
}
