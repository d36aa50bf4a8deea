import { grown } from './arena.ts';
import { Batch } from './batch.ts';
import type { Inner, Surroundings } from './generate.ts';
import type { Kept } from './kept.ts';
import { FieldOverflow } from './layout.ts';
import type { LinearLoops } from './linear-loops.ts';
import { isLinear, sharedIntegers } from './linear-memory.ts';
import { type OfProperty, PropertySet } from './property-set.ts';
import type { QuotientLoops } from './quotient-loops.ts';
import { QuotientStore } from './quotient-store.ts';
import type { Sorter } from './sorter.ts';
import type { Space } from './space.ts';
import type { Store } from './store.ts';
import { SymmetryReduction } from './symmetry-reduction.ts';
import { TableMonitor, UNSEEN } from './table-monitor.ts';

/** How many states are loaded at once, if not more are asked for: each time, all of the table is looked at. */
const LOADED = 1 << 22;

/** The inner loops in their surroundings: the tables of a space, the states found so far, and the questions about them. */
export class Engine implements Surroundings {
  readonly propertySet: PropertySet;
  readonly monitor: TableMonitor;
  readonly inner: Inner;
  readonly words: number;
  readonly out: Int32Array;
  readonly numbers: Int32Array;
  readonly starts: Int32Array;
  readonly mixes: Int32Array;
  readonly end = 0;
  about: Int32Array<SharedArrayBuffer>;
  size: number;
  emitted = 0;
  /** Set when a component has more states than its field holds: another layout is needed. */
  overflow = false;
  #facts = 0;
  /** Loads states whose words are not kept; null if those of all states are. */
  readonly #loader: QuotientLoops | null;

  /** With `previous`, the engine goes on with what was found about facts and clauses; with `loops`, in WebAssembly where it can; with `kept`, it has answers of an earlier search. */
  constructor(
    readonly space: Space,
    readonly store: Store,
    clauses: readonly OfProperty[],
    readonly reduce: boolean,
    previous?: Engine,
    readonly loops: LinearLoops | null = null,
    kept?: Kept,
  ) {
    const { layout, product, arena } = space;
    this.words = layout.words;
    this.size = store.size;
    const batch = new Batch(layout.words, product.offers.length, store.allocate);
    this.out = batch.out;
    this.numbers = batch.numbers;
    this.starts = batch.starts;
    this.mixes = batch.mixes;
    this.about = previous?.about ?? new Int32Array(new SharedArrayBuffer(1 << 12));
    this.propertySet = kept?.propertySet ?? new PropertySet(space, clauses);
    this.monitor = new TableMonitor(this.propertySet.agenda, this, (address, state) =>
      this.propertySet.answer(address, this.states, this.store.at(state)),
    );
    if (previous !== undefined) {
      this.monitor.learnBreaks(previous.monitor.breaks);
      this.#meetFacts(previous.#facts);
    }
    const generated = space.loops(reduce)(this);
    const { quotient } = store;
    const inner = loops?.over(generated, this, quotient) ?? generated;
    this.#loader = quotient && loops!.ofQuotient(this, quotient);
    this.inner = product.symmetry ? new SymmetryReduction(product.symmetry, space.components).over(inner, this) : inner;
    this.arena = arena;
  }

  readonly arena: Space['arena'];

  get states(): Int32Array {
    return this.store.states;
  }

  get base(): number {
    return this.store.base;
  }

  get slots(): Int32Array {
    return this.store.slots;
  }

  get parts(): number {
    return this.store.parts;
  }

  get tagShift(): number {
    return this.store.tagShift;
  }

  get open(): number {
    return this.monitor.open;
  }

  get insistent(): number {
    return this.monitor.insistent;
  }

  /** Adds the successors that the inner loops collected; returns how many transitions they are. */
  add(): number {
    const transitions = this.emitted / (this.words + 1);
    this.reserve(transitions);
    this.inner.add();
    this.store.size = this.size;
    return transitions;
  }

  /** Adds the successors that a sorter collected. */
  addSorted(sorter: Sorter): void {
    this.reserve(sorter.count);
    for (let part = 0; part < this.parts; part++) this.inner.insert(sorter, part);
    this.store.size = this.size;
  }

  /** Makes room for so many more states. */
  reserve(more: number): void {
    const growth = this.store.reserve(more);
    if (growth === null) return;
    for (const [first, end] of growth.rounds)
      for (let part = first; part < end; part++) this.inner.move(growth.old, part);
    growth.free();
  }

  /** Fills the hash table, which is empty, with all states. */
  fill(packed: Int32Array): void {
    this.inner.fill(packed, 0, this.store.size);
    if (this.store instanceof QuotientStore) this.store.keep(packed);
  }

  /** Has the words of the states from `first` to `end` where they belong, those of most others with them. */
  load(first: number, end: number): void {
    if (this.#loader !== null && !this.#isLoaded(first, end))
      this.#load(Math.min(first, Math.max(0, end - LOADED)), end);
  }

  /** The states from `first` to `end` in ranges, while the words of each range are where they belong. */
  *ranges(first: number, end: number): Generator<readonly [first: number, end: number]> {
    const most = this.#loader === null || this.#isLoaded(first, end) ? end - first : LOADED;
    for (let from = first; from < end; from += most) {
      const to = Math.min(end, from + most);
      if (this.#loader !== null) this.#load(from, to);
      yield [from, to];
    }
  }

  /** Calls `tell` with the packed words of each state whose byte has not all the bits of `all`, and its number; in no order. No more states can be found then. */
  unsettled(bits: Uint8Array, all: number, tell: (packed: Int32Array, at: number, state: number) => void): void {
    const { store } = this;
    if (store instanceof QuotientStore && isLinear(bits)) {
      store.replace(0, 0);
      this.#loader!.unsettled(bits, all, tell);
      return;
    }
    for (const [first, end] of this.ranges(0, store.size))
      for (let state = first; state < end; state++)
        if ((bits[state]! & all) !== all) tell(store.states, store.at(state), state);
  }

  /** The words of all states, packed. */
  packed(): Int32Array {
    const { store, words } = this;
    if (this.#loader === null) return store.states;
    const packed = sharedIntegers(store.size * words);
    for (const [first, end] of this.ranges(0, store.size))
      packed.set(store.states.subarray(store.at(first), store.at(end)), first * words);
    return packed;
  }

  #isLoaded(first: number, end: number): boolean {
    return this.store instanceof QuotientStore && this.store.has(first, end);
  }

  #load(first: number, end: number): void {
    if (this.#isLoaded(first, end) || !(this.store instanceof QuotientStore)) return;
    this.store.replace(first, end);
    this.#loader!.load(first, end);
  }

  /** Adds one state, given by the states of its components. */
  addState(states: readonly number[]): void {
    this.space.layout.write(states, this.out, 0);
    this.out[this.words] = 0;
    this.emitted = this.words + 1;
    this.add();
  }

  learn(state: number, all: boolean): number {
    try {
      this.space.moves.learn(this.space.unpack(this.states, this.store.at(state)), all);
    } catch (error) {
      if (!(error instanceof FieldOverflow)) throw error;
      this.overflow = true;
    }
    this.#meetFacts(0);
    return this.overflow ? -1 : 1;
  }

  concern(state: number, fact: number, record: number, component: number): void {
    this.monitor.concern(state, fact, record, component);
  }

  stuck(state: number): void {
    this.monitor.stuck(state);
  }

  ask(state: number, invariants: number): void {
    this.monitor.state(state, invariants);
  }

  refill(): void {}

  /** Takes over that facts happened, from a search that this one goes on with. */
  recall(happened: readonly number[]): void {
    this.#meetFacts(0);
    for (const fact of happened) this.about[fact]! &= ~UNSEEN;
  }

  /** Whether a fact happened so far. */
  happened(fact: number): boolean {
    return (this.about[fact]! & UNSEEN) === 0;
  }

  /** Puts the facts that are new on the agenda; what was found about the first `known` of them stays. */
  #meetFacts(known: number): void {
    const { facts } = this.space.product;
    if (facts.length > this.about.length) this.about = grown(this.about, facts.length * 2);
    for (; this.#facts < facts.length; this.#facts++) {
      const about = this.propertySet.meet(this.#facts);
      if (this.#facts >= known) this.about[this.#facts] = about;
    }
  }
}
