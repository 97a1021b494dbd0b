/**
 * Findings as annotations of a GitHub workflow, beside the document's own lines.
 */
import type { YamlFile } from '../../yaml.js';
import type { Finding } from '../findings.js';

/** A workflow command for each finding. `position` gives `file:line:column` for a pointer into the document. */
export function githubAnnotations(findings: readonly Finding[], position: YamlFile['position']): string {
  return findings
    .map(({ check, message, documented }) => {
      const [, file = '', line = '1', column = '1'] = /^(.*):(\d+):(\d+)$/.exec(position(documented)) ?? [];
      return `::error file=${property(file)},line=${line},col=${column},title=${property(check)}::${data(message)}\n`;
    })
    .join('');
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
