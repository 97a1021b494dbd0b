/**
 * Finds scenario files: `<directory>/<api>/<scenario>.yaml`, and `<directory>/<scenario>.yaml` for several apis at once.
 */
import { type Dirent, existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readCompiled } from '../compiled-yaml.js';
import { isArray, isObject, type JsonObject, type JsonValue } from '../json.js';
import { FileError, type YamlFile } from '../yaml.js';
import { below, Complaints, type Place, positionOf } from './place.js';
import { type Looked, stampOf } from './stamp.js';

/** A value of a file, and where it stands. */
export interface Placed {
  readonly value: JsonValue;
  readonly place: Place;
}

/** What one file says of a scenario of one api, by member: `story`, `records` … */
export interface Layer {
  readonly place: Place;
  readonly members: ReadonlyMap<string, Placed>;
}

interface Found {
  readonly layer: Layer;
  /** The number of the directory that it was found in. */
  readonly directory: number;
}

const scenarioName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/** What may stand beside `apis` in a file for several; each api has these too, and what it says itself wins. */
const shared = ['story', 'seed', 'clock'];

/** The directories that scenarios are in. Those that come first are looked at first. */
export class Layers {
  /** Files for several apis, each read once until it changes. */
  readonly #read = new Map<string, { readonly stamp: string; readonly yaml: YamlFile }>();

  constructor(readonly directories: readonly string[]) {}

  /** The names of an api's scenarios, in alphabetical order; those of files for several apis that are wrong are among them. */
  names(api: string): readonly string[] {
    const names = this.directories.flatMap((directory) => [
      ...files(join(directory, api)),
      ...files(directory).filter((name) => this.#concerns(directory, api, name)),
    ]);
    return [...new Set(names)].sort();
  }

  /** Whether {@link names} has a name; it looks at the files of that name alone. */
  has(api: string, name: string): boolean {
    if (!scenarioName.test(name)) return false;
    return this.directories.some(
      (directory) => existsSync(join(directory, api, `${name}.yaml`)) || this.#concerns(directory, api, name),
    );
  }

  /** The folders of all directories that have scenarios, each of which should have the name of an api. */
  folders(): readonly string[] {
    return this.directories.flatMap((directory) =>
      entries(directory)
        .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
        .map((entry) => join(directory, entry.name))
        .filter((folder) => files(folder).length > 0),
    );
  }

  /** The files of all directories that are for several apis. */
  several(): readonly string[] {
    return this.directories.flatMap((directory) => files(directory).map((name) => join(directory, `${name}.yaml`)));
  }

  #readSeveral(file: string): YamlFile {
    const stamp = stampOf(file);
    const known = this.#read.get(file);
    if (known?.stamp === stamp) return known.yaml;
    const yaml = checkSeveral(readCompiled(file));
    this.#read.set(file, { stamp, yaml });
    return yaml;
  }

  /**
   * What a scenario is made of: what it extends first, itself last. `looked` is told of every file that this hangs on.
   *
   * @throws {FileError} if there is no such scenario, or if it extends itself in a circle
   */
  chain(api: string, name: string, looked: Looked = new Map()): readonly Layer[] {
    const found = this.#find(api, name, 0, looked);
    if (found === undefined) {
      throw new FileError(`data/${api}/${name}.yaml: there is no scenario ${name} of ${api}. ${this.#known(api)}`);
    }
    return this.#chain(api, name, found, [], looked);
  }

  /**
   * What the scenario in a file is made of, which need not be in one of the directories.
   *
   * @throws {FileError} as {@link chain} does, or if a file for several apis has nothing for this one
   */
  chainOfFile(api: string, file: string): readonly Layer[] {
    const name = basename(file, '.yaml');
    const yaml = readCompiled(file);
    const layer = isSeveral(yaml) ? partOf(checkSeveral(yaml), api) : whole(yaml);
    if (layer === undefined) throw new FileError(`${yaml.position('/apis')}: there is no ${api} among apis`);
    return this.#chain(api, name, { layer, directory: -1 }, [], new Map());
  }

  #chain(
    api: string,
    name: string,
    { layer, directory }: Found,
    above: readonly string[],
    looked: Looked,
  ): readonly Layer[] {
    const id = identity(layer);
    const extended = layer.members.get('extends');
    const chain: Layer[] = [];
    for (const { value, place } of extended === undefined ? [] : listed(extended)) {
      const base = typeof value === 'string' && scenarioName.test(value) ? value : undefined;
      // A scenario that extends its own name means that of the directories behind its own.
      const found =
        base === undefined
          ? undefined
          : this.#find(api, base, base === name ? directory + 1 : 0, looked, base === name ? id : '');
      const alone = base === name ? ' of that name in another directory' : '';
      if (base === undefined || found === undefined) {
        const expected = `expected the name of a scenario of ${api}${alone}. ${this.#known(api)}`;
        throw new FileError(
          `${positionOf(place)}: there is no scenario ${JSON.stringify(value)} to extend; ${expected}`,
        );
      }
      if (id === identity(found.layer) || above.includes(identity(found.layer))) {
        throw new FileError(`${positionOf(place)}: ${base} extends ${name} in a circle; take one of them out`);
      }
      chain.push(...this.#chain(api, base, found, [...above, id], looked));
    }
    const each = new Map([...chain, layer].map((part) => [identity(part), part]));
    return [...each.values()];
  }

  /** `except` is the identity of a layer that is not meant. */
  #find(api: string, name: string, from: number, looked: Looked, except = ''): Found | undefined {
    for (const [directory, path] of this.directories.entries()) {
      if (directory < from) continue;
      const file = join(path, api, `${name}.yaml`);
      // Before they are read: what changes meanwhile is seen the next time.
      for (const each of [file, join(path, `${name}.yaml`)]) looked.set(each, stampOf(each));
      const layer = existsSync(file) ? whole(readCompiled(file)) : this.#part(path, api, name);
      if (layer !== undefined && identity(layer) !== except) return { layer, directory };
    }
    return undefined;
  }

  /** What a file for several apis says of one of them; `undefined` if nothing. */
  #part(directory: string, api: string, name: string): Layer | undefined {
    const file = join(directory, `${name}.yaml`);
    if (!existsSync(file)) return undefined;
    return partOf(this.#readSeveral(file), api);
  }

  /** Whether a file for several apis says something of this one; if it is wrong, that is told when it is read. */
  #concerns(directory: string, api: string, name: string): boolean {
    try {
      return this.#part(directory, api, name) !== undefined;
    } catch (error) {
      if (error instanceof FileError) return true;
      throw error;
    }
  }

  #known(api: string): string {
    return `Known are ${this.names(api).join(', ')}.`;
  }
}

/** Scenario names by the files of a directory. */
function files(directory: string): readonly string[] {
  return entries(directory)
    .filter((entry) => !entry.isDirectory() && entry.name.endsWith('.yaml'))
    .map((entry) => entry.name.slice(0, -'.yaml'.length))
    .filter((name) => scenarioName.test(name));
}

function entries(directory: string): readonly Dirent[] {
  return existsSync(directory) ? readdirSync(directory, { withFileTypes: true }) : [];
}

/** Which file, and which part of it. */
function identity({ place }: Layer): string {
  return `${place.yaml.file}#${place.pointer}`;
}

/** Whether a file says what several apis begin with. */
export function isSeveral({ value }: YamlFile): boolean {
  return isObject(value) && value.apis !== undefined;
}

/** @throws {FileError} if a file for several apis has other members, or no apis */
function checkSeveral(yaml: YamlFile): YamlFile {
  const root = isObject(yaml.value) ? yaml.value : {};
  const complaints = new Complaints();
  const place = { yaml, pointer: '' };
  const known = [...shared, 'apis'];
  for (const member of Object.keys(root).filter((each) => !known.includes(each))) {
    const message = `${member} is not known in a scenario for several apis; expected ${known.join(', ')}`;
    complaints.add(below(place, member), message);
  }
  if (!isObject(root.apis))
    complaints.add(below(place, 'apis'), 'expected apis: what each of several apis begins with');
  complaints.settle();
  return yaml;
}

/** What a file for several apis says of one of them; `undefined` if nothing. */
function partOf(yaml: YamlFile, api: string): Layer | undefined {
  const root = isObject(yaml.value) ? yaml.value : {};
  const own = isObject(root.apis) && Object.hasOwn(root.apis, api) ? root.apis[api] : undefined;
  if (own === undefined) return undefined;
  const top = { yaml, pointer: '' };
  const place = below(below(top, 'apis'), api);
  const common = shared.filter((member) => root[member] !== undefined).map((member) => placed(root, top, member));
  const given = isObject(own) ? own : {};
  const particular = Object.keys(given).map((member) => placed(given, place, member));
  return { place, members: new Map([...common, ...particular]) };
}

/** A file that says all of one api. */
function whole(yaml: YamlFile): Layer {
  const place = { yaml, pointer: '' };
  const root = isObject(yaml.value) ? yaml.value : {};
  return { place, members: new Map(Object.keys(root).map((member) => placed(root, place, member))) };
}

function placed(parent: JsonObject, place: Place, member: string): readonly [string, Placed] {
  return [member, { value: parent[member] ?? null, place: below(place, member) }];
}

/** The elements of a list; what is none is its own only element. */
export function listed({ value, place }: Placed): readonly Placed[] {
  if (!isArray(value)) return [{ value, place }];
  return value.map((element, index) => ({ value: element, place: below(place, index) }));
}
