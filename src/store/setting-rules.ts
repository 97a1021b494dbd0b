/**
 * What settings an api's handlers read, whoever gives them: a scenario or an uploaded snapshot. The document declares them
 * under `x-settings`.
 */
import type { JsonValue } from '../json.js';
import type { Contract } from '../validator.js';

/** What is wrong with a setting. */
export interface SettingFault {
  readonly name: string;
  /** JSON pointer into its value. */
  readonly pointer: string;
  readonly message: string;
}

/** Everything that is wrong with settings; none if each is declared, and has a value that is. */
export function judgeSettings(
  { document, validator }: Contract,
  given: Iterable<readonly [string, JsonValue]>,
): readonly SettingFault[] {
  const known = [...document.settings.keys()];
  return [...given].flatMap(([name, value]) => {
    const schema = document.settings.get(name);
    if (schema !== undefined) {
      const details = validator.check(schema, 'request', value, 'body', `setting ${name}`);
      return details.map(({ pointer, message }) => ({ name, pointer, message }));
    }
    const all = known.length === 0 ? 'It has none.' : `Known are ${known.join(', ')}.`;
    return [{ name, pointer: '', message: `${document.api} has no setting ${name}. ${all}` }];
  });
}
