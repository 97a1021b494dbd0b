/**
 * What a scenario's `settings` may switch, each declared in the document's `x-settings`. Left out, the strict and likely ones
 * hold; the vendor's own sample needs others.
 */
import { isObject, type JsonValue } from '../../src/index.js';
import type { World } from './types.js';

/** The switches as handlers read them. */
export interface Settings {
  /** `unknownAllocateOrder: refuse | oldest-to-newest` (rule automatic-order). */
  readonly refusesUnknownOrder: boolean;
  /** `allocationsBeyondAmount: refuse | accept` (rule allocations-within-amount). */
  readonly refusesBeyondAmount: boolean;
  /** `repeatedTransaction: allow | refuse` (rule repeated-transaction). */
  readonly refusesRepeatedTransaction: boolean;
  /** What activities say of themselves; the vendor's words are only partly known (rule words-of-scenario). */
  readonly texts: {
    readonly source: string;
    readonly transactionType: string;
    readonly description: string;
    readonly trigger: string;
  };
  /** The vendor's addresses; `{id}` stands for the id. */
  readonly uris: { readonly activity: string; readonly payment: string };
  /** Whose the API key is; null for nobody in particular. */
  readonly triggeringUserId: number | null;
}

/** Where the vendor serves what it names by a uri; public answers have `https://secure.fusebill.com/v1/customers/11673101`. */
export const vendorAddress = 'https://secure.fusebill.com/v1';

/** Reads the scenario's settings. */
export function settingsOf({ settings }: Pick<World, 'settings'>): Settings {
  const texts = isObject(settings.texts) ? settings.texts : {};
  const uris = isObject(settings.uris) ? settings.uris : {};
  const { triggeringUserId } = settings;
  return {
    refusesUnknownOrder: settings.unknownAllocateOrder !== 'oldest-to-newest',
    refusesBeyondAmount: settings.allocationsBeyondAmount !== 'accept',
    refusesRepeatedTransaction: settings.repeatedTransaction === 'refuse',
    texts: {
      source: text(texts.source, 'Import'),
      transactionType: text(texts.transactionType, 'Collect'),
      description: text(texts.description, 'Imported payment'),
      trigger: text(texts.trigger, 'Api'),
    },
    uris: {
      activity: text(uris.activity, `${vendorAddress}/paymentActivities/{id}`),
      payment: text(uris.payment, `${vendorAddress}/payments/{id}`),
    },
    triggeringUserId: typeof triggeringUserId === 'number' ? triggeringUserId : null,
  };
}

function text(value: JsonValue | undefined, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}
