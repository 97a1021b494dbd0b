/**
 * What stands in the place of every view while the sandbox does not let itself be asked.
 */
import { rememberToken } from '../control.js';
import { refresh } from '../sandbox.js';
import { Field, Form } from './form.js';

export function Token({ trouble: { message, status } }: { trouble: { message: string; status: number } }) {
  return (
    <>
      <h1>The sandbox cannot be asked</h1>
      <p role="alert">{message}</p>
      {status === 403 && (
        <Form
          action="Use it in this tab"
          pointers={[]}
          send={(values) => {
            rememberToken(values('token'));
            return refresh();
          }}
        >
          <Field label="Token">
            {(attributes) => <input {...attributes} name="token" type="password" autocomplete="off" required />}
          </Field>
        </Form>
      )}
      <p class="actions">
        <button type="button" onClick={() => refresh()}>
          Try again
        </button>
      </p>
    </>
  );
}
