import { LARGE_HEADROOM, type Layout, layoutFor } from './layout.ts';
import { LinearLoops, SCRATCH } from './linear-loops.ts';
import { LinearMemory, type SharedIntegers } from './linear-memory.ts';
import { QUOTIENT_BITS } from './quotient.ts';
import { QuotientStore, type Rooms, roomsIn } from './quotient-store.ts';
import { StateStore } from './state-store.ts';
import type { Store } from './store.ts';

/** The module for the loops; it is loaded only for large searches, and with it what compiles it. */
type Compile = typeof import('./table-module.ts').compileTable;

/** The memory that a large search lies in, and how its states are stored there. */
export class LargeSearch {
  /** Where a store lies that keeps only the words of the last levels; null if those of all states are kept. */
  #rooms: Rooms | null;
  readonly #compile: Compile;
  readonly #scratch: SharedIntegers;

  private constructor(
    readonly memory: LinearMemory,
    compile: Compile,
    threads: number,
  ) {
    this.#compile = compile;
    this.#scratch = memory.allocate(threads * SCRATCH);
    this.#rooms = roomsIn(memory);
  }

  /** The memory for a search by so many threads, or null where there is no WebAssembly or no room. */
  static async create(threads: number): Promise<LargeSearch | null> {
    const memory = LinearMemory.create();
    return memory && new LargeSearch(memory, (await import('./table-module.ts')).compileTable, threads);
  }

  /** A layout for components of these sizes, and a store for so many states: with `keepsAll`, one that keeps the words of all. */
  newStore(sizes: readonly number[], states: number, keepsAll: boolean): { layout: Layout; store: Store } {
    if (this.#rooms !== null && !keepsAll) {
      const layout = layoutFor(sizes, LARGE_HEADROOM, QUOTIENT_BITS);
      if (QuotientStore.fits(layout, states))
        return { layout, store: new QuotientStore(layout, states, this.memory, this.#rooms) };
    }
    this.#leaveRooms();
    const layout = layoutFor(sizes, LARGE_HEADROOM);
    const store = new StateStore(layout.words, states, this.memory);
    store.divide();
    return { layout, store };
  }

  /** The loops in WebAssembly over a store, in the thread of the search. */
  loops(store: Store): LinearLoops | null {
    const module = this.#compile(store.words, store.quotient);
    return LinearLoops.of({ module, memory: this.memory.memory, scratch: this.#scratch, thread: 0 });
  }

  #leaveRooms(): void {
    if (this.#rooms === null) return;
    this.memory.free(this.#rooms.slots);
    this.memory.free(this.#rooms.part);
    this.memory.free(this.#rooms.states);
    // What is known of each state stays where it is.
    this.#rooms = null;
  }
}
