/**
 * Headers as text to edit, one a line: `content-type: application/json`.
 */

export function headerLines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

/** The reverse. @throws {Error} naming a line that is no header */
export function headersOf(text: string): Headers {
  const headers = new Headers();
  for (const line of text.split('\n').filter((each) => each.trim() !== '')) {
    const at = line.indexOf(':');
    try {
      if (at === -1) throw new TypeError('no colon');
      headers.append(line.slice(0, at).trim(), line.slice(at + 1).trim());
    } catch {
      throw new Error(`Received the header ${JSON.stringify(line)}; expected a name, a colon and a value.`);
    }
  }
  return headers;
}
