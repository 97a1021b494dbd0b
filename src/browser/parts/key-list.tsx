/**
 * The keys that do something on this page.
 */
import { enabled, setEnabled, shortcuts } from '../keyboard.js';
import { Dialog } from './dialog.js';

export function KeyList({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <table class="keys">
        <tbody>
          {shortcuts().map(({ keys, does }) => (
            <tr key={keys}>
              <th scope="row">
                {keys.split(' ').map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <label class="check">
        <input type="checkbox" checked={enabled.value} onChange={(event) => setEnabled(event.currentTarget.checked)} />
        Keys do something
      </label>
    </Dialog>
  );
}
