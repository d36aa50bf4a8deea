import type { AnyStateMachine } from 'xstate';
import {
  type Attribute,
  COUNTERS,
  type Counter,
  FACT_TYPES,
  type Fact,
  type FactType,
  INDEXED_BY,
  type IndexField,
  type Role,
  WIRING,
  type Word,
} from '../../facts/index.ts';

/** How a machine authors data: see `machines/authors.ts`. */
export type AnyAuthors = {
  readonly [T in FactType]?: (present: never, fact: never) => object;
};

/** One machine in a composition. */
export interface Part {
  readonly role: Role;
  /** Which event or hart it is the machine of; 0 for a role of which there is one. */
  readonly index: number;
  readonly machine: AnyStateMachine;
  readonly input: unknown;
  readonly authors: AnyAuthors;
}

/** The values that each index runs over in a search. */
export interface Domains {
  readonly events: number;
  readonly harts: number;
  readonly attributes: readonly Attribute[];
  readonly ticks: readonly Word[];
  /** The counters of a hart. */
  readonly counters?: readonly Counter[];
  /** The counters that advance. */
  readonly tickingCounters: readonly Counter[];
  /** The counters that can be written, and those that interrupt when they overflow; none if left out. */
  readonly writableCounters?: readonly Counter[];
  readonly overflowingCounters?: readonly Counter[];
}

/** One author's share in a fact: the part, and what it writes. */
interface Authorship {
  readonly part: number;
  readonly write: (present: object, fact: Fact) => object;
}

/** Who takes part in a fact, and who writes its data. */
interface Wired {
  readonly participants: readonly number[];
  readonly authors: readonly Authorship[];
}

/** The machines that are put together, and who takes part in what. */
export class System {
  readonly parts: readonly Part[];
  readonly domains: Domains;
  readonly #places = new Map<string, number>();
  readonly #byRole = new Map<Role, number[]>();
  /** By fact type, then by event and hart: what the wiring says of facts with these indices. */
  readonly #wired = new Map<FactType, Wired[]>();

  /** Throws an Error if two parts have the same place, or a machine lacks an author function that the wiring asks of it. */
  constructor(parts: readonly Part[], domains: Domains) {
    this.parts = parts;
    this.domains = domains;
    for (const [number, part] of parts.entries()) {
      const place = `${part.role} ${part.index}`;
      if (this.#places.has(place)) throw new Error(`two machines for ${place}`);
      this.#places.set(place, number);
      this.#byRole.set(part.role, [...(this.#byRole.get(part.role) ?? []), number]);
    }
    for (const type of FACT_TYPES)
      for (const role of Object.values<Role>(WIRING[type].authors))
        for (const number of this.#byRole.get(role) ?? [])
          if (parts[number]?.authors[type] === undefined)
            throw new Error(`the ${role} does not author its part of ${type}`);
  }

  /** The numbers of the parts of a role, in the order of their index. */
  ofRole(role: Role): readonly number[] {
    return this.#byRole.get(role) ?? [];
  }

  /** The number of the part of a role that an index selects, or undefined if it is not in the composition. */
  partOf(role: Role, index: number): number | undefined {
    return this.#places.get(`${role} ${index}`);
  }

  /** The parts that take part in a fact, the initiator first. */
  participants(fact: Fact): readonly number[] {
    return this.#wire(fact).participants;
  }

  /** The authors of a fact's data, in the order in which they write. A role that is left out writes nothing. */
  authors(fact: Fact): readonly Authorship[] {
    return this.#wire(fact).authors;
  }

  /** Every fact that the indices allow, without the data that machines author: what a search offers. */
  bareFacts(): Fact[] {
    return FACT_TYPES.flatMap((type) => {
      let facts: object[] = [{ type }];
      for (const field of WIRING[type].indices as readonly IndexField[])
        facts = facts.flatMap((fact) => this.#values(type, field).map((value) => ({ ...fact, [field]: value })));
      return (facts as Fact[]).filter((fact) => this.participants(fact).length > 0);
    });
  }

  /** What the wiring says of a fact, found out once for its type and indices. */
  #wire(fact: Fact): Wired {
    const { event = -1, hart = -1 } = fact as { event?: number; hart?: number };
    const { events, harts } = this.domains;
    // Indices of nothing in the scope are no key.
    if (!(event >= -1 && event < events && hart >= -1 && hart < harts)) return this.#findWire(fact);
    let ofType = this.#wired.get(fact.type);
    if (ofType === undefined) {
      ofType = [];
      this.#wired.set(fact.type, ofType);
    }
    const key = event + 1 + (events + 1) * (hart + 1);
    let wired = ofType[key];
    if (wired === undefined) {
      wired = this.#findWire(fact);
      ofType[key] = wired;
    }
    return wired;
  }

  #findWire(fact: Fact): Wired {
    const { participants, everyone = [], authors } = WIRING[fact.type];
    const numbers = participants.map((role) => this.#selected(role, fact)).filter((number) => number !== undefined);
    for (const role of everyone) numbers.push(...this.ofRole(role));
    const authorships: Authorship[] = [];
    for (const role of new Set(Object.values<Role>(authors))) {
      const part = this.#selected(role, fact);
      const write = part === undefined ? undefined : this.parts[part]?.authors[fact.type];
      if (part !== undefined && write) authorships.push({ part, write: write as Authorship['write'] });
    }
    return { participants: numbers, authors: authorships };
  }

  #selected(role: Role, fact: Fact): number | undefined {
    const field = INDEXED_BY[role];
    return this.partOf(role, field === undefined ? 0 : (fact as unknown as Record<string, number>)[field]!);
  }

  #values(type: FactType, field: IndexField): readonly unknown[] {
    const { events, harts, attributes, ticks } = this.domains;
    switch (field) {
      case 'event':
        return Array.from({ length: events }, (_, event) => event);
      case 'hart':
        return Array.from({ length: harts }, (_, hart) => hart);
      case 'attribute':
        return attributes;
      case 'flags':
        return FLAGS[type as keyof typeof FLAGS];
      case 'counter':
        return this.#counters(type);
      case 'half':
        return ['low', 'high'];
      case 'ticks':
        return ticks;
    }
  }

  /** The counters of which there can be a fact of that type. */
  #counters(type: FactType): readonly Counter[] {
    const { counters = COUNTERS, tickingCounters, writableCounters = [], overflowingCounters = [] } = this.domains;
    switch (type) {
      case 'hart.tick':
        return tickingCounters;
      case 'csr.write':
        return writableCounters;
      case 'overflow.call':
      case 'overflow.stray':
        return overflowingCounters;
      default:
        return counters;
    }
  }
}

/** The flags with which a caller could call: none, or the one that the callback knows. */
const FLAGS = {
  'add.call': [0, 1],
  'del.call': [0],
  'start.call': [0, 2],
  'stop.call': [0, 4],
} as const;
