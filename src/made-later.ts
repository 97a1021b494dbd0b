/**
 * What few requests need, made for the first that does, so that no start waits for it.
 */

/** Gives a value that is made when it is first asked for; where that fails, the next who asks tries again. */
export function madeLater<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
