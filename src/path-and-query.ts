/** A target without its first `?`: the path before it, and the query behind it, which may have others; undefined for none. */
export function pathAndQuery(target: string): readonly [path: string, query: string | undefined] {
  const at = target.indexOf('?');
  return at < 0 ? [target, undefined] : [target.slice(0, at), target.slice(at + 1)];
}
