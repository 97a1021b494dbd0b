/**
 * What stands in the place of every view while the sandbox does not let itself be asked.
 */
import { rememberToken } from '../control.js';
import { refresh } from '../sandbox.js';

export function Token({ trouble: { message, status } }: { trouble: { message: string; status: number } }) {
  return (
    <>
      <h1>The sandbox cannot be asked</h1>
      <p role="alert">{message}</p>
      {status === 403 && (
        <form
          class="fields"
          onSubmit={(event) => {
            event.preventDefault();
            const token = new FormData(event.currentTarget).get('token');
            if (typeof token === 'string') rememberToken(token.trim());
            refresh();
          }}
        >
          <label>
            Token
            <input name="token" type="password" autocomplete="off" required />
          </label>
          <button type="submit">Use it in this tab</button>
        </form>
      )}
      <p class="actions">
        <button type="button" onClick={() => refresh()}>
          Try again
        </button>
      </p>
    </>
  );
}
