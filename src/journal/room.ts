/**
 * The room that the journals of all workspaces share, so that a thousand of them cannot take a thousand times what one may.
 */
import type { Limits } from '../limits.js';

/** A journal as far as it takes room. */
interface Tenant {
  /** About what its entries take. */
  readonly bytes: number;
  /** Takes away its oldest entries until they were at least so many bytes, or none is left. */
  giveUp(bytes: number): void;
}

/** Told of every request that any of the journals records; it must not throw and asks for what it wants later. */
export type RoomListener = (workspace: string, number: number) => void;

/** What the largest journal gives up at once: more than one entry, so that not every request looks for the largest. */
const share = 1 / 8;

export class JournalRoom {
  /** The journals that have entries. */
  readonly #tenants = new Set<Tenant>();
  readonly #most: number;
  /** What one journal may take. */
  readonly perJournal: number;
  readonly #listeners = new Set<RoomListener>();
  #bytes = 0;

  constructor({ journalBytes, allJournalsBytes }: Pick<Limits, 'journalBytes' | 'allJournalsBytes'>) {
    this.#most = allJournalsBytes;
    this.perJournal = Math.min(journalBytes, allJournalsBytes);
  }

  /** About what the entries of all journals take. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A journal now takes so many bytes more; fewer, if it is a negative number. */
  take(journal: Tenant, bytes: number): void {
    this.#bytes += bytes;
    if (journal.bytes > 0) this.#tenants.add(journal);
    else this.#tenants.delete(journal);
  }

  /** Tells a listener what any journal records, those made later included, until the function that this returns is called. */
  listen(listener: RoomListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** The journal of a workspace has a new entry. */
  recorded(workspace: string, number: number): void {
    for (const listener of this.#listeners) listener(workspace, number);
  }

  /** Has the largest journals make room until all of them fit. */
  settle(): void {
    while (this.#bytes > this.#most) {
      const largest = this.#largest();
      if (largest === undefined) return;
      largest.giveUp(largest.bytes * share);
    }
  }

  #largest(): Tenant | undefined {
    let largest: Tenant | undefined;
    for (const tenant of this.#tenants) if (tenant.bytes > (largest?.bytes ?? 0)) largest = tenant;
    return largest;
  }
}
