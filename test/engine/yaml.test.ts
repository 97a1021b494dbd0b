/**
 * YAML in and out: number text kept, and errors that name the place.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse, stringify } from '../../src/json.js';
import { escapePointer } from '../../src/json-pointer.js';
import { FileError, readYaml, toYaml } from '../../src/yaml.js';

const directory = mkdtempSync(join(tmpdir(), 'paydouble-yaml-'));
afterAll(() => rmSync(directory, { recursive: true }));

function read(text: string) {
  const file = join(directory, 'file.yaml');
  writeFileSync(file, text);
  return readYaml(file);
}

test.each([
  ['a: 125.50', '{"a":125.50}'],
  ['a: 8.0', '{"a":8.0}'],
  ['a: 1e3', '{"a":1e3}'],
  ['a: 12345678901234567890', '{"a":12345678901234567890}'],
  ['a: -0', '{"a":-0}'],
  ['a: 0x10', '{"a":16}'],
  ['a: +5', '{"a":5}'],
  ['a: .5', '{"a":0.5}'],
  ['a: .inf', '{"a":".inf"}'],
  ['a: -.inf', '{"a":"-.inf"}'],
  ['a: .nan', '{"a":".nan"}'],
  ["a: '125.50'", '{"a":"125.50"}'],
  ['a: 2021-04-26', '{"a":"2021-04-26"}'],
  ['a: yes', '{"a":"yes"}'],
  ['a: true', '{"a":true}'],
  ['a:', '{"a":null}'],
  ['a: ~', '{"a":null}'],
  ['1: a', '{"1":"a"}'],
  ['__proto__: { x: 1 }', '{"__proto__":{"x":1}}'],
  ['a: &x { b: 1.0 }\nc: *x', '{"a":{"b":1.0},"c":{"b":1.0}}'],
  ['- [1, 2.50]\n- {}', '[[1,2.50],{}]'],
  ['', 'null'],
])('%j is read as %s', (text, json) => {
  expect(stringify(read(text).value)).toBe(json);
});

describe('what is wrong is told with its place', () => {
  test.each([
    ['a: [1\nb: 2', /file\.yaml:\d+:\d+: /],
    ['a: 1\na: 2', /file\.yaml:2:1: /],
    ['a: *none', /file\.yaml:1:4: \*none: no anchor/],
    ['a: *later\nb: &later 1', /file\.yaml:1:4: \*later: no anchor/],
    ['a: &a\n  - 1\n  - { b: *a }', /file\.yaml:3:10: \*a: it stands within/],
    ['a: "open', /file\.yaml:1:\d+: /],
  ])('%j', (text, said) => {
    expect(() => read(text)).toThrow(FileError);
    expect(() => read(text)).toThrow(said);
  });

  test('a file that is not there', () => {
    expect(() => readYaml(join(directory, 'none.yaml'))).toThrow(/none\.yaml: cannot be read/);
  });
});

test.each([
  ['', '1:1'],
  ['/a', '1:4'],
  ['/b', '3:3'],
  ['/b/1', '4:5'],
  ['/b/1/c~1d', '4:12'],
  ['/b/9', '3:3'],
  ['/none/at/all', '1:1'],
  ['none', '1:1'],
])('%j stands at %s', (pointer, place) => {
  expect(read('a: 1\nb:\n  - 1\n  - { c/d: 2 }\n').position(pointer)).toMatch(new RegExp(`:${place}$`));
});

test('a name is escaped for a pointer', () => {
  expect(escapePointer('a/b~c/~1')).toBe('a~1b~0c~1~01');
});

test('what is written comes back, number text and all', () => {
  const json =
    '{"a":[8.0,125.50,{"b":12345678901234567890,"c":"125.50","d":null,"e":"true","f":"","i":1e3,"j":12345678901234567.89,"k":-0,"l":0.0000001,"m":"1e3"}],"g":{},"h":[]}';
  expect(stringify(read(toYaml(parse(json))).value)).toBe(json);
});
