/**
 * The collections of a transaction as a handler sees them: `state.payments`. What there is of them hangs on the scenario
 * alone, so it is made once for all of its requests.
 */
import type { Collection, CollectionTypes, State } from '../api.js';
import type { JsonObject } from '../json.js';
import type { Scenario } from './scenario.js';

/** Where the collections come from when they are asked for. */
interface Source {
  collection(name: string): Collection<JsonObject>;
}

type View = new (source: Source) => State<CollectionTypes>;

const views = new WeakMap<Scenario['collections'], View>();

/** The state of one transaction. */
export function stateOf(source: Source, { collections }: Scenario): State<CollectionTypes> {
  let view = views.get(collections);
  if (view === undefined) {
    view = viewOf([...collections.keys()]);
    views.set(collections, view);
  }
  return new view(source);
}

function viewOf(names: readonly string[]): View {
  class StateView implements State<CollectionTypes> {
    readonly [name: string]: Collection<JsonObject>;
    // Private by name as well: a collection may have any name.
    readonly #source: Source;

    constructor(source: Source) {
      this.#source = source;
    }

    static of(view: StateView, name: string): Collection<JsonObject> {
      return view.#source.collection(name);
    }
  }
  for (const name of names) {
    Object.defineProperty(StateView.prototype, name, {
      get(this: StateView) {
        return StateView.of(this, name);
      },
      enumerable: true,
    });
  }
  return StateView;
}
