/**
 * A curl without its credentials that can still be run: what is hidden comes from variables of the shell, called like the
 * header or query parameter: `-H 'X-Key: '"${X_KEY:?}"`. A variable that is not set ends it, and says so.
 */

/** A header that is hidden altogether; the value ends with the quote that the shell ends it by. */
const hiddenHeaders = /-H '([^':]+): \*\*\*(?:[^']|'\\'')*'/g;

/** A query parameter that is hidden altogether. */
const hiddenParameters = /([?&])([^=&'\s]+)=\*\*\*[^&'\s]*/g;

/** The curl with a variable in the place of each header and query parameter that is hidden (`***`, see journal/redaction.ts). */
export function withVariables(curl: string): string {
  const [target = '', ...rest] = curl.split('\n');
  const asked = target.replace(hiddenParameters, (_, mark: string, name: string) => {
    return `${mark}${name}='"${variable(name)}"'`;
  });
  return [asked, ...rest].join('\n').replace(hiddenHeaders, (_, name: string) => `-H '${name}: '"${variable(name)}"`);
}

function variable(name: string): string {
  const word = name.replaceAll(/[^A-Za-z\d]+/g, '_').toUpperCase();
  return `\${${/^\d/.test(word) ? '_' : ''}${word}:?}`;
}
