/**
 * `judgedOnce: <reference>`, asked in an `if`: whether a value conforms to a schema. A stored record is immutable, so a version
 * of it that conformed once conforms for ever, and is not judged again; what can change is judged each time. It says nothing of
 * what is wrong: the `$ref` in the `else` does.
 */
import type { FuncKeywordDefinition, ValidateFunction } from 'ajv';
import { isDeeplyFrozen } from './frozen.js';

/** The keyword, for an ajv whose schemas the references lead to; each is compiled when the first value is judged by it. */
export function judgedOnce(find: (reference: string) => ValidateFunction | undefined): FuncKeywordDefinition {
  // By reference: a record is the same alone and in a list.
  const known = new Map<string, WeakSet<object>>();
  return {
    keyword: 'judgedOnce',
    schemaType: 'string',
    errors: false,
    compile(reference: string) {
      const conforming = known.get(reference) ?? new WeakSet();
      known.set(reference, conforming);
      let validate: ValidateFunction | undefined;
      return (value: unknown, context) => {
        const frozen = typeof value === 'object' && value !== null && Object.isFrozen(value) ? value : undefined;
        if (frozen !== undefined && conforming.has(frozen)) return true;
        validate ??= find(reference);
        if (validate?.(value, context) !== true) return false;
        if (frozen !== undefined && isDeeplyFrozen(frozen)) conforming.add(frozen);
        return true;
      };
    },
  };
}
