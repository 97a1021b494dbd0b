/**
 * Where something stands in a scenario file, and what is wrong there.
 */
import { escapePointer } from '../json-pointer.js';
import { FileError, type YamlFile } from '../yaml.js';

/** A part of a file, by its JSON pointer. */
export interface Place {
  readonly yaml: YamlFile;
  readonly pointer: string;
}

/** The member or element of a place that has this name. */
export function below(place: Place, name: string | number): Place {
  return { yaml: place.yaml, pointer: `${place.pointer}/${escapePointer(String(name))}` };
}

/** `data/acme/default.yaml:12:7` */
export function positionOf({ yaml, pointer }: Place): string {
  return yaml.position(pointer);
}

/** A value cannot be computed. `message` says why; {@link Complaints} adds the position. */
export class Fault extends Error {
  override readonly name = 'Fault';

  constructor(
    readonly place: Place,
    message: string,
  ) {
    super(message);
  }
}

interface Entry {
  readonly place: Place;
  readonly message: string;
  /** How many repetitions of the same template have something wrong at this position, this one aside. */
  more: number;
}

/** Everything that is wrong with a scenario, so that all is shown at once. */
export class Complaints {
  readonly #entries = new Map<string, Entry[]>();
  readonly #told = new Set<Fault>();

  /** `extending` is where the scenario says what it extends; what is wrong in another file is told with it. */
  constructor(private readonly extending?: Place) {}

  /** `repetition` counts from 0: what is wrong at one position with many repetitions of a template is told once. */
  add(place: Place, message: string, repetition = 0): void {
    const position = positionOf(place);
    const entries = this.#entries.get(position);
    if (entries === undefined) this.#entries.set(position, [{ place, message, more: 0 }]);
    else if (repetition === 0) entries.push({ place, message, more: 0 });
    else for (const entry of entries.slice(0, 1)) entry.more++;
  }

  /** At how many positions something is wrong. */
  get size(): number {
    return this.#entries.size;
  }

  /** The same fault is told once, however many values it spoils. */
  addFault(fault: Fault, repetition: number): void {
    if (this.#told.has(fault)) return;
    this.#told.add(fault);
    this.add(fault.place, fault.message, repetition);
  }

  /** @throws {FileError} with a line for each thing that is wrong, if anything is */
  settle(): void {
    if (this.#entries.size === 0) return;
    const lines = [...this.#entries].sort(byPosition).flatMap(([position, entries]) =>
      entries.map((entry) => {
        const more = entry.more > 0 ? ` (and ${entry.more} more like it)` : '';
        return `${position}: ${entry.message}${more}${this.#extended(entry.place)}`;
      }),
    );
    throw new FileError(lines.join('\n'));
  }

  #extended({ yaml }: Place): string {
    const { extending } = this;
    if (extending === undefined || extending.yaml.file === yaml.file) return '';
    return ` (extended at ${positionOf(extending)})`;
  }
}

/** By file, line and column. */
function byPosition([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  const [file, line, column] = partsOf(left);
  const [otherFile, otherLine, otherColumn] = partsOf(right);
  if (file !== otherFile) return file < otherFile ? -1 : 1;
  return line - otherLine || column - otherColumn;
}

function partsOf(position: string): readonly [file: string, line: number, column: number] {
  const [, file = '', line, column] = /^(.*):(\d+):(\d+)$/.exec(position) ?? [];
  return [file, Number(line), Number(column)];
}
