/**
 * Values from schemas: valid by the schema that they are made from, and the same for the same seed.
 */
import { en, Faker } from '@faker-js/faker';
import { describe, expect, test } from 'vitest';
import { documentedApis, loadDocument } from '../../src/document.js';
import { generate } from '../../src/generate.js';
import { parseInstant } from '../../src/instant.js';
import { isObject, type JsonValue, stringify } from '../../src/json.js';
import { Validator } from '../../src/validator.js';
import { makeSchemas } from './fixture.js';

const now = parseInstant('2025-11-03T19:49:47.759Z') ?? expect.fail();
const seeds = [1, 2, 3, 4, 5, 6, 7, 8];

function seeded(seed: number): Faker {
  const faker = new Faker({ locale: [en] });
  faker.seed(seed);
  return faker;
}

const own = makeSchemas(`
  Whole: { type: integer, minimum: 3, maximum: 5 }
  Below: { type: integer, maximum: -5 }
  Between: { type: integer, minimum: 1, exclusiveMinimum: true, maximum: 3, exclusiveMaximum: true }
  Steps: { type: integer, minimum: 3, maximum: 11, multipleOf: 5 }
  Cents: { type: number, minimum: 0, exclusiveMinimum: true, maximum: 0.05, multipleOf: 0.01 }
  Fraction: { type: number, minimum: 0, exclusiveMinimum: true, maximum: 1, exclusiveMaximum: true }
  Fine: { type: number, minimum: 0.001, maximum: 0.002 }
  Padded: { type: number, minimum: 5.00, maximum: 6.00 }
  Fixed: { type: number, minimum: 0.07, maximum: 0.07 }
  Large: { type: integer, format: int64, minimum: 9007199254740990 }
  Small: { type: integer, minimum: -9007199254740991, maximum: -9007199254740990 }
  Short: { type: string, maxLength: 3 }
  Long: { type: string, minLength: 60 }
  Exact: { type: string, minLength: 8, maxLength: 8 }
  Pattern: { type: string, pattern: '^[A-Z]{3}-[0-9]{4}$', example: ABC-1234 }
  Code: { type: string, pattern: '^\\d{2}(-[a-c]+)?|[^x]\\w*$' }
  Choice: { type: string, enum: [a, b], nullable: true }
  Flag: { type: boolean }
  Day: { type: string, format: date }
  Moment: { type: string, format: date-time }
  Id: { type: string, format: uuid }
  Mail: { type: string, format: email }
  Link: { type: string, format: uri }
  List: { type: array, minItems: 4, maxItems: 5, items: { $ref: '#/components/schemas/Cents' } }
  Empty: { type: array, maxItems: 0, items: { type: string } }
  OneOf: { oneOf: [{ type: string, maxLength: 2 }, { type: boolean }] }
  AnyOf: { anyOf: [{ $ref: '#/components/schemas/Cents' }, { $ref: '#/components/schemas/Id' }] }
  Alias: { allOf: [{ $ref: '#/components/schemas/Choice' }] }
  Described: { description: An alias with words., nullable: true, allOf: [{ description: Of what. }, { $ref: '#/components/schemas/Day' }] }
  Whole3: { allOf: [{ $ref: '#/components/schemas/Node' }, { type: object, required: [extra], properties: { extra: { $ref: '#/components/schemas/Alias' } } }] }
  Mixed: { type: object, allOf: [{ $ref: '#/components/schemas/Node' }], required: [own], properties: { own: { type: integer } } }
  Secret: { type: object, required: [pin], properties: { pin: { type: string, writeOnly: true }, id: { type: integer, readOnly: true } } }
  OneOfThree: { type: object, required: [b], maxProperties: 1, properties: { b: { type: integer }, a: { type: integer } } }
  Map: { type: object, additionalProperties: { type: integer } }
  Free: { description: Any JSON. }
  Node:
    type: object
    required: [id]
    properties:
      id: { $ref: '#/components/schemas/Id' }
      parent: { $ref: '#/components/schemas/Node' }
      children: { type: array, items: { $ref: '#/components/schemas/Node' } }
`);

const documents = [own, ...['_sandbox', ...documentedApis()].map((api) => loadDocument(api))];
const schemas = documents.flatMap((document) => {
  const validator = new Validator(document);
  const components = document.resolve(document.root.components);
  return Object.keys(document.resolve(components.schemas)).map((name) => ({
    name,
    document,
    validator,
    title: document.title,
  }));
});

describe('a random value', () => {
  test.each(schemas)('is valid by $title $name', ({ name, document, validator }) => {
    const schema = { $ref: `#/components/schemas/${name}` };
    for (const seed of seeds) {
      const value = generate(schema, document.resolve, now, seeded(seed));
      expect(validator.check(schema, 'response', value, 'body'), `seed ${seed}: ${stringify(value)}`).toEqual([]);
    }
  });

  test('is the same for the same seed, and another for another', () => {
    const schema = { $ref: '#/components/schemas/Node' };
    const values = [1, 1, 2].map((seed) => stringify(generate(schema, own.resolve, now, seeded(seed))));
    expect(values[0]).toBe(values[1]);
    expect(values[0]).not.toBe(values[2]);
  });
});

describe('a value without chance', () => {
  test.each(schemas.filter(({ document }) => document === own))('is valid by $name', ({ name, validator }) => {
    const schema = { $ref: `#/components/schemas/${name}` };
    expect(validator.check(schema, 'response', generate(schema, own.resolve, now), 'body')).toEqual([]);
  });

  const made: readonly (readonly [JsonValue, JsonValue])[] = [
    [{ type: 'string', example: 'e', default: 'd', enum: ['x'] }, 'e'],
    [{ type: 'string', default: 'd', enum: ['x'] }, 'd'],
    [{ type: 'string', enum: ['x', 'y'] }, 'x'],
    [{ type: 'string' }, 'string'],
    [{ type: 'string', format: 'date-time' }, '2025-11-03T19:49:47.759Z'],
    [{ type: 'string', format: 'date' }, '2025-11-03'],
    [{ type: 'string', format: 'hostname' }, 'string'],
    [{ type: 'boolean' }, true],
    [{ type: 'integer' }, 0],
    [{ type: 'integer', minimum: 7 }, 7],
    [{ type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 0.5 }, 0.01],
    [{ type: 'array', items: { type: 'integer' } }, [0]],
    [{ type: 'object', properties: { a: { type: 'boolean' }, b: { type: 'string', writeOnly: true } } }, { a: true }],
    [{ oneOf: [{ type: 'boolean' }, { type: 'string' }] }, true],
    [{ allOf: [{ type: 'string', enum: ['x'] }] }, 'x'],
    [
      { allOf: [{ properties: { a: { type: 'integer' } } }, { properties: { b: { type: 'boolean' } } }] },
      { a: 0, b: true },
    ],
    [{}, {}],
  ];
  test.each(made)('of %j is %j', (schema, value) => {
    expect(generate(schema, own.resolve, now)).toEqual(value);
  });
});

test('a schema within itself ends', () => {
  const depth = (value: JsonValue | undefined): number =>
    isObject(value)
      ? 1 + Math.max(0, ...Object.values(value).map(depth))
      : Array.isArray(value)
        ? Math.max(0, ...value.map(depth))
        : 0;
  for (const seed of seeds) {
    expect(depth(generate({ $ref: '#/components/schemas/Node' }, own.resolve, now, seeded(seed)))).toBeLessThan(10);
  }
});
