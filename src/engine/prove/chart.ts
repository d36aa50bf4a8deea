import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import { REFUSED } from '../check/answers.ts';
import { checkContext, checkIsFold, initialSnapshot, mentions, step } from '../compose/index.ts';
import type { Part } from '../compose/system.ts';
import type { AnyFact } from '../vocabulary.ts';
import { BELOW, MANY, type Mention, mentionsIn, NotApplicable, numberOf, replaced, textOf } from './names.ts';
import { sliced, strict } from './slice.ts';

/** More local states than a chart of a finite component has. */
const MOST = 20_000;

/** What stands for a name, and for an integer of which little is known, when a chart is asked with numbers. */
type Numbers = (symbol: symbol) => number;

/**
 * A machine whose facts and states have names for the numbers of components. Each transition and each authored field is asked of
 * XState with names, and with numbers in their place in several ways: it must come to the same. So all that the machine does with
 * a number is to tell it from another.
 */
export class Chart {
  readonly role: string;
  readonly machine: AnyStateMachine;
  readonly snapshots: AnyMachineSnapshot[] = [];
  readonly texts: string[] = [];
  readonly mentions: (readonly Mention[])[] = [];
  readonly #known = new Map<string, number>();
  readonly #next = new Map<string, number>();
  readonly #written = new Map<string, object>();
  readonly #told = new Map<string, AnyFact>();
  /** Every transition, refusal and piece of data that was asked for, as text: what a proof is checked by. */
  readonly transitions: [from: number, fact: string, to: number][] = [];
  readonly writes: [state: number, fact: string, data: string][] = [];

  constructor(
    readonly part: Part,
    /** Fields of the context that nothing looks at: they are dropped, see `slice.ts`. */
    readonly forgotten: readonly string[],
    /** The values that stand for {@link MANY}. */
    readonly many: readonly number[],
  ) {
    checkIsFold(part.machine);
    this.role = part.role;
    this.machine = forgotten.length === 0 ? part.machine : sliced(part.machine, forgotten);
    this.#intern(initialSnapshot(this.machine, part.input));
  }

  /** The local state after a fact, or {@link REFUSED}. `told` is the text of the fact. */
  next(state: number, fact: AnyFact, told: string): number {
    const key = `${state} ${told}`;
    let next = this.#next.get(key);
    if (next === undefined) {
      const after = this.#stepped(this.snapshots[state]!, fact);
      next = after === null ? REFUSED : this.#intern(after);
      this.#next.set(key, next);
      this.transitions.push([state, told, next]);
      this.#told.set(told, fact);
      for (const numbers of this.#numberings(state, told)) {
        const other = this.#stepped(this.#numbered(state, numbers), replaced(fact, numbers));
        if (decided(other) !== decided(after === null ? null : this.#numbered(next, numbers)))
          throw new NotApplicable(`the ${this.role} does more with a number in ${fact.type} than to compare it`);
      }
    }
    return next;
  }

  /** What the machine writes into a fact. */
  write(state: number, fact: AnyFact, told: string): object {
    const key = `${state} ${told}`;
    let written = this.#written.get(key);
    if (written === undefined) {
      written = this.#author(this.snapshots[state]!, fact);
      this.#written.set(key, written);
      this.writes.push([state, told, textOf(written)]);
      this.#told.set(told, fact);
      for (const numbers of this.#numberings(state, told))
        if (
          textOf(this.#author(this.#numbered(state, numbers), replaced(fact, numbers))) !==
          textOf(replaced(written, numbers))
        )
          throw new NotApplicable(`the ${this.role} writes more of a number into ${fact.type} than which one it is`);
    }
    return written;
  }

  /** Whether the chart says anything of this fact type in this state. */
  says(state: number, type: string): boolean {
    return mentions(this.snapshots[state]!, type);
  }

  /** The same state under other names. */
  rename(state: number, by: (symbol: symbol) => symbol): number {
    const mentioned = this.mentions[state]!;
    if (mentioned.every(({ name }) => by(name) === name)) return state;
    const { value, context, status } = this.snapshots[state]!;
    return this.#intern(this.#resolve(value, replaced(context, by), status));
  }

  /** Whether another machine does the same, as far as this one was asked: it may have been made anew for a larger system. */
  isOf({ role, machine, input, authors }: Part): boolean {
    if (role !== this.role || textOf(input ?? null) !== textOf(this.part.input ?? null)) return false;
    const isSame = machine === this.part.machine;
    if (isSame && Object.entries(authors).every(([type, write]) => write === this.part.authors[type])) return true;
    const other = new Chart({ ...this.part, machine, authors }, this.forgotten, []);
    const known = (state: number): number => other.#intern(other.#copy(this.snapshots[state]!));
    return (
      other.texts[0] === this.texts[0] &&
      this.transitions.every(([from, told, to]) => {
        const next = other.next(known(from), this.#told.get(told)!, told);
        return to === REFUSED ? next === REFUSED : next !== REFUSED && other.texts[next] === this.texts[to];
      }) &&
      this.writes.every(
        ([state, told, data]) => textOf(other.write(known(state), this.#told.get(told)!, told)) === data,
      )
    );
  }

  #copy({ value, context, status }: AnyMachineSnapshot): AnyMachineSnapshot {
    return this.#resolve(value, context, status);
  }

  #stepped(snapshot: AnyMachineSnapshot, fact: AnyFact): AnyMachineSnapshot | null {
    try {
      return step(this.machine, this.part.input, snapshot, fact);
    } catch (error) {
      if (error instanceof NotApplicable) throw error;
      throw new NotApplicable(`the ${this.role} computes with a number in ${fact.type}: ${(error as Error).message}`);
    }
  }

  #author({ value, context }: AnyMachineSnapshot, fact: AnyFact): object {
    const write = this.part.authors[fact.type]! as (present: object, fact: AnyFact) => object;
    try {
      return write({ value, context: strict(context, this.forgotten) }, fact);
    } catch (error) {
      if (error instanceof NotApplicable) throw error;
      throw new NotApplicable(`the ${this.role} writes a number into ${fact.type}: ${(error as Error).message}`);
    }
  }

  /** The ways in which numbers take the place of names: so that each is zero once, next to each other, and far apart. */
  *#numberings(state: number, told: string): Generator<Numbers> {
    if (!told.includes('"@') && this.mentions[state]!.length === 0) return;
    for (const [at, many] of this.many.entries()) {
      if (at > 3 && !told.includes('"@many"') && !told.includes('"@below 0"')) return;
      yield (symbol) => {
        if (symbol === MANY) return many;
        if (symbol === BELOW) return -1 - at;
        const number = numberOf(symbol);
        return at === 3 ? 1_000_003 * (number + 1) : (at + 7 - number) % 7;
      };
    }
  }

  #numbered(state: number, numbers: Numbers): AnyMachineSnapshot {
    const { value, context, status } = this.snapshots[state]!;
    return this.#resolve(value, replaced(context, numbers), status);
  }

  #resolve(value: AnyMachineSnapshot['value'], context: object, status: AnyMachineSnapshot['status']) {
    return this.machine.resolveState({ value, context, status }) as AnyMachineSnapshot;
  }

  #intern(snapshot: AnyMachineSnapshot): number {
    const { value, status } = snapshot;
    const context = Object.fromEntries(
      Object.entries(snapshot.context).filter(([field]) => !this.forgotten.includes(field)),
    );
    const text = textOf([value, context, status]);
    let state = this.#known.get(text);
    if (state === undefined) {
      const kept = this.forgotten.length === 0 ? snapshot : this.#resolve(value, context, status);
      state = this.snapshots.push(kept) - 1;
      if (state > MOST) throw new NotApplicable(`the ${this.role} has more than ${MOST} local states`);
      this.#known.set(text, state);
      this.texts.push(text);
      this.mentions.push(mentionsIn(context));
      // What JSON cannot keep would be lost in the text.
      checkContext(this.#numbered(state, numberOf));
    }
    return state;
  }
}

/** What decides the future of a machine, as text. */
const decided = (snapshot: AnyMachineSnapshot | null): string =>
  snapshot === null ? 'refused' : textOf([snapshot.value, snapshot.context, snapshot.status]);
