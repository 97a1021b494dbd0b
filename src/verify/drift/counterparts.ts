/**
 * Which id of the first server stands for which of the second: the same thing has another id at each.
 */

/** The ids of one kind, both ways. */
interface Kind {
  readonly seconds: Map<string, string>;
  readonly firsts: Map<string, string>;
}

/** Every word of a text, and what stands between words. */
const words = /[\p{L}\p{N}_-]+|[^\p{L}\p{N}_-]+/gu;

/** A text without the URL of the server that it is of: links to itself are the same at every server. */
export function withoutServer(text: string, baseUrl: string): string {
  return text.replaceAll(baseUrl, '').replaceAll(new URL(baseUrl).origin, '');
}

/** What is known so far. A kind is what its ids are unique among: the things of one path, one place of the document. */
export class Counterparts {
  readonly #kinds = new Map<string, Kind>();
  readonly #known = new Set<string>();
  /** The kinds by the name that their ids have in requests. */
  readonly #named = new Map<string, Set<string>>();

  /** Notes that two ids are of the same thing; false if one of them is known to be of another. */
  pair(kind: string, name: string, first: string, second: string): boolean {
    const { seconds, firsts } = this.#kind(kind);
    const [other, another] = [seconds.get(first), firsts.get(second)];
    if ((other ?? second) !== second || (another ?? first) !== first) return false;
    seconds.set(first, second);
    firsts.set(second, first);
    this.#known.add(`${first}\n${second}`);
    this.#named.set(name, (this.#named.get(name) ?? new Set()).add(kind));
    return true;
  }

  /** The second server's id of the thing that the first one has under this; undefined if none is known. */
  second(kind: string, first: string): string | undefined {
    return this.#kinds.get(kind)?.seconds.get(first);
  }

  /** The first server's id of what the second one has under this. */
  first(kind: string, second: string): string | undefined {
    return this.#kinds.get(kind)?.firsts.get(second);
  }

  /**
   * What a request must say to the second server where it says this to the first. An id that the first server does not
   * know, and the second one does, changes places with its counterpart, so that it is unknown to both.
   */
  inRequest(kind: string, text: string): string {
    return this.second(kind, text) ?? this.first(kind, text) ?? text;
  }

  /** The same by the name of a parameter or a member; the text itself if ids of several kinds, or none, have that name. */
  inRequestByName(name: string, text: string): string {
    const [kind, more] = this.#named.get(name) ?? [];
    return kind === undefined || more !== undefined ? text : this.inRequest(kind, text);
  }

  /** Whether two texts say the same, word by word, where ids of the same thing are the same word. */
  areAlike(first: string, second: string): boolean {
    if (first === second) return true;
    const [left, right] = [first.match(words) ?? [], second.match(words) ?? []];
    return (
      left.length === right.length &&
      left.every((word, index) => word === right[index] || this.#known.has(`${word}\n${right[index]}`))
    );
  }

  #kind(kind: string): Kind {
    const known = this.#kinds.get(kind) ?? { seconds: new Map(), firsts: new Map() };
    this.#kinds.set(kind, known);
    return known;
  }
}
