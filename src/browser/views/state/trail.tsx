/**
 * The way to what is looked at, from all collections to one record.
 */
import { linkTo } from '../../place.js';

/** `parts`: api, collection, key, as far as one has come. The last is where one is. */
export function Trail({ parts }: { parts: readonly string[] }) {
  return (
    <nav class="trail" aria-label="Way back">
      {['State', ...parts].slice(0, -1).map((part, index) => (
        <span key={part}>
          <a href={linkTo({ view: 'state', rest: parts.slice(0, index) })}>{part}</a> /
        </span>
      ))}
    </nav>
  );
}
