/**
 * Texts to take along: to the clipboard, or as a file.
 */
import { say } from '../sandbox.js';

/** A button that copies a text. `what` names it: `curl`. */
export function Copy({ text, what }: { text: string; what: string }) {
  return (
    <button type="button" class="quiet" onClick={() => copy(text, what)}>
      Copy {what}
    </button>
  );
}

/** Copies a text and says so. */
export function copy(text: string, what: string): void {
  navigator.clipboard.writeText(text).then(
    () => say(`Copied: ${what}.`),
    () => say(`This browser does not let the page copy ${what}; mark it and copy it by hand.`),
  );
}

/** Saves a text as a file on the user's machine. */
export function download(name: string, text: string, type = 'application/json'): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
  say(`Saved: ${name}.`);
}
