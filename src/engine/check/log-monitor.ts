import type { Projection } from '../compose/index.ts';
import type { AnyFact } from '../vocabulary.ts';
import type { Found } from './breaks.ts';
import { Monitor } from './monitor.ts';
import type { Property } from './property.ts';

/** What a log says of a property so far; each place is a number of facts. @experimental */
export interface LogAnswer {
  /** After how many facts it was violated first so that it lasts when no call is in flight. */
  readonly lasting?: number;
  /** After how many it was violated first, if that was before, while a call was in flight. */
  readonly inFlight?: number;
  /** After how many something happened first that it speaks of. */
  readonly happened?: number;
}

/**
 * A violation of a property that is new: whether it is there only while a call is in flight, as far as the log goes.
 *
 * @experimental
 */
export interface Noticed {
  readonly property: string;
  readonly inFlight: boolean;
}

/** Asks properties of a log, fact by fact, as a {@link Projection} folds it. @experimental */
export class LogMonitor<F extends AnyFact = AnyFact, R extends string = string> {
  readonly #monitor: Monitor<Projection['locals'], number>;
  /** By property: the numbers of its clauses. */
  readonly #clauses: readonly (readonly number[])[];

  /** `properties` read only roles that are in the system. With `before`, goes on with what it had after so many facts. */
  constructor(
    readonly projection: Projection<F, R>,
    readonly properties: readonly Property<F, R>[],
    before?: { readonly monitor: LogMonitor<F, R>; readonly facts: number },
  ) {
    this.#monitor = new Monitor(projection.system, properties, { present: (locals, part) => locals[part]! });
    let clause = 0;
    this.#clauses = properties.map(({ clauses }) => clauses.map(() => clause++));
    if (before !== undefined) this.#resume(before.monitor.#monitor, before.facts);
    this.#monitor.begin(projection.locals, projection.folded);
  }

  /** What the log says of each property so far, in their order. */
  get answers(): LogAnswer[] {
    const { breaks, happened } = this.#monitor;
    return this.#clauses.map((clauses, property) => {
      const first = least(clauses.map((clause) => breaks.first[clause]!));
      const lasting = least(clauses.map((clause) => breaks.lasting[clause]!));
      const spoken = happened[property];
      return {
        ...(lasting !== undefined && { lasting }),
        ...(first !== undefined && (lasting === undefined || first < lasting) && { inFlight: first }),
        ...(spoken != null && { happened: spoken }),
      };
    });
  }

  /**
   * Folds one more fact, and says which properties are violated by it for the first time: by the fact itself, or by the state
   * after it, first while a call is in flight and first once none is. Throws `RefusedFact` if the system does not accept it.
   */
  append(fact: F): Noticed[] {
    const { projection } = this;
    const before = projection.locals;
    projection.append(fact);
    const { locals, folded, system } = projection;
    const changed = system.participants(fact).filter((part) => before[part] !== locals[part]);
    if (!this.#monitor.next(before, fact, locals, changed, folded)) return [];
    return this.answers.flatMap(({ lasting, inFlight }, number): Noticed[] => {
      const property = this.properties[number]!.id;
      if (lasting === folded) return [{ property, inFlight: false }];
      return inFlight === folded ? [{ property, inFlight: true }] : [];
    });
  }

  #resume({ breaks, happened }: Pick<Monitor<unknown, number>, 'breaks' | 'happened'>, facts: number): void {
    const upTo = (found: readonly (number | null)[]) => found.map((at) => (at !== null && at <= facts ? at : null));
    const known: Found<number> = { first: upTo(breaks.first), lasting: upTo(breaks.lasting) };
    this.#monitor.breaks.merge(known);
    for (const [property, at] of upTo(happened).entries()) this.#monitor.happened[property] = at;
  }
}

const least = (places: readonly (number | null)[]): number | undefined => {
  const found = places.filter((at) => at !== null);
  return found.length === 0 ? undefined : Math.min(...found);
};
