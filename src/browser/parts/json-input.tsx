/**
 * A field for JSON: an editor that shows what is wrong where it is, with a list of the same below it.
 */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { JsonEditor, Remark } from './json-editor.js';

interface JsonInputProperties {
  /** What it holds at first. */
  readonly initial: string;
  /** Names it for who cannot see it. */
  readonly label: string;
  /** What is said of the text as it is now. What keeps it from being JSON is said here. */
  readonly remarks: readonly Remark[];
  readonly onChange: (text: string) => void;
  /** Ctrl+Enter, or Cmd+Enter, was pressed. */
  readonly onSave: () => void;
}

export function JsonInput({ initial, label, remarks, onChange, onSave }: JsonInputProperties) {
  const box = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<JsonEditor>();
  const [broken, setBroken] = useState<string>();
  const latest = useRef({ onChange, onSave });
  latest.current = { onChange, onSave };
  useEffect(() => {
    let opened: JsonEditor | undefined;
    let isGone = false;
    import('./json-editor.js').then(({ openEditor }) => {
      if (isGone || box.current === null) return;
      opened = openEditor({
        parent: box.current,
        text: initial,
        label,
        onChange: (text) => latest.current.onChange(text),
        onBroken: setBroken,
        onSave: () => latest.current.onSave(),
      });
      setEditor(opened);
    });
    return () => {
      isGone = true;
      opened?.destroy();
    };
  }, []);
  useEffect(() => editor?.remark(remarks), [editor, remarks]);
  return (
    <>
      <div class="json-input" ref={box} />
      <ul class="remarks" aria-label="What is wrong">
        {broken !== undefined && (
          <li>
            <button type="button" class="quiet" onClick={() => editor?.goToBroken()}>
              From {broken} on
            </button>{' '}
            this is no JSON.
          </li>
        )}
        {remarks.map(({ pointer, message }) => (
          <li key={`${pointer} ${message}`}>
            {pointer !== '' && (
              <button type="button" class="quiet" onClick={() => editor?.goTo(pointer)}>
                <code>{pointer}</code>
              </button>
            )}{' '}
            {message}
          </li>
        ))}
      </ul>
    </>
  );
}
