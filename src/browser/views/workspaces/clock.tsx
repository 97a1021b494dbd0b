/**
 * The clock of the workspace that is looked at: what it says, and how it is frozen, set and put on.
 */
import { useMemo, useState } from 'preact/hooks';
import { control, type Schemas, tell } from '../../control.js';
import { useEvery } from '../../every.js';
import { Field, Form } from '../../parts/form.js';
import { moment } from '../../parts/workspace-choice.js';
import { carryOut, refresh, say } from '../../sandbox.js';
import { clockAfter, inUtc } from './words.js';

const steps = [
  ['PT1S', 'a second'],
  ['PT1H', 'an hour'],
  ['P1D', 'a day'],
  ['P30D', '30 days'],
] as const;

export function Clock({ workspace: { name, clock } }: { workspace: Schemas['Workspace'] }) {
  const askedAt = useMemo(() => performance.now(), [clock]);
  const [, setTicks] = useState(0);
  useEvery(1_000, () => setTicks((ticks) => ticks + 1));
  const change = (body: Schemas['ClockChange']) =>
    tell(control.POST('/workspaces/{name}/clock', { params: { path: { name } }, body }));
  /** For a form, which shows by itself what is refused. */
  const changeTo = (body: Schemas['ClockChange'], done: string) => async () => {
    await change(body);
    await refresh();
    say(done);
  };
  return (
    <section class="clock-of" aria-labelledby="clock-of">
      <h2 id="clock-of">Clock of {name}</h2>
      <p class="reading">
        <time role="timer">{moment(clockAfter(clock, performance.now() - askedAt))}</time>{' '}
        <span class="standing">{clock.frozen ? 'frozen' : 'runs'}</span>{' '}
        <button
          type="button"
          class="standing"
          onClick={() =>
            clock.frozen
              ? carryOut('The clock runs.', () => change({ run: true }))
              : carryOut('The clock is frozen.', () => change({ freeze: 'now' }))
          }
        >
          {clock.frozen ? 'Let it run' : 'Freeze'}
        </button>
      </p>
      <div class="clock-changes">
        <p class="row-actions">
          {steps.map(([duration, words]) => (
            <button
              key={duration}
              type="button"
              aria-label={`Advance the clock by ${words}`}
              onClick={() => carryOut(`The clock is ${words} on.`, () => change({ advance: duration }))}
            >
              + {words}
            </button>
          ))}
        </p>
        <Form
          action="Advance"
          pointers={['/advance']}
          send={(values) => changeTo({ advance: values('advance') }, `The clock was put on by ${values('advance')}.`)()}
        >
          <Field label="By a duration, such as P1DT12H or -PT30S" pointer="/advance">
            {(attributes) => <input {...attributes} name="advance" required maxLength={50} autocomplete="off" />}
          </Field>
        </Form>
        <Form
          action="Set"
          pointers={['/set']}
          send={(values) => changeTo({ set: inUtc(values('set')) }, 'The clock is set.')()}
        >
          <Field label="To a date and time in UTC" pointer="/set">
            {(attributes) => <input {...attributes} name="set" type="datetime-local" step={1} required />}
          </Field>
        </Form>
      </div>
    </section>
  );
}
