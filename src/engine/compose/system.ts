import type { AnyStateMachine } from 'xstate';
import { type AnyFact, noSuch, takesPart, type Vocabulary } from '../vocabulary.ts';
import { alphabetOf } from './step.ts';

/** How a machine writes data: by fact type, from its own state and the fact so far. @public */
export type AnyAuthors = { readonly [type: string]: ((present: never, fact: never) => object) | undefined };

/** One machine in a composition. @public */
export interface Part<R extends string = string> {
  readonly role: R;
  /** Which machine of the role it is, by the value of the role's index; 0 for a role of which there is one. */
  readonly index: number;
  readonly machine: AnyStateMachine;
  readonly input: unknown;
  readonly authors: AnyAuthors;
}

/** By name, the values that an index runs over in a search: a list, or how many numbers from 0 on. @public */
export type Domains = Readonly<Record<string, number | readonly unknown[]>>;

/** One author's share in a fact: the part, and what it writes. */
interface Authorship {
  readonly part: number;
  readonly write: (present: object, fact: AnyFact) => object;
}

/** Who takes part in a fact, and who writes its data. */
interface Wired {
  readonly participants: readonly number[];
  readonly authors: readonly Authorship[];
}

/** The machines that are put together, and who takes part in what. @public */
export class System<F extends AnyFact = AnyFact, R extends string = string> {
  readonly #places = new Map<string, Map<number, number>>();
  readonly #byRole = new Map<string, number[]>();
  /** How many numbers each index that selects machines has. */
  readonly #counts: readonly number[];
  /** By fact type, then by the indices that select machines: what the wiring says of facts with these indices. */
  readonly #wired = new Map<string, Wired[]>();
  /** The last fact that was asked about: who asks, asks twice. */
  #last: { readonly fact: F; readonly wired: Wired } | undefined;
  /** By index: whether it has a value. */
  readonly #has: Readonly<Record<string, (value: unknown) => boolean>>;

  /**
   * Throws an Error if a role or a fact that a machine names is not in the vocabulary, two parts have the same place, a machine
   * lacks an author function that the vocabulary asks of it, or nothing says what values an index has.
   */
  constructor(
    readonly vocabulary: Vocabulary<F, R>,
    readonly parts: readonly Part<R>[],
    readonly domains: Domains,
  ) {
    for (const [number, part] of parts.entries()) {
      checkPart(vocabulary, part);
      const places = this.#places.get(part.role) ?? new Map<number, number>();
      if (places.has(part.index)) throw new Error(`two machines for ${part.role} ${part.index}`);
      this.#places.set(part.role, places.set(part.index, number));
      this.#byRole.set(part.role, [...(this.#byRole.get(part.role) ?? []), number]);
    }
    this.#has = Object.fromEntries(Object.keys(vocabulary.indices).map((index) => [index, this.#membership(index)]));
    this.#counts = vocabulary.selectors.map((index) => this.countOf(index));
  }

  /** The numbers of the parts of a role, in the order of their index. */
  ofRole(role: R): readonly number[] {
    return this.#byRole.get(role) ?? [];
  }

  /** The number of the part of a role that an index selects, or undefined if it is not in the composition. */
  partOf(role: R, index: number): number | undefined {
    return this.#places.get(role)?.get(index);
  }

  /** How many values an index has. Throws an Error if there is no such index. */
  countOf(index: string): number {
    return this.valuesOf(index).length;
  }

  /** The values of an index: in facts of one type, or of any. Throws an Error if there is no such index. */
  valuesOf(index: string, type?: F['type']): readonly unknown[] {
    const definition = this.vocabulary.indices[index];
    if (definition === undefined) throw new Error(noSuch('index', index, this.vocabulary.indices));
    const values = (type === undefined ? undefined : this.vocabulary.facts[type]?.values[index]) ?? definition.values;
    const domain = typeof values === 'string' ? this.domains[values] : values;
    if (domain === undefined) throw new Error(`nothing says which ${values} there are, of which the ${index} is one`);
    return typeof domain === 'number' ? Array.from({ length: domain }, (_, number) => number) : domain;
  }

  /** Whether a log can have a value of an index. */
  hasValue(index: string, value: unknown): boolean {
    return this.#has[index]!(value);
  }

  /** The parts that take part in a fact, the initiator first. */
  participants(fact: F): readonly number[] {
    return this.#wire(fact).participants;
  }

  /** The authors of a fact's data, in the order in which they write. A role that is left out writes nothing. */
  authors(fact: F): readonly Authorship[] {
    return this.#wire(fact).authors;
  }

  /** Every fact that the indices allow, without the data that machines author: what a search offers. */
  bareFacts(): F[] {
    const { types, facts: wiring } = this.vocabulary;
    return types.flatMap((type: F['type']) => {
      let facts: object[] = [{ type }];
      for (const index of wiring[type]!.indices)
        facts = facts.flatMap((fact) => this.valuesOf(index, type).map((value) => ({ ...fact, [index]: value })));
      return (facts as F[]).filter((fact) => this.participants(fact).length > 0);
    });
  }

  #membership(index: string): (value: unknown) => boolean {
    const { values, allows } = this.vocabulary.indices[index]!;
    const known = this.valuesOf(index);
    if (allows !== undefined) return allows;
    if (typeof values !== 'string' || typeof this.domains[values] !== 'number') return (value) => known.includes(value);
    const count = known.length;
    return (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < count;
  }

  #wire(fact: F): Wired {
    if (this.#last?.fact !== fact) this.#last = { fact, wired: this.#knownWire(fact) };
    return this.#last.wired;
  }

  /** What the wiring says of a fact, found out once for its type and indices. */
  #knownWire(fact: F): Wired {
    const { selectors } = this.vocabulary;
    let key = 0;
    for (let place = 0; place < selectors.length; place++) {
      const count = this.#counts[place]!;
      const value = (fact as unknown as Record<string, number | undefined>)[selectors[place]!] ?? -1;
      // Indices of nothing in the scope are no key.
      if (!(value >= -1 && value < count)) return this.#findWire(fact);
      key = key * (count + 1) + value + 1;
    }
    let ofType = this.#wired.get(fact.type);
    if (ofType === undefined) {
      ofType = [];
      this.#wired.set(fact.type, ofType);
    }
    let wired = ofType[key];
    if (wired === undefined) {
      wired = this.#findWire(fact);
      ofType[key] = wired;
    }
    return wired;
  }

  #findWire(fact: F): Wired {
    const { participants, everyone, authors } = this.vocabulary.facts[fact.type]!;
    const numbers = participants.map((role) => this.#selected(role, fact)).filter((number) => number !== undefined);
    for (const role of everyone) for (const part of this.ofRole(role)) if (!numbers.includes(part)) numbers.push(part);
    const authorships: Authorship[] = [];
    for (const role of new Set(Object.values<R>(authors))) {
      const part = this.#selected(role, fact);
      const write = part === undefined ? undefined : this.parts[part]?.authors[fact.type];
      if (part !== undefined && write) authorships.push({ part, write: write as Authorship['write'] });
    }
    return { participants: numbers, authors: authorships };
  }

  #selected(role: R, fact: F): number | undefined {
    const index = this.vocabulary.roles[role]?.indexedBy;
    return this.partOf(role, index === undefined ? 0 : (fact as unknown as Record<string, number>)[index]!);
  }
}

function checkPart({ roles, facts }: Vocabulary, { role, machine, authors }: Part): void {
  if (!Object.hasOwn(roles, role)) throw new Error(noSuch('role', role, roles));
  for (const type of alphabetOf(machine)) {
    if (!Object.hasOwn(facts, type)) throw new Error(`the ${role} takes ${type}, but ${noSuch('fact', type, facts)}`);
    if (!takesPart(facts[type]!, role)) throw new Error(`the ${role} takes ${type}, in which it takes no part`);
  }
  for (const [type, { authors: authored }] of Object.entries(facts))
    if (Object.values(authored).includes(role) && authors[type] === undefined)
      throw new Error(`the ${role} does not author its part of ${type}`);
}
