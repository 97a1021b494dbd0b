/**
 * Records while they are computed. Every property is computed when it is first asked for, by whatever it takes to compute it:
 * so collections are expanded in the order that their picks demand, and what needs itself is found to be a circle.
 */
import { isArray, isObject, type JsonObject, type JsonValue, stringify } from '../json.js';
import { placeIn, type RecordSource } from './merge.js';
import { type Complaints, Fault } from './place.js';

/** Computes a value of one record, the same each time. @throws {Fault} if it cannot */
export interface Expression {
  (row: Row): JsonValue;
  /** Of an object or array that holds operators: what its members or elements are computed by. */
  readonly parts?: ReadonlyMap<string, Expression>;
  /** Whether it is the same for every record, and nothing to be kept for each. */
  readonly constant?: true;
}

/** A record of a file: as it stands, or with what its properties are computed by. */
export interface Template {
  readonly source: RecordSource;
  /** What picks and later layers call it: its `$name`. */
  readonly name: string | undefined;
  /** How many records it makes. */
  readonly repeat: number;
  /** Given for a record without operators. */
  readonly literal: JsonObject | undefined;
  readonly members: ReadonlyMap<string, Expression>;
}

/** The records of one collection, in order. */
export class Table {
  readonly rows: Row[] = [];
  /** By template, in the order of its repetitions. */
  readonly #byTemplate = new Map<Template, Row[]>();
  readonly #selections = new Map<string, Selection>();

  constructor(
    readonly name: string,
    readonly key: string,
    /** The `$name`s of its templates. */
    readonly names: ReadonlySet<string>,
    private readonly underWay: UnderWay,
  ) {}

  add(template: Template): void {
    const rows = Array.from({ length: template.repeat }, (_, repetition) => {
      return new Row(this, template, repetition, this.underWay);
    });
    for (const row of rows) this.rows.push(row);
    this.#byTemplate.set(template, rows);
  }

  /**
   * What operators look through; the same one for all that look through the same, so that it is indexed once. `elements` is
   * the array whose elements are meant, such as `allocations`; absent, the records themselves. `among` is the `$name` of the
   * templates whose records are meant; absent, all.
   */
  select(elements?: string, among?: string): Selection {
    const id = `${elements ?? ''} ${among ?? ''}`;
    const selection = this.#selections.get(id) ?? new Selection(this, elements, among);
    this.#selections.set(id, selection);
    return selection;
  }

  /** The record that a template makes at a repetition. */
  row(template: Template, repetition: number): Row | undefined {
    return this.#byTemplate.get(template)?.[repetition];
  }
}

/** How many values may need each other one after another; far more would not fit on the stack. */
const mostUnderWay = 400;

/** The properties that are being computed, each because the one before needs it. */
export class UnderWay {
  readonly #rows: Row[] = [];
  readonly #properties: string[] = [];

  get isFull(): boolean {
    return this.#rows.length >= mostUnderWay;
  }

  push(row: Row, property: string): void {
    this.#rows.push(row);
    this.#properties.push(property);
  }

  pop(): void {
    this.#rows.pop();
    this.#properties.pop();
  }

  /** The names of the properties from this one on; `undefined` if it is not being computed. */
  since(row: Row, property: string): readonly string[] | undefined {
    for (let at = this.#rows.length - 1; at >= 0; at--) {
      if (this.#rows[at] !== row || this.#properties[at] !== property) continue;
      return this.#rows.slice(at).map(({ table }, index) => `${table.name}.${this.#properties[at + index]}`);
    }
    return undefined;
  }
}

/** A record while it is computed. */
export class Row {
  #values: Map<string, JsonValue> | undefined;
  #faults: Map<string, Fault> | undefined;

  constructor(
    readonly table: Table,
    readonly template: Template,
    /** Counted from 0. */
    readonly repetition: number,
    private readonly underWay: UnderWay,
  ) {}

  /** A property's value; `undefined` if the record has none. @throws {Fault} if it cannot be computed */
  read(property: string): JsonValue | undefined {
    const { literal, members } = this.template;
    if (literal !== undefined) return Object.hasOwn(literal, property) ? literal[property] : undefined;
    const expression = members.get(property);
    return expression === undefined ? undefined : this.compute(property, expression);
  }

  /**
   * What stands at a path, such as `balanceDue.Services` or `allocations.0.amount`. Nothing but that is computed, so that a
   * part of an object or array may be computed from another part of it.
   */
  readPath(path: string): JsonValue | undefined {
    const [first = '', ...rest] = path.split('.');
    let at = first;
    let expression = this.template.members.get(first);
    while (expression !== undefined && rest.length > 0) {
      const part = expression.parts?.get(rest[0] ?? '');
      if (part === undefined) break;
      at += `.${rest.shift()}`;
      expression = part;
    }
    const value = expression === undefined ? this.read(first) : this.compute(at, expression);
    return rest.reduce<JsonValue | undefined>(within, value);
  }

  /** The whole record. @throws {Fault} if a property cannot be computed */
  record(): JsonObject {
    const { literal, members } = this.template;
    if (literal !== undefined) return literal;
    return Object.fromEntries([...members.keys()].map((property) => [property, this.read(property)]));
  }

  /** The value at a path, computed when it is first asked for. @throws {Fault} if it cannot be computed */
  compute(property: string, expression: Expression): JsonValue {
    if (expression.constant === true) return expression(this);
    const known = this.#values?.get(property);
    if (known !== undefined) return known;
    const failed = this.#faults?.get(property);
    if (failed !== undefined) throw failed;
    const circle = this.underWay.since(this, property);
    if (circle !== undefined) throw this.#circle(property, circle);
    if (this.underWay.isFull) {
      const message = `more than ${mostUnderWay} values need each other one after another; let later records need earlier ones`;
      throw new Fault(placeIn(this.template.source, `/${property.replaceAll('.', '/')}`), message);
    }
    this.underWay.push(this, property);
    try {
      const value = expression(this);
      this.#values ??= new Map();
      this.#values.set(property, value);
      return value;
    } catch (error) {
      if (error instanceof Fault) {
        this.#faults ??= new Map();
        this.#faults.set(property, error);
      }
      throw error;
    } finally {
      this.underWay.pop();
    }
  }

  #circle(property: string, slots: readonly string[]): Fault {
    const names = [...slots, `${this.table.name}.${property}`];
    const steps = names.filter((name, index) => name !== names[index - 1] || index === names.length - 1);
    const place = placeIn(this.template.source, `/${property.replaceAll('.', '/')}`);
    return new Fault(
      place,
      `a circle: ${steps.join(' needs ')}; give one of them a value that needs none of the others`,
    );
  }
}

/** A member of an object or an element of an array. */
export function within(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (isArray(value)) return value[Number(name)];
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** A record, or an element of an array in one. */
export interface Item {
  readonly row: Row;
  read(path: string): JsonValue | undefined;
}

/** A collection, the records of one template in it, or the elements of their arrays: see {@link Table.select}. */
export class Selection {
  #items: readonly Item[] | undefined;
  readonly #indexes = new Map<string, Map<string, Item[]>>();

  constructor(
    private readonly table: Table,
    private readonly elements: string | undefined,
    private readonly among: string | undefined,
  ) {}

  /** Everything whose properties have these values, in order. */
  matching(properties: readonly string[], values: readonly JsonValue[]): readonly Item[] {
    if (properties.length === 0) return this.#all();
    return this.#index(properties).get(signature(values)) ?? [];
  }

  #all(): readonly Item[] {
    if (this.#items !== undefined) return this.#items;
    const rows = this.table.rows.filter(({ template }) => this.among === undefined || template.name === this.among);
    this.#items = rows.flatMap((row) => this.#itemsOf(row));
    return this.#items;
  }

  #itemsOf(row: Row): readonly Item[] {
    if (this.elements === undefined) return [{ row, read: (path) => row.readPath(path) }];
    const elements = row.readPath(this.elements);
    return (isArray(elements) ? elements : []).map((element) => ({
      row,
      read: (path) => path.split('.').reduce<JsonValue | undefined>(within, element),
    }));
  }

  #index(properties: readonly string[]): Map<string, Item[]> {
    const id = properties.join();
    const known = this.#indexes.get(id);
    if (known !== undefined) return known;
    const index = new Map<string, Item[]>();
    for (const item of this.#all()) {
      const held = signature(properties.map((property) => item.read(property) ?? null));
      const items = index.get(held);
      if (items === undefined) index.set(held, [item]);
      else items.push(item);
    }
    this.#indexes.set(id, index);
    return index;
  }
}

/** The same text for the same values. */
export function signature(values: readonly JsonValue[]): string {
  return values.map((value) => stringify(value)).join('\n');
}

/** Computes every record of a table; those that cannot be are complained of and left out. */
export function* computed(table: Table, complaints: Complaints): Iterable<readonly [Row, JsonObject]> {
  for (const row of table.rows) {
    if (isComplete(row, complaints)) yield [row, row.record()];
  }
}

function isComplete(row: Row, complaints: Complaints): boolean {
  let complete = true;
  for (const property of row.template.members.keys()) {
    try {
      row.read(property);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      complaints.addFault(error, row.repetition);
      complete = false;
    }
  }
  return complete;
}
