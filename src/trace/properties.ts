import { PROPERTIES } from '../../models/index.ts';
import { BoundClauses, type BoundInvariant } from '../engine/check/bound-clauses.ts';
import type { AskedOf } from '../engine/check/predicate.ts';
import type { Locals } from '../engine/compose/index.ts';
import { type Fact, type FactType, PERF_EF, type Property, type View, type Word } from '../facts/index.ts';
import type { Kernel } from './kernel.ts';
import { Ledger } from './ledger.ts';
import type { CallbackLine } from './line.ts';
import type { Inferred } from './order.ts';
import { lineText } from './refusal.ts';

/** A property that was broken in a trace. */
export interface BrokenProperty {
  readonly property: string;
  /** The line of the callback in which it broke. */
  readonly line: number;
  readonly scn: string;
  /** That callback: `del of event 12`. */
  readonly callback: string;
  /** The fact with which it broke. */
  readonly fact: FactType;
  /** The hart that the property is about, if it is about one. */
  readonly hart?: number;
  /** Of `count-exact`: by how many ticks the count is too large; a decimal string where a number would not be exact. */
  readonly ticks?: number | string;
  /** Of `count-exact`, where the trace does not show it: by how many ticks at least, and at most. */
  readonly least?: number | string;
  readonly most?: number | string;
  /** Whether it is a property about states, which stays broken until it comes to hold again; else one callback breaks it at a time. */
  readonly states: boolean;
  /** The line in which a property about states came to hold again; absent if it never did. */
  readonly until?: number;
}

/** A property of which a trace does not show enough to say whether a callback kept it. */
export interface Undecided {
  readonly property: string;
  readonly line: number;
  readonly scn: string;
  readonly callback: string;
  /** The count has at least and at most so many ticks too many. */
  readonly least: number | string;
  readonly most: number | string;
}

/** The properties that a log can break: whether something can still be reached is nothing that a log shows. */
export const WATCHED: readonly Property[] = PROPERTIES.filter(({ clauses }: Property) =>
  clauses.every(({ kind }) => kind === 'always' || kind === 'whenever'),
);

/** Holds the properties against the facts of a trace, as they become certain. */
export class Properties {
  readonly broken: BrokenProperty[] = [];
  readonly undecided: Undecided[] = [];
  /** The lines of which the facts alone would say that a count is not exact, and the trace does not: it does not show enough. */
  readonly inferred = new Set<number>();
  /** The properties of which something happened that they speak of. */
  readonly spoken = new Set<Property>();
  readonly #bound: BoundClauses<Locals>;
  /** The numbers of the breaks of properties about states that do not hold now. */
  readonly #open = new Map<BoundInvariant, number>();
  /** How many facts were seen, and at which of them an invariant was asked last. */
  #facts = 0;
  readonly #asked: number[] = [];
  readonly #ledger: Ledger;
  #unspoken = WATCHED;

  constructor(readonly kernel: Kernel) {
    this.#ledger = new Ledger(kernel);
    this.#bound = new BoundClauses(
      kernel.system,
      WATCHED,
      (locals, part) => locals[part]!,
      (view, of) => this.#seen(view, of),
    );
  }

  /** Folds a fact that is certain. */
  see(inferred: Inferred): void {
    for (const property of this.#unspoken) if (property.speaksOf(inferred.fact)) this.#speak(property);
    this.#ledger.see(inferred);
    this.#judgeFact(inferred);
    this.#judgeState(inferred);
  }

  #speak(property: Property): void {
    this.spoken.add(property);
    this.#unspoken = this.#unspoken.filter((other) => other !== property);
  }

  #judgeFact(inferred: Inferred): void {
    const { fact, line, before } = inferred;
    for (const one of this.#bound.ofFact(fact.type)) {
      const property = WATCHED[one.property]!;
      const isOfCount = property.id === 'count-exact';
      if ((isOfCount && this.#isOpen(line, one.of.index)) || this.#bound.holds(one, before, fact)) {
        if (isOfCount && this.#isOff(inferred, one.of.index)) this.inferred.add(line.line);
        continue;
      }
      const ticks = isOfCount ? this.#ticks(line) : {};
      this.broken.push({ ...breakOf(property, line, fact), ...ticks, states: false });
    }
  }

  /** Whether a count that is not said to be wrong is not exact to its machine: by values that no line shows, or that the core wrote. */
  #isOff({ line, before }: Inferred, event: number): boolean {
    const { events } = this.kernel.indexTrace;
    const part = this.kernel.system.partOf('count', event)!;
    return event === events.get(line.id) && before[part]!.context.uncounted !== 0;
  }

  /** By how many ticks the count of a line is too large, as far as the trace shows. */
  #ticks(line: CallbackLine): Pick<BrokenProperty, 'ticks' | 'least' | 'most'> {
    const { least, most } = this.#ledger.range(line);
    const ticks = exactly(this.#ledger.tooMany(line));
    return least === most ? { ticks } : { ticks, least: exactly(least), most: exactly(most) };
  }

  /** Whether the trace leaves it open if the count of an event is exact after a callback. */
  #isOpen(line: CallbackLine, event: number): boolean {
    if (event !== this.kernel.indexTrace.events.get(line.id)) return false;
    if (line.cb === 'stop' && ((line.flags ?? 0) & PERF_EF.UPDATE) === 0) return false;
    const { least, most } = this.#ledger.range(line);
    // A count that is off by all that a delta can hold is exact to the machine, which counts in such deltas.
    if (least === most || this.#wrapsOf(least - 1n) === this.#wrapsOf(most)) return false;
    const where = { line: line.line, scn: line.scn, callback: lineText(line) };
    this.undecided.push({ property: 'count-exact', ...where, least: exactly(least), most: exactly(most) });
    return true;
  }

  /** Asks the properties that read something that the fact changed, each once. */
  #judgeState(inferred: Inferred): void {
    const { fact, before, after } = inferred;
    this.#facts++;
    if (before === after) return;
    const participants = this.kernel.system.participants(fact);
    const changed: number[] = [];
    for (let place = 0; place < participants.length; place++) {
      const part = participants[place]!;
      if (before[part] !== after[part]) changed.push(part);
    }
    for (let place = 0; place < changed.length; place++) {
      const readers = this.#bound.readersOf(changed[place]!);
      for (let index = 0; index < readers.length; index++) {
        const invariant = readers[index]!;
        if (this.#asked[invariant.place] === this.#facts) continue;
        this.#asked[invariant.place] = this.#facts;
        // Most are of other events, and have looked at nothing that changed.
        if (invariant.looked?.seesAny(changed) ?? true) this.#judge(invariant, inferred);
      }
    }
  }

  #judge(invariant: BoundInvariant, { fact, line, after }: Inferred): void {
    const { property, clause, of } = invariant;
    const open = this.#open.get(invariant);
    if (this.#bound.holds(invariant, after) === (open === undefined)) return;
    if (open === undefined) {
      // What is asked of an event and looks at harts breaks on the hart of the callback.
      const hart = clause.each === 'hart' ? of.index : clause.every?.includes('hart') ? line.cpu : undefined;
      const where = hart === undefined ? {} : { hart };
      const broken = { ...breakOf(WATCHED[property]!, line, fact), ...where, states: true };
      this.#open.set(invariant, this.broken.push(broken) - 1);
    } else {
      this.broken[open] = { ...this.broken[open]!, until: line.line };
      this.#open.delete(invariant);
    }
  }

  /** How often a number of ticks is more than a delta can hold: rounded down. */
  #wrapsOf(ticks: bigint): bigint {
    return ticks >> BigInt(this.kernel.indexTrace.pmu.counterWidth);
  }

  /** What a clause sees: of a count, what the trace says of it. */
  #seen(view: View, of: AskedOf): View {
    if (!of.roles.includes('count')) return view;
    const own: View['own'] = (role) => {
      const present = view.own(role);
      if (role !== 'count') return present;
      const uncounted = this.#ledger.since(of.index, present.context.uncounted as Word);
      if (uncounted === present.context.uncounted) return present;
      return Object.create(present, { context: { value: { ...present.context, uncounted } } });
    };
    return { ...view, own };
  }
}

const breakOf = (property: Property, line: CallbackLine, { type }: Fact) => ({
  property: property.id,
  line: line.line,
  scn: line.scn,
  callback: lineText(line),
  fact: type,
});

/** A number while that is exact, else its digits. */
const exactly = (value: bigint): number | string =>
  Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
