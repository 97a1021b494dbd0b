/**
 * Which records of how many are shown, and the way to the others.
 */
import { useShortcuts } from '../../keyboard.js';
import { setQuery } from '../../place.js';

interface PagesProperties {
  /** From 1. */
  readonly page: number;
  /** Records of a page. */
  readonly size: number;
  readonly total: number;
}

export function Pages({ page, size, total }: PagesProperties) {
  const last = Math.max(1, Math.ceil(total / size));
  const [from, to] = [(page - 1) * size + 1, Math.min(page * size, total)];
  const turn = (wanted: number) => {
    const there = Math.max(1, Math.min(wanted, last));
    if (there !== page) setQuery({ page: there === 1 ? '' : String(there) });
  };
  useShortcuts([
    { keys: ']', does: 'Next page', run: () => turn(page + 1) },
    { keys: '[', does: 'Previous page', run: () => turn(page - 1) },
  ]);
  return (
    <div class="pages">
      <button type="button" disabled={page <= 1} onClick={() => turn(page - 1)}>
        Previous
      </button>
      <button type="button" disabled={page >= last} onClick={() => turn(page + 1)}>
        Next
      </button>
      <p role="status">
        {from <= to ? `${show(from)}–${show(to)} of ${show(total)}` : `${show(total)} in all`}
        {total === 1 ? ' record' : ' records'}
      </p>
    </div>
  );
}

function show(count: number): string {
  return count.toLocaleString('en');
}
