import type { AnyFact } from '../vocabulary.ts';
import { checkFact, RefusedFact } from './claim.ts';
import type { CompiledMachine, Local } from './compiled-machine.ts';
import type { State } from './fold.ts';
import { compiledMachine } from './locals.ts';
import type { System } from './system.ts';

/**
 * What a projection had come to: the state of each part, and how many facts were folded. It never changes.
 *
 * @experimental
 */
export interface Mark {
  readonly folded: number;
  readonly locals: readonly Local[];
}

/**
 * A log folded fact by fact, many times as fast as by {@link fold}, with the same result.
 *
 * A {@link Mark} is a handful of references: keep one now and then, and any place of a long log is near.
 *
 * @experimental
 */
export class Projection<F extends AnyFact = AnyFact, R extends string = string> {
  readonly #machines: readonly CompiledMachine[];
  #locals: readonly Local[];
  #folded: number;

  /** Starts before any fact, or where another projection of the same system was. */
  constructor(
    readonly system: System<F, R>,
    from?: Mark,
  ) {
    this.#machines = system.parts.map(({ machine }) => compiledMachine(machine));
    this.#locals = from?.locals ?? system.parts.map(({ input }, part) => this.#machines[part]!.initial(input));
    this.#folded = from?.folded ?? 0;
  }

  /** How many facts were folded. */
  get folded(): number {
    return this.#folded;
  }

  /** The present state of each part, as predicates and authors look at it. */
  get locals(): readonly Local[] {
    return this.#locals;
  }

  /** The present state of each part, as XState has it. */
  get state(): State {
    return this.#locals.map(({ snapshot }) => snapshot);
  }

  /** Where it is, to come back to. */
  mark(): Mark {
    return { folded: this.#folded, locals: this.#locals };
  }

  /** Folds one more fact. Throws {@link RefusedFact} if the system does not accept it; nothing has happened then. */
  append(fact: F): void {
    checkFact(this.system, this.#locals, fact, this.#folded);
    const next = this.#locals.slice();
    for (const number of this.system.participants(fact)) {
      const { role, index, input } = this.system.parts[number]!;
      const local = this.#machines[number]!.step(input, next[number]!, fact);
      if (local === null) throw new RefusedFact(this.#folded, fact, `refused by the ${role} ${index}`);
      next[number] = local;
    }
    this.#locals = next;
    this.#folded++;
  }

  /** Whether the system accepts a fact, if its data is what its authors write. */
  accepts(fact: F): boolean {
    return this.system
      .participants(fact)
      .every((part) => this.#machines[part]!.step(this.system.parts[part]!.input, this.#locals[part]!, fact) !== null);
  }
}
