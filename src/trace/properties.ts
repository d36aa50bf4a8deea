import { PROPERTIES } from '../../models/index.ts';
import { type AskedOf, asked as askedOf, viewThrough } from '../engine/check/predicate.ts';
import type { Locals } from '../engine/compose/index.ts';
import {
  type Always,
  type Fact,
  type FactType,
  PERF_EF,
  type Property,
  RISCV_BASE_PMU,
  type View,
  type Whenever,
  type Word,
} from '../facts/index.ts';
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

/** A property about states, of one event or hart. */
interface Invariant {
  readonly property: Property;
  readonly clause: Always;
  readonly of: AskedOf;
  readonly view: View;
  /** Its break, by number, while it is broken. */
  broken?: number | undefined;
}

/** What must hold at a fact, of one event or hart. */
interface Condition {
  readonly property: Property;
  readonly clause: Whenever;
  readonly index: number;
  readonly view: View;
}

/** The properties that a log can break: whether something can still be reached is nothing that a log shows. */
export const WATCHED: readonly Property[] = PROPERTIES.filter(({ clauses }: Property) =>
  clauses.every(({ kind }) => kind === 'always' || kind === 'whenever'),
);

/** Holds the properties against the facts of a trace, as they become certain. */
export class Properties {
  readonly broken: BrokenProperty[] = [];
  readonly undecided: Undecided[] = [];
  /** The properties of which something happened that they speak of. */
  readonly spoken = new Set<Property>();
  /** By part: the properties about states that read it. */
  readonly #readers: Invariant[][];
  readonly #conditions = new Map<FactType, Condition[]>();
  readonly #accounts: Ledger;
  #unspoken = WATCHED;
  /** What the views show. */
  #state: Locals = [];

  constructor(readonly kernel: Kernel) {
    const { system } = kernel;
    this.#readers = system.parts.map(() => []);
    this.#accounts = new Ledger(kernel);
    for (const property of WATCHED)
      for (const clause of property.clauses)
        if (clause.kind === 'always') this.#watchStates(property, clause);
        else if (clause.kind === 'whenever') this.#watchFacts(property, clause);
  }

  /** Folds facts that are certain. */
  see(facts: readonly Inferred[]): void {
    for (const inferred of facts) {
      for (const property of this.#unspoken) if (property.speaksOf(inferred.fact)) this.#speak(property);
      this.#accounts.see(inferred);
      this.#judgeFact(inferred);
      this.#judgeState(inferred);
    }
  }

  #speak(property: Property): void {
    this.spoken.add(property);
    this.#unspoken = this.#unspoken.filter((other) => other !== property);
  }

  #watchStates(property: Property, clause: Always): void {
    for (const of of askedOf(this.kernel.system, property.id, clause)) {
      const invariant = { property, clause, of, view: this.#view(of) };
      for (const part of of.parts) this.#readers[part]!.push(invariant);
    }
  }

  #watchFacts(property: Property, clause: Whenever): void {
    const conditions = [...askedOf(this.kernel.system, property.id, clause)].map((of) => {
      return { property, clause, index: of.index, view: this.#view(of) };
    });
    for (const type of clause.facts) this.#conditions.set(type, [...(this.#conditions.get(type) ?? []), ...conditions]);
  }

  #judgeFact({ fact, line, before }: Inferred): void {
    this.#state = before;
    for (const { property, clause, index, view } of this.#conditions.get(fact.type) ?? []) {
      if (property.id === 'count-exact' && this.#isOpen(line, index)) continue;
      if (clause.holds(fact, view)) continue;
      const ticks = property.id === 'count-exact' ? { ticks: exactly(this.#accounts.tooMany(line)) } : {};
      this.broken.push({ ...breakOf(property, line, fact), ...ticks, states: false });
    }
  }

  /** Whether the trace leaves it open if the count of an event is exact after a callback. */
  #isOpen(line: CallbackLine, event: number): boolean {
    if (event !== this.kernel.indexTrace.events.get(line.id)) return false;
    if (line.cb === 'stop' && ((line.flags ?? 0) & PERF_EF.UPDATE) === 0) return false;
    const { least, most } = this.#accounts.range(line);
    // A count that is off by all that a delta can hold is exact to the machine, which counts in such deltas.
    if (least === most || wrapsOf(least - 1n) === wrapsOf(most)) return false;
    const where = { line: line.line, scn: line.scn, callback: lineText(line) };
    this.undecided.push({ property: 'count-exact', ...where, least: exactly(least), most: exactly(most) });
    return true;
  }

  /** Asks the properties that read something that the fact changed. */
  #judgeState({ fact, line, before, after }: Inferred): void {
    this.#state = after;
    const asked = new Set<Invariant>();
    for (const part of this.kernel.system.participants(fact))
      if (before[part] !== after[part]) for (const invariant of this.#readers[part]!) asked.add(invariant);
    for (const invariant of asked) {
      const { property, clause, of, view, broken } = invariant;
      const holds = clause.holds(view);
      if (holds === (broken === undefined)) continue;
      if (broken === undefined) {
        const hart = clause.each === 'hart' ? { hart: of.index } : {};
        invariant.broken = this.broken.push({ ...breakOf(property, line, fact), ...hart, states: true }) - 1;
      } else {
        this.broken[broken] = { ...this.broken[broken]!, until: line.line };
        invariant.broken = undefined;
      }
    }
  }

  /** What a clause sees of the state that is looked at. */
  #view(of: AskedOf): View {
    const view = viewThrough(this.kernel.system, of, (part) => this.#state[part]!);
    const own: View['own'] = (role) => {
      const present = view.own(role);
      if (role !== 'count') return present;
      const uncounted = this.#accounts.since(of.index, present.context.uncounted as Word);
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

/** How often a number of ticks is more than a delta can hold: rounded down. */
const wrapsOf = (ticks: bigint): bigint => ticks >> BigInt(RISCV_BASE_PMU.counterWidth);

/** A number while that is exact, else its digits. */
const exactly = (value: bigint): number | string =>
  Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
