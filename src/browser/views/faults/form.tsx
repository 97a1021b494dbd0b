/**
 * The form that makes a rule, from what the operation's document declares; the rule is shown before it is sent.
 */
import { useState } from 'preact/hooks';
import { curl } from '../../../curl.js';
import { ask, control, stringify, urlOf } from '../../control.js';
import { useLoaded } from '../../loaded.js';
import { Copy } from '../../parts/copy.js';
import { Field, Form, nameFormat, Select } from '../../parts/form.js';
import { Json } from '../../parts/json.js';
import { place } from '../../place.js';
import { apis, detailsOf, say } from '../../sandbox.js';
import { type Draft, emptyDraft, happenings, isStatus, mayNeedForce, otherStatus, ruleOf, whens } from './draft.js';
import { Latency } from './latency.js';

/** The heading over the form. */
export const newRuleId = 'new-rule';

/** Where the fields stand in a rule. */
const pointers = ['/name', '/api', '/operationId', '/match', '/when', '/fault', '/fault/latency'];

/** `onAdded` is called when there is one more. */
export function FaultForm({ onAdded }: { onAdded: () => void }) {
  const [draft, setDraft] = useState(emptyDraft);
  const { workspace } = place.value;
  const details = useLoaded(async () => (draft.api === '' ? undefined : detailsOf(draft.api)), [draft.api]);
  const operations = details.value?.api === draft.api ? details.value.operations : [];
  const operation = operations.find(({ operationId }) => operationId === draft.operationId);
  const change = (changed: Partial<Draft>) => setDraft({ ...draft, ...changed });
  const rule = ruleOf(draft, operation);
  const text = stringify({ ...rule });
  const url = urlOf('/workspaces/{name}/faults', { name: workspace });
  const headers = { 'Content-Type': 'application/json' };
  async function send(): Promise<void> {
    const params = { path: { name: workspace } };
    const added = await ask(control.POST('/workspaces/{name}/faults', { params, body: rule }));
    say(`Added the rule ${added.name}.`);
    setDraft({ ...draft, name: '' });
    onAdded();
  }
  return (
    <Form
      action="Add the rule"
      pointers={pointers}
      send={send}
      preview={
        <section class="preview" aria-labelledby="preview">
          <header class="bar">
            <h3 id="preview">The rule</h3>
            <p class="row-actions">
              <Copy text={stringify({ ...rule }, 2)} what="JSON" />
              {/* JSON is YAML, too. */}
              <Copy text={`faults:\n  - ${text}\n`} what="YAML of a scenario" />
              <Copy text={curl({ method: 'POST', url, headers, body: text })} what="curl" />
            </p>
          </header>
          <Json value={{ ...rule }} label="The rule as it will be sent" />
        </section>
      }
    >
      <fieldset class="group">
        <legend>Which requests</legend>
        <Field label="API" pointer="/api">
          {(attributes) => (
            <Select
              attributes={attributes}
              value={draft.api}
              onChange={(api) => change({ api, operationId: '', answer: otherStatus, example: '' })}
              options={[['', 'any'], ...(apis.value ?? []).map(({ api, title }) => [api, title] as const)]}
            />
          )}
        </Field>
        <Field label="Operation" pointer="/operationId" hint={draft.api === '' ? 'Choose an API first.' : undefined}>
          {(attributes) => (
            <Select
              attributes={attributes}
              value={draft.operationId}
              onChange={(operationId) => change({ operationId, ...firstAnswer(operations, operationId) })}
              options={[
                ['', 'any'],
                ...operations.map(({ operationId, method, path }) => [operationId, `${method} ${path}`] as const),
              ]}
            />
          )}
        </Field>
        <Field
          label="Where the body has, at this JSON pointer"
          pointer="/match"
          format="Such as /amount or /lines/0/quantity: a slash before each name or position."
          hint="Empty: any body."
        >
          {(attributes) => (
            <input
              {...attributes}
              value={draft.pointer}
              onInput={(event) => change({ pointer: event.currentTarget.value })}
              autocomplete="off"
            />
          )}
        </Field>
        <Field label="This value" hint="JSON, or a text.">
          {(attributes) => (
            <input
              {...attributes}
              value={draft.equals}
              onInput={(event) => change({ equals: event.currentTarget.value })}
              autocomplete="off"
            />
          )}
        </Field>
      </fieldset>
      <fieldset class="group">
        <legend>When</legend>
        <Field label="Of those requests it strikes" pointer="/when">
          {(attributes) => (
            <Select
              attributes={attributes}
              value={draft.when}
              onChange={(value) => change({ when: oneOf(whens, value) })}
              options={Object.entries(whens)}
            />
          )}
        </Field>
        {draft.when === 'probability' && (
          <Field label="Chance, 0 to 1">
            {(attributes) => (
              <input
                {...attributes}
                type="number"
                min={0}
                max={1}
                step="any"
                required
                value={draft.probability}
                onInput={(event) => change({ probability: event.currentTarget.value })}
              />
            )}
          </Field>
        )}
        {draft.when !== 'probability' && draft.when !== 'always' && (
          <Field label="How many">
            {(attributes) => (
              <input
                {...attributes}
                type="number"
                min={draft.when === 'after' ? 0 : 1}
                step={1}
                required
                value={draft.count}
                onInput={(event) => change({ count: event.currentTarget.value })}
              />
            )}
          </Field>
        )}
      </fieldset>
      <fieldset class="group">
        <legend>What happens</legend>
        <Field label="The client sees" pointer="/fault">
          {(attributes) => (
            <Select
              attributes={attributes}
              value={draft.happening}
              onChange={(value) => change({ happening: oneOf(happenings, value) })}
              options={Object.entries(happenings)}
            />
          )}
        </Field>
        {draft.happening === 'answer' && (
          <Answer draft={draft} change={change} responses={operation?.responses ?? []} />
        )}
        {draft.happening === 'tooMany' && (
          <Field label="Retry-After, in seconds">
            {(attributes) => (
              <input
                {...attributes}
                type="number"
                min={0}
                max={86_400}
                step={1}
                required
                value={draft.retryAfter}
                onInput={(event) => change({ retryAfter: event.currentTarget.value })}
              />
            )}
          </Field>
        )}
        {mayNeedForce(draft, operation) && (
          <div class="field">
            <label class="check">
              <input
                type="checkbox"
                checked={draft.force}
                onChange={(event) => change({ force: event.currentTarget.checked })}
              />
              Even if the document does not declare it
            </label>
            <p class="hint">A client that is made from the document may not be prepared for such an answer.</p>
          </div>
        )}
        <Latency draft={draft} change={change} />
      </fieldset>
      <Field label="Name" pointer="/name" format={nameFormat} hint="Empty: fault-1, fault-2 and so on.">
        {(attributes) => (
          <input
            {...attributes}
            value={draft.name}
            onInput={(event) => change({ name: event.currentTarget.value })}
            maxLength={100}
            autocomplete="off"
          />
        )}
      </Field>
    </Form>
  );
}

interface AnswerProperties {
  readonly draft: Draft;
  readonly change: (changed: Partial<Draft>) => void;
  readonly responses: readonly { readonly status: string; readonly description: string; readonly examples: string[] }[];
}

/** The answers that the document declares for the operation, and their examples. */
function Answer({ draft, change, responses }: AnswerProperties) {
  const examples = responses.find(({ status }) => status === draft.answer)?.examples ?? [];
  return (
    <>
      {responses.length > 0 && (
        <Field label="Answer">
          {(attributes) => (
            <Select
              attributes={attributes}
              value={draft.answer}
              onChange={(answer) => change({ answer, example: '' })}
              options={[
                ...responses.map(({ status, description }) => [status, `${status} ${description}`] as const),
                [otherStatus, 'another status'],
              ]}
            />
          )}
        </Field>
      )}
      {!isStatus(draft.answer) && (
        <Field label="Status">
          {(attributes) => (
            <input
              {...attributes}
              type="number"
              min={200}
              max={599}
              step={1}
              required
              value={draft.status}
              onInput={(event) => change({ status: event.currentTarget.value })}
            />
          )}
        </Field>
      )}
      {examples.length > 0 && (
        <Field label="Body">
          {(attributes) => (
            <Select
              attributes={attributes}
              value={draft.example}
              onChange={(example) => change({ example })}
              options={[
                ['', 'as the API words its own'],
                ...examples.map((name) => [name, `example ${name}`] as const),
              ]}
            />
          )}
        </Field>
      )}
    </>
  );
}

/** What is answered at first, once an operation is chosen: the last that it declares, mostly a failure. */
function firstAnswer(operations: readonly { operationId: string; responses: { status: string }[] }[], chosen: string) {
  const responses = operations.find(({ operationId }) => operationId === chosen)?.responses ?? [];
  return { answer: responses.at(-1)?.status ?? otherStatus, example: '' };
}

/** The name of a member that a select gives. */
function oneOf<Name extends string>(names: Readonly<Record<Name, string>>, value: string): Name {
  for (const name in names) if (name === value) return name;
  throw new Error(`There is no choice ${value}.`);
}
