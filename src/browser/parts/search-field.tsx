/**
 * A field for a text that is looked for: `/` leads to it, Escape away from it.
 */
import { useRef } from 'preact/hooks';
import { useShortcuts } from '../keyboard.js';

interface SearchFieldProperties {
  /** Where it looks: `Search in every value`. */
  readonly label: string;
  readonly value: string;
  readonly onInput: (text: string) => void;
}

export function SearchField({ label, value, onInput }: SearchFieldProperties) {
  const field = useRef<HTMLInputElement>(null);
  useShortcuts([{ keys: '/', does: label, run: () => field.current?.focus() }]);
  return (
    <label class="search-field">
      {label}
      <input
        ref={field}
        type="search"
        value={value}
        maxLength={1_000}
        onInput={(event) => onInput(event.currentTarget.value)}
        onKeyDown={(event) => {
          // The first Escape empties the field, as browsers have it.
          if (event.key === 'Escape' && event.currentTarget.value === '') event.currentTarget.blur();
        }}
      />
    </label>
  );
}
