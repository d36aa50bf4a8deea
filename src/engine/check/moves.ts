import type { System } from '../compose/index.ts';
import { REFUSED, UNKNOWN } from './answers.ts';
import type { Arena } from './arena.ts';
import { ByChoice } from './choices.ts';
import type { Component } from './component.ts';
import type { Layout } from './layout.ts';
import type { LocalSteps } from './local-steps.ts';
import type { Draft, Product } from './product.ts';

/**
 * Facts that are the same to the search: initiated in the same component, with data from the same other component (if any),
 * and answered by the same others.
 */
export interface Shape {
  /** The component that initiates. */
  readonly initiator: number;
  /** The component that writes the data that the initiator cannot write, or -1. */
  readonly author: number;
  /** The components that answer, besides the initiator. */
  readonly others: readonly number[];
  /** Those whose answers a record names: the others; with an author, the initiator before them. */
  readonly answerers: readonly number[];
  /** Whether the facts are no progress: see `FactDefinition.background`. */
  readonly background: boolean;
  /** The address of a table over the states of the initiator: the list of the facts that it offers there, or 0. */
  readonly heads: number;
  readonly offers: readonly Offer[];
}

/** The bit of a fact in a record that says that properties are still to be asked when it happens: see `Monitor.concern`. */
export const ASKED = 1 << 31;

/** A fact that the indices allow, and the part that initiates it. */
interface Offer {
  readonly draft: Draft;
  readonly part: number;
}

/**
 * The transitions of the components as look-up tables, computed when they are first needed.
 *
 * A list is its end, then records. A record of a shape without author is
 *   fact, change of the initiator, then for each other component the address of its answers.
 * A record of a shape with an author is the address of a table over the author's states, whose entries are addresses of
 *   fact, then for the initiator and each other component the address of its answers.
 * The facts in records have the bit {@link ASKED}, until nothing is left to be asked where the record applies.
 * Answers are tables over the states of a component: what the fact changes in its word (as an exclusive or), or REFUSED.
 */
export class Moves {
  readonly shapes: readonly Shape[];
  /** By component: the address of a table over its states: 1 where it has a machine of another index to itself (see `RoleDefinition.exclusive`); 0 if it never can. */
  readonly urgent: readonly number[];
  readonly #componentOf: number[] = [];
  readonly #exclusive: readonly (Exclusive | undefined)[];
  /** The addresses of answers, by component and fact, and of tables over an author's states, by its draft. */
  readonly #answers: Map<number, number>[];
  readonly #tables = new Map<Draft, number>();
  readonly #drafts = new Map<number, Draft>();
  /** Where choices tell one search from the next: the entries that depend on them, by address, and those that are known now. */
  readonly #byChoice: ByChoice | undefined;
  #chosen: number[] = [];
  /** The addresses of all facts in records. */
  readonly #records: number[] = [];

  constructor(
    readonly product: Product,
    readonly components: readonly Component[],
    readonly layout: Layout,
    readonly arena: Arena,
    readonly steps: LocalSteps | null = null,
  ) {
    for (const [number, { parts }] of components.entries()) for (const part of parts) this.#componentOf[part] = number;
    this.#answers = components.map(() => new Map());
    this.#byChoice = product.choices && new ByChoice(product.choices);
    this.shapes = this.#findShapes();
    const { system } = product;
    this.#exclusive = components.map(({ parts }) => exclusiveOf(system, parts));
    this.urgent = this.#exclusive.map((exclusive, number) =>
      exclusive || steps ? arena.allocate(layout.size(number)) : 0,
    );
  }

  /**
   * Computes every entry that the search needs to expand a state, given by the states of its components.
   * If one of them is urgent, that is only what it initiates, unless `all` is set. Throws a FieldOverflow if a component
   * gets more states than its field holds.
   */
  learn(states: readonly number[], all: boolean): void {
    const urgent = all
      ? -1
      : this.urgent.findIndex((table, number) => this.#learnUrgent(table, number, states[number]!));
    for (const shape of this.shapes) if (urgent < 0 || shape.initiator === urgent) this.#learn(shape, states);
  }

  /** Another search begins: what depends on choices is not known, and everything is still to be asked of each fact. */
  begin(): void {
    const { memory } = this.arena;
    for (const address of this.#chosen) memory[address] = UNKNOWN;
    this.#chosen = [];
    for (const address of this.#records) memory[address]! |= ASKED;
  }

  /** Computes the entry at an address, which is not known. */
  #learnEntry(address: number, compute: () => number): number {
    const found = this.#byChoice?.of(address, compute);
    const entry = found === undefined ? compute() : found.result;
    this.arena.memory[address] = entry;
    if (found?.mask) this.#chosen.push(address);
    return entry;
  }

  /** Whether a component of the packed state at `at` is urgent. */
  isUrgent(packed: Int32Array, at: number): boolean {
    for (let component = 0; component < this.urgent.length; component++) {
      const table = this.urgent[component]!;
      if (table !== 0 && this.#learnUrgent(table, component, this.layout.read(packed, at, component))) return true;
    }
    return false;
  }

  #learnUrgent(table: number, component: number, state: number): boolean {
    if (table === 0) return false;
    const { arena } = this;
    if (arena.memory[table + state] === UNKNOWN) arena.memory[table + state] = this.#isUrgent(component, state);
    return arena.memory[table + state] === 1;
  }

  #learn(shape: Shape, states: readonly number[]): void {
    const { arena } = this;
    const own = states[shape.initiator]!;
    let list = arena.memory[shape.heads + own]!;
    if (list === UNKNOWN) list = this.#learnEntry(shape.heads + own, () => this.#list(shape, own));
    if (list === 0) return;
    const end = arena.memory[list]!;
    for (let record = list + 1; record < end; record += recordLength(shape))
      if (shape.author < 0) this.#ask(arena.memory[record]! & ~ASKED, shape.answerers, record + 2, states);
      else {
        const written = this.#written(shape, arena.memory[record]!, states[shape.author]!);
        this.#ask(arena.memory[written]! & ~ASKED, shape.answerers, written + 1, states);
      }
  }

  /** The record of a fact whose author is in that state. */
  #written(shape: Shape, table: number, author: number): number {
    const known = this.arena.memory[table + author]!;
    if (known !== UNKNOWN) return known;
    return this.#learnEntry(table + author, () => this.#resolve(shape, this.#drafts.get(table)!, author));
  }

  /** Asks components for their answers to a fact, up to the first that refuses. */
  #ask(fact: number, components: readonly number[], answers: number, states: readonly number[]): void {
    const { arena } = this;
    for (let index = 0; index < components.length; index++) {
      const component = components[index]!;
      const state = states[component]!;
      const address = arena.memory[answers + index]! + state;
      if (arena.memory[address] === UNKNOWN) this.#learnEntry(address, () => this.#answer(component, state, fact));
      if (arena.memory[address] === REFUSED) return;
    }
  }

  /** What a fact changes in the word of a component, or REFUSED. */
  #answer(component: number, state: number, fact: number): number {
    const participants = this.product.participants[fact]!;
    const { parts } = this.components[component]!;
    const locals = this.components[component]!.locals(state).slice();
    for (const [index, part] of parts.entries()) {
      if (!participants.includes(part)) continue;
      const next = this.product.next(part, locals[index]!, fact);
      if (next < 0) return REFUSED;
      locals[index] = next;
    }
    return this.layout.change(component, state, this.components[component]!.intern(locals));
  }

  /** The list of the facts of a shape that its initiator offers in a state. */
  #list(shape: Shape, state: number): number {
    const { product, components } = this;
    const { parts } = components[shape.initiator]!;
    const locals = components[shape.initiator]!.locals(state);
    const records: number[] = [];
    for (const offer of shape.offers) {
      if (!product.tables[offer.part]!.mentions(locals[parts.indexOf(offer.part)]!, offer.draft.fact.type)) continue;
      const draft = product.writtenBy(parts, locals, offer.draft);
      if (shape.author >= 0) {
        records.push(this.#tableOfDraft(draft, shape.author));
        continue;
      }
      const change = this.#answer(shape.initiator, state, draft.number);
      if (change === REFUSED) continue;
      records.push(draft.number | ASKED, change, ...shape.others.map((other) => this.#answersOf(other, draft.number)));
    }
    if (records.length === 0) return 0;
    const list = this.arena.store([0, ...records]);
    this.arena.memory[list] = list + 1 + records.length;
    if (shape.author < 0)
      for (let record = list + 1; record < this.arena.memory[list]!; record += recordLength(shape)) this.#note(record);
    return list;
  }

  #resolve(shape: Shape, unwritten: Draft, state: number): number {
    const author = this.components[shape.author]!;
    const draft = this.product.writtenBy(author.parts, author.locals(state), unwritten);
    if (draft.author >= 0) throw new Error(`${draft.fact.type}: the data comes from more than two components`);
    const answers = shape.answerers.map((component) => this.#answersOf(component, draft.number));
    return this.#note(this.arena.store([draft.number | ASKED, ...answers]));
  }

  /** Notes where a fact stands in a record, if another search may ask of it once more. */
  #note(record: number): number {
    if (this.#byChoice !== undefined) this.#records.push(record);
    return record;
  }

  #answersOf(component: number, fact: number): number {
    let address = this.#answers[component]!.get(fact);
    if (address === undefined) {
      address = this.arena.allocate(this.layout.size(component));
      this.#answers[component]!.set(fact, address);
    }
    return address;
  }

  #tableOfDraft(draft: Draft, author: number): number {
    let address = this.#tables.get(draft);
    if (address === undefined) {
      address = this.arena.allocate(this.layout.size(author));
      this.#tables.set(draft, address);
      this.#drafts.set(address, draft);
    }
    return address;
  }

  #isUrgent(component: number, state: number): number {
    if (this.steps?.has(component, state)) return 1;
    const exclusive = this.#exclusive[component];
    if (exclusive === undefined) return 0;
    const { part, tag } = exclusive;
    const { parts } = this.components[component]!;
    const local = this.components[component]!.locals(state)[parts.indexOf(part)]!;
    return this.product.tables[part]!.snapshots[local]!.hasTag(tag) ? 1 : 0;
  }

  #findShapes(): Shape[] {
    const { system, offers } = this.product;
    const shapes = new Map<string, Shape & { offers: Offer[] }>();
    for (const draft of offers) {
      const participants = system.participants(draft.fact);
      const involved = participants.map((part) => this.#componentOf[part]!);
      const initiator = involved[0]!;
      const others = [...new Set(involved)].filter((component) => component !== initiator);
      const author =
        system
          .authors(draft.fact)
          .map(({ part }) => this.#componentOf[part]!)
          .find((component) => component !== initiator) ?? -1;
      const background = system.vocabulary.facts[draft.fact.type]!.background;
      const key = JSON.stringify([initiator, author, others, background]);
      let shape = shapes.get(key);
      if (shape === undefined) {
        const heads = this.arena.allocate(this.layout.size(initiator));
        const answerers = author < 0 ? others : [initiator, ...others];
        shape = { initiator, author, others, answerers, background, heads, offers: [] };
        shapes.set(key, shape);
      }
      shape.offers.push({ draft, part: participants[0]! });
    }
    return [...shapes.values()].sort((a, b) => a.initiator - b.initiator);
  }
}

/** The part of a component that can have a machine of another index to itself, and the tag that says when. */
interface Exclusive {
  readonly part: number;
  readonly tag: string;
}

function exclusiveOf(system: System, parts: readonly number[]): Exclusive | undefined {
  for (const part of parts) {
    const { exclusive } = system.vocabulary.roles[system.parts[part]!.role]!;
    if (exclusive !== undefined && system.countOf(exclusive.on) > 0) return { part, tag: exclusive.tag };
  }
  return undefined;
}

/** The entries of one record in a list: see {@link Moves}. */
export const recordLength = ({ author, others }: Shape): number => (author < 0 ? 2 + others.length : 1);
