/**
 * A curl without its credentials that can still be run: what is hidden comes from variables of the shell, called like the
 * header or query parameter: `-H 'X-Key: '"${X_KEY:?}"`. A variable that is not set ends it, and says so.
 */

/** A header that is hidden altogether; the value ends with the quote that the shell ends it by. */
const hiddenHeaders = /-H '([^':]+): \*\*\*(?:[^']|'\\'')*'/g;

/** A query parameter that is hidden altogether. */
const hiddenParameters = /([?&])([^=&'\s]+)=\*\*\*[^&'\s]*/g;

/**
 * The curl, or several of them, with a variable in the place of each header and query parameter that is hidden (`***`, see
 * journal/redaction.ts).
 */
export function withVariables(curls: string): string {
  return curls
    .replaceAll(/^curl .*$/gm, (line) =>
      line.replace(hiddenParameters, (_, mark: string, name: string) => `${mark}${name}='"${variable(name)}"'`),
    )
    .replace(hiddenHeaders, (_, name: string) => `-H '${name}: '"${variable(name)}"`);
}

function variable(name: string): string {
  const word = name.replaceAll(/[^A-Za-z\d]+/g, '_').toUpperCase();
  return `\${${/^\d/.test(word) ? '_' : ''}${word}:?}`;
}
