import { grown } from './arena.ts';
import { Batch } from './batch.ts';
import { generate, type Inner, instantiate, type Surroundings } from './generate.ts';
import { FieldOverflow } from './layout.ts';
import type { LinearLoops } from './linear-loops.ts';
import { type OfProperty, PropertySet } from './property-set.ts';
import type { Sorter } from './sorter.ts';
import type { Space } from './space.ts';
import type { StateStore } from './state-store.ts';
import { SymmetryReduction } from './symmetry-reduction.ts';
import { TableMonitor, UNSEEN } from './table-monitor.ts';

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

  /** With `previous`, the engine goes on with what was found about facts and clauses; with `loops`, in WebAssembly where it can. */
  constructor(
    readonly space: Space,
    readonly store: StateStore,
    clauses: readonly OfProperty[],
    readonly reduce: boolean,
    previous?: Engine,
    readonly loops: LinearLoops | null = null,
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
    this.propertySet = new PropertySet(space, clauses);
    this.monitor = new TableMonitor(this.propertySet.agenda, this, (address, state) =>
      this.propertySet.answer(address, this.states, state * this.words),
    );
    if (previous !== undefined) {
      this.monitor.learnBreaks(previous.monitor.breaks);
      this.#meetFacts(previous.#facts);
    }
    const generated = instantiate(generate(space.moves, reduce), this);
    const inner = loops?.over(generated, this) ?? generated;
    this.inner = product.symmetry ? new SymmetryReduction(product.symmetry, space.components).over(inner, this) : inner;
    this.arena = arena;
  }

  readonly arena: Space['arena'];

  get states(): Int32Array {
    return this.store.states;
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
    const old = this.store.reserve(more);
    if (old === null) return;
    for (let part = 0; part < this.parts; part++) this.inner.move(old.slots, old.tagShift, part);
    old.free();
  }

  /** Fills the hash table, which is empty. */
  fill(): void {
    this.inner.fill(0, this.store.size);
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
      this.space.moves.learn(this.space.unpack(this.states, state * this.words), all);
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
