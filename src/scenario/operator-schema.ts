/**
 * What the schemas of scenario files say of operators; docs/scenarios.md tells the same by example.
 */
import type { JsonObject } from '../json.js';

const operator: JsonObject = { $ref: '#/definitions/operator' };
const string: JsonObject = { type: 'string' };
const amount: JsonObject = { anyOf: [{ type: 'number' }, operator] };
const moment: JsonObject = { anyOf: [string, operator] };
const where: JsonObject = { type: 'object', description: 'Properties, with the values that are looked for.' };
const among: JsonObject = { type: 'string', description: 'The $name of the templates whose records are meant.' };
const amounts: JsonObject = { type: 'array', minItems: 1, items: amount };
const count: JsonObject = {
  anyOf: [{ type: 'integer' }, members([], { from: { type: 'integer' }, step: { type: 'integer' } })],
};

function members(required: readonly string[], properties: JsonObject): JsonObject {
  const demanded: JsonObject = required.length === 0 ? {} : { required };
  return { type: 'object', additionalProperties: false, properties, ...demanded };
}

/** By operator: what it does, what it is given, and what may stand beside it. */
const operators: readonly (readonly [string, string, JsonObject, JsonObject?])[] = [
  ['$index', 'The number of the repetition, counted from here.', count],
  [
    '$template',
    'A text with {{index}}, {{index:5}}, {{same:property}} and methods of faker.',
    string,
    { index: count },
  ],
  ['$faker', 'What a method of faker gives, such as person.firstName.', string, { with: {} }],
  [
    '$amount',
    'An amount between two others, with so many digits after the point (2 if absent).',
    members(['from', 'to'], { from: amount, to: amount, digits: { type: 'integer', minimum: 0, maximum: 9 } }),
  ],
  [
    '$time',
    'A time. A duration in from counts from the clock, one in to from from.',
    members(['from'], {
      from: moment,
      to: moment,
      plus: string,
      step: string,
      form: { enum: ['date-time', 'date'] },
      digits: { type: 'integer', minimum: 0, maximum: 9 },
      zone: { enum: ['Z', '+00:00'] },
    }),
  ],
  [
    '$choose',
    'One of a list, each as likely or with weights; or a text by weight: { open: 5, paid: 3 }.',
    {
      anyOf: [
        { type: 'array', minItems: 1 },
        { type: 'object', minProperties: 1, additionalProperties: { type: 'number', minimum: 0 } },
      ],
    },
    { weights: { type: 'array', items: { type: 'number', minimum: 0 } } },
  ],
  [
    '$pick',
    'A property of a record of a collection, chosen by chance.',
    members(['from'], {
      from: string,
      take: { type: 'string', description: 'The property; absent, the key.' },
      by: {
        anyOf: [{ enum: ['uniform', 'each-once'] }, members(['weight'], { weight: string })],
        description: 'Each as likely (if absent), each at most once, or as often as a property says.',
      },
      where,
      among,
    }),
  ],
  ['$same', 'Another property of this record.', string],
  [
    '$of',
    'A property of the record with a key.',
    members(['from', 'key', 'take'], { from: string, key: {}, take: string }),
  ],
  [
    '$sum',
    'The sum of a property of records, or of the elements of an array in them: of: payments.allocations.',
    members(['of', 'take'], { of: string, take: string, where, among }),
  ],
  ['$plus', 'The sum of amounts.', amounts],
  ['$less', 'The first amount, less the others.', amounts],
  ['$times', 'The product of amounts.', amounts],
  ['$least', 'The smallest of amounts.', amounts],
  ['$most', 'The largest of amounts.', amounts],
  ['$literal', 'The value as it stands, whatever is in it.', {}],
];

const digits: JsonObject = { type: 'integer', minimum: 0, maximum: 20, description: 'The digits after the point.' };
const calculations = ['$sum', '$plus', '$less', '$times', '$least', '$most'];

/** Beside a member of the left, one of the operators on the right stands. */
const dependencies: JsonObject = {
  ...Object.fromEntries(
    operators.flatMap(([name, , , companions]) => Object.keys(companions ?? {}).map((beside) => [beside, [name]])),
  ),
  digits: { anyOf: calculations.map((name) => ({ required: [name] })) },
};

/** An operator, which may stand wherever a value stands. */
export const operatorSchema: JsonObject = {
  description: 'A value that is computed.',
  type: 'object',
  additionalProperties: false,
  properties: {
    ...Object.fromEntries(operators.map(([name, description, schema]) => [name, { description, ...schema }])),
    ...Object.fromEntries(operators.flatMap(([, , , companions]) => Object.entries(companions ?? {}))),
    digits,
  },
  oneOf: operators.map(([name]) => ({ required: [name] })),
  dependencies,
};

/** Members of a record that are instructions and not part of it. */
export const recordInstructions: JsonObject = {
  $repeat: { type: 'integer', minimum: 0, description: 'How many records this template makes; absent, one.' },
  $name: { type: 'string', description: 'What picks, and scenarios that extend this one, call the template.' },
  $like: { type: 'string', description: 'The $name of a template of this collection, whose members this one has too.' },
  $remove: { const: true, description: 'Takes away the record of this key, or $name, of a scenario that is extended.' },
};
