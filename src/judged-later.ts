/**
 * Schemas that ajv makes ready when the first value is judged by them. Left to itself it makes a schema ready within the one
 * that refers to it, as deep as references lead: eight hundred that refer to each other, as large documents have, and there is
 * no more room.
 */
import type { Ajv, ValidateFunction } from 'ajv';

/** Makes a schema known to an ajv by a name that others refer to. */
export function addLater(ajv: Ajv, schema: object, name: string): void {
  const whole = `${name}/whole`;
  ajv.addSchema(schema, whole, false);
  ajv.addSchema({}, name, false);
  const environment = ajv.schemas[name];
  if (environment === undefined) throw new Error(`ajv does not know ${name}, which it was just given.`);
  let found: ValidateFunction | undefined;
  const judge = (value: unknown, context?: Parameters<ValidateFunction>[1]): value is unknown => {
    found ??= ajv.getSchema(whole);
    const holds = found?.(value, context) === true;
    // Where ajv looks for them once a schema was asked: what is wrong, and what of the value it spoke of.
    later.errors = found?.errors ?? null;
    if (found?.evaluated !== undefined) later.evaluated = found.evaluated;
    return holds;
  };
  const later: ValidateFunction = Object.assign(judge, { schema, schemaEnv: environment });
  environment.validate = later;
}
