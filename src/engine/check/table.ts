import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { type CompiledMachine, checkContext, checkIsFold, compiledMachine, type Local } from '../compose/index.ts';
import type { AnyFact } from '../vocabulary.ts';
import { REFUSED, UNKNOWN } from './answers.ts';
import { ByChoice, type Choices } from './choices.ts';

/** More than a machine has local states. */
const MOST_STATES = 2 ** 26;

/**
 * One machine as look-ups: a local state is an integer, a fact is an integer, and a transition is computed once, when it is first
 * asked for, by the path through the chart that XState takes there. So the chart stays the only definition of behaviour.
 */
export class Table {
  readonly snapshots: AnyMachineSnapshot[] = [];
  readonly #compiled: CompiledMachine;
  readonly #locals: Local[] = [];
  /** By place in the chart, then by context. */
  readonly #states = new Map<Local['place'], Map<string, number>>();
  /** By symbol. */
  readonly facts: AnyFact[] = [];
  /** From which local state and by which fact each was first met; the initial one from nowhere. */
  readonly origins: ({ readonly from: number; readonly fact: AnyFact } | null)[] = [null];
  readonly #symbols = new Map<string, number>();
  /** `#next[symbol][state]`: what depends on no choice. */
  readonly #next: Int32Array[] = [];
  readonly #byChoice: ByChoice | undefined;
  #capacity = 64;
  /** How many transitions and refusals were computed. */
  computed = 0;

  /** `choices`: what the machine asks in its guards. */
  constructor(
    readonly machine: AnyStateMachine,
    readonly input: unknown,
    choices?: Choices,
  ) {
    this.#byChoice = choices && new ByChoice(choices);
    checkIsFold(machine);
    this.#compiled = compiledMachine(machine);
    this.#intern(this.#compiled.initial(input));
  }

  /** The number of local states met so far; 0 is the initial one. */
  get size(): number {
    return this.snapshots.length;
  }

  /** The number of a fact in this table. */
  symbol(fact: AnyFact): number {
    const key = JSON.stringify(fact);
    let symbol = this.#symbols.get(key);
    if (symbol === undefined) {
      symbol = this.facts.push(fact) - 1;
      this.#symbols.set(key, symbol);
      this.#next.push(new Int32Array(this.#capacity).fill(UNKNOWN));
    }
    return symbol;
  }

  /** The local state after a fact, or {@link REFUSED}. */
  next(state: number, symbol: number): number {
    const known = this.#next[symbol]![state]!;
    return known === UNKNOWN ? this.#compute(state, symbol) : known;
  }

  /** Whether the chart says anything of this fact type in this state. */
  mentions(state: number, type: AnyFact['type']): boolean {
    return this.#locals[state]!.mentions(type);
  }

  /** Every transition and refusal computed so far; each state is led to from one with a smaller number before it is led from. */
  *known(): Generator<{ readonly from: number; readonly fact: AnyFact; readonly to: number }> {
    for (let from = 0; from < this.size; from++)
      for (const [symbol, next] of this.#next.entries())
        if (next[from] !== UNKNOWN) yield { from, fact: this.facts[symbol]!, to: next[from]! };
  }

  /** Whether the machine asked for a choice. */
  get asksChoices(): boolean {
    return this.#byChoice?.isEmpty === false;
  }

  #compute(state: number, symbol: number): number {
    const found = this.#byChoice?.of(symbol * MOST_STATES + state, () => this.#step(state, symbol));
    const next = found === undefined ? this.#step(state, symbol) : found.result;
    if (!found?.mask) this.#next[symbol]![state] = next;
    return next;
  }

  #step(state: number, symbol: number): number {
    this.computed++;
    const before = this.#locals[state]!;
    const after = this.#compiled.step(this.input, before, this.facts[symbol]!);
    const next = after === before ? state : after === null ? REFUSED : this.#intern(after);
    if (next === this.origins.length) this.origins.push({ from: state, fact: this.facts[symbol]! });
    return next;
  }

  #intern(local: Local): number {
    const { machine } = this;
    const { place, context } = local;
    checkContext({ machine, context });
    const here = this.#states.get(place) ?? new Map<string, number>();
    this.#states.set(place, here);
    const key = JSON.stringify(context);
    let state = here.get(key);
    if (state === undefined) {
      state = this.#locals.push(local) - 1;
      this.snapshots.push(local.snapshot);
      here.set(key, state);
      if (state >= this.#capacity) this.#grow();
    }
    return state;
  }

  #grow(): void {
    this.#capacity *= 2;
    for (const [symbol, old] of this.#next.entries()) {
      const grown = new Int32Array(this.#capacity).fill(UNKNOWN);
      grown.set(old);
      this.#next[symbol] = grown;
    }
  }
}

// Weak: a machine that nobody has any more keeps no table.
const tables = new WeakMap<AnyStateMachine, Map<string, Table>>();

/** The table of a machine with this input, made once: the machines of all events and harts, and of all models, share it. A machine always asks the same choices, if any. */
export function tableOf(machine: AnyStateMachine, input: unknown, choices?: Choices): Table {
  let ofMachine = tables.get(machine);
  if (ofMachine === undefined) {
    ofMachine = new Map();
    tables.set(machine, ofMachine);
  }
  const key = JSON.stringify(input);
  let table = ofMachine.get(key);
  if (table === undefined) {
    table = new Table(machine, input, choices);
    ofMachine.set(key, table);
  }
  return table;
}
