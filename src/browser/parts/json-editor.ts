/**
 * A text editor for JSON, with what is said of places in it. Fetched when somebody edits something: see json-input.tsx. Tab
 * leaves it, as it leaves any field.
 *
 * The only module that imports CodeMirror.
 */
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, forceLinting, linter, lintGutter, lintKeymap } from '@codemirror/lint';
import { EditorState, StateEffect, StateField } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { brokenAt, placeInWords, placeOf } from './json-places.js';

/** What is said of a place in the text. */
export interface Remark {
  /** JSON pointer. */
  readonly pointer: string;
  readonly message: string;
}

export interface JsonEditor {
  /** Shows what is said of the text as it is now, in the place of what was said before. */
  readonly remark: (remarks: readonly Remark[]) => void;
  /** Puts the cursor there. */
  readonly goTo: (pointer: string) => void;
  /** Puts the cursor to where the text stops being JSON. */
  readonly goToBroken: () => void;
  readonly destroy: () => void;
}

interface Wishes {
  readonly parent: HTMLElement;
  readonly text: string;
  /** Names it for who cannot see it. */
  readonly label: string;
  readonly onChange: (text: string) => void;
  /** Told where the text stops being JSON, `line 3, column 5`, whenever it changes; `undefined` if it is some. */
  readonly onBroken: (place: string | undefined) => void;
  /** Ctrl+Enter, or Cmd+Enter. */
  readonly onSave: () => void;
}

const remarked = StateEffect.define<readonly Remark[]>();

/** What was said last. */
const said = StateField.define<readonly Remark[]>({
  create: () => [],
  update: (before, { effects }) => effects.findLast((each) => each.is(remarked))?.value ?? before,
});

/** Looks again when somebody has said something, and when the text has rested for a moment. */
const judge = linter(({ state }) => diagnostics(state.doc.toString(), state.field(said)), {
  delay: 250,
  needsRefresh: ({ startState, state }) => startState.field(said) !== state.field(said),
});

/** Opens an editor. */
export function openEditor({ parent, text, label, onChange, onBroken, onSave }: Wishes): JsonEditor {
  const save = () => {
    onSave();
    return true;
  };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        json(),
        syntaxHighlighting(classHighlighter),
        said,
        judge,
        lintGutter(),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': label }),
        keymap.of([{ key: 'Mod-Enter', run: save }, ...lintKeymap, ...defaultKeymap, ...historyKeymap]),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (!docChanged) return;
          const changed = state.doc.toString();
          const broken = brokenAt(changed);
          onChange(changed);
          onBroken(broken && placeInWords(changed, broken));
        }),
      ],
    }),
  });
  const goTo = (anchor: number) => {
    view.dispatch({ selection: { anchor }, scrollIntoView: true });
    view.focus();
  };
  view.focus();
  return {
    remark: (remarks) => {
      view.dispatch({ effects: remarked.of(remarks) });
      forceLinting(view);
    },
    goTo: (pointer) => goTo(placeOf(view.state.doc.toString(), pointer).from),
    goToBroken: () => goTo(brokenAt(view.state.doc.toString())?.from ?? 0),
    destroy: () => view.destroy(),
  };
}

/** What keeps a text from being JSON, or else what is said of it. */
function diagnostics(text: string, remarks: readonly Remark[]): Diagnostic[] {
  const broken = brokenAt(text);
  if (broken !== undefined) return [{ ...broken, message: 'From here on this is no JSON.', severity: 'error' }];
  return remarks.map(({ pointer, message }) => ({ ...placeOf(text, pointer), message, severity: 'error' }));
}
