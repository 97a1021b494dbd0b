/**
 * Where a problem is, as Hasura writes it: `/inputs/0/checkDate` of the body is
 * `$.selectionSet.createCustomerPayments.args.objects[0].checkDate`.
 */

/** The argument of the mutation that the variable `inputs` goes into (vendors.md, 000, Field path form). */
const objects = '$.selectionSet.createCustomerPayments.args.objects';

/** The path to a place in the body, or to a property `name` of the object there. */
export function fieldPath(pointer: string, name?: string): string {
  const [, variable, ...tokens] = pointer.split('/').map(unescapePointer);
  if (variable !== 'inputs') return '$';
  return [objects, ...tokens.map(step), ...(name === undefined ? [] : [property(name)])].join('');
}

/** The documented properties are no numbers, so a number is a place in an array. */
function step(token: string): string {
  return /^\d+$/.test(token) ? `[${token}]` : property(token);
}

function property(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return `.${name}`;
  return `['${name.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}']`;
}

function unescapePointer(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}
