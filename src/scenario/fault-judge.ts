/**
 * Holds the rules of a scenario's `faults` against `components.schemas.FaultRule` of the control API's document.
 */
import { type ApiDocument, object } from '../document.js';
import { Validator } from '../validator.js';
import { anyFault, type JudgeFault } from './read.js';

const reference = '#/components/schemas/FaultRule';

/** Every rule is taken as it is by a document that has no such schema. */
export function faultJudge(control: ApiDocument): JudgeFault {
  if (object(object(control.root.components).schemas).FaultRule === undefined) return anyFault;
  const validator = new Validator(control);
  return (rule) => validator.check({ $ref: reference }, 'request', rule, 'body');
}
