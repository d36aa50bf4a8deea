import { REFUSED } from '../engine/check/answers.ts';
import type { Present } from '../engine/check/index.ts';
import { noting } from '../engine/check/isomorphic.ts';
import { Product } from '../engine/check/product.ts';
import { System } from '../engine/compose/index.ts';
import { type Fact, PERF, type Pmu, ROLES, type Role, WIRING } from '../facts/index.ts';
import { Calls } from './calls.ts';
import type { Call, Code } from './code.ts';
import { factText } from './fact-text.ts';
import { InCallback } from './in-callback.ts';
import { Observed } from './observed.ts';
import type { TransitionSystemInC } from './schedule.ts';
import type { ObservedRole } from './views.ts';
import { PERF_IN_C } from './vocabulary.ts';

const OBSERVED = ['driver', 'slots', 'activeEvents', 'reservation'] as const satisfies readonly ObservedRole[];
const isObserved = (role: Role): role is ObservedRole => (OBSERVED as readonly Role[]).includes(role);

/** In the C, the code of an event goes on, and another owner comes to the reservation. */
const INITIATING: ReadonlySet<Role> = new Set(['driver', 'reservation']);

const FOREIGN = [{ type: 'foreign.take' }, { type: 'foreign.release' }] as const satisfies readonly Fact[];
const reachesDriver = ({ type }: Fact): boolean => WIRING[type].participants.includes('driver');

/** The machines of the environment alone: what the driver initiates is the code's to do. */
class Environment extends System<Fact, Role> {
  override bareFacts(): Fact[] {
    return super.bareFacts().filter(({ type }) => !isObserved(WIRING[type].participants[0]!));
  }
}

/**
 * A composition in which the C stands for the machines of the driver: the environment's machines are those of the model.
 * A row is the environment's local states, and then the local state of the code.
 */
export class SystemInC implements TransitionSystemInC {
  readonly vocabulary = PERF_IN_C;
  readonly facts: Fact[] = [];
  readonly width: number;
  readonly #environment: Environment;
  readonly product: Product<Fact, Role>;
  /** By part and local state of the environment: how it looks to a property. */
  readonly #presents: Present[][];
  readonly #calls: Calls;
  /** Another owner comes, and goes. */
  readonly #comesAndGoes: readonly { readonly fact: Fact; readonly call: Call }[];
  readonly #observed: Observed;
  readonly #inCallback: InCallback;
  /** What can initiate facts, in the order of the model: a machine of the environment by its part, or what is in the C. */
  readonly #initiators: readonly { readonly role: Role; readonly index: number; readonly part: number | undefined }[];
  readonly #places: { role: ObservedRole; index: number }[] = [];
  readonly #factNumbers = new Map<string, number>();
  /** The same, by the object itself. */
  readonly #numbers = new Map<Fact, number>();
  readonly #ofProduct: number[] = [];
  readonly #takers: { readonly part: number; readonly symbol: number }[][] = [];
  /** The row that is expanded; during a visit, after the fact. */
  readonly #next: Int32Array;
  readonly #ends: Int32Array;
  readonly #model: System<Fact, Role>;
  at: string | undefined;

  /** `model` is the composition with any driver: what is not observed of the C is taken from it. */
  constructor(
    model: System<Fact, Role>,
    readonly code: Code,
    foreign: boolean,
  ) {
    this.#environment = new Environment(
      PERF,
      model.parts.filter(({ role }) => !isObserved(role)),
      model.domains,
    );
    this.product = new Product(this.#environment);
    this.#inCallback = new InCallback(this.product);
    const { product } = this;
    const partOf = (role: 'hart', index: number) => this.partOf(role, index);
    const present = (part: number, local: number) => this.present(part, local);
    this.#calls = new Calls(code, { facts: product.facts, partOf, present }, reachesDriver);
    this.#presents = this.#environment.parts.map(() => []);
    this.#observed = new Observed(code.subject.views, pmuOf(model));
    this.width = this.#environment.parts.length + 1;
    this.#next = new Int32Array(this.width);
    this.#ends = new Int32Array(this.width);
    this.#model = model;
    this.#comesAndGoes = foreign ? FOREIGN.map((fact) => ({ fact, call: code.callOf(fact, []) })) : [];
    for (const { role, index } of model.parts) if (isObserved(role)) this.#places.push({ role, index });
    this.#initiators = model.parts
      .map(({ role, index }) => ({ role, index, part: isObserved(role) ? undefined : this.partOf(role, index)! }))
      .filter(({ role, part }) => (part === undefined ? INITIATING.has(role) : product.initiates(part)));
  }

  get initial(): Int32Array {
    return new Int32Array(this.width);
  }

  countOf(index: string): number {
    return this.#model.countOf(index);
  }

  partOf(role: Role, index: number): number | undefined {
    if (!isObserved(role)) return this.#environment.partOf(role, index);
    const place = this.#places.findIndex((known) => known.role === role && known.index === index);
    return place < 0 ? undefined : this.#environment.parts.length + place;
  }

  local(part: number, row: Int32Array): number {
    const environment = this.width - 1;
    if (part < environment) return row[part]!;
    const { role, index } = this.#places[part - environment]!;
    return this.#observed.number(role, this.code.seen(row[environment]!, role, index));
  }

  present(part: number, local: number): Present {
    if (part >= this.width - 1) return this.#observed.presents[local]!;
    const presents = this.#presents[part]!;
    presents[local] ??= noting(this.product, part, local);
    return presents[local];
  }

  /** A machine's state itself, in which nobody notes what is looked at. */
  snapshot(part: number, local: number): Present {
    return part < this.width - 1 ? this.product.tables[part]!.snapshots[local]! : this.#observed.presents[local]!;
  }

  successors(row: Int32Array, visit: (fact: number, next: Int32Array) => void): void {
    // What runs with interrupts off is not interleaved.
    const running = this.#running(row);
    if (running !== undefined) {
      this.#step(running, row, visit);
      return;
    }
    // In the order of the model's machines, so that of two shortest logs both find the same one.
    this.#next.set(row);
    for (const { role, index, part } of this.#initiators)
      if (part !== undefined) this.#call(part, row, visit);
      else if (role === 'driver') this.#step(index, row, visit);
      else this.#comeAndGo(row, visit);
  }

  /** The event of which a callback runs with interrupts off, if one does. */
  #running(row: Int32Array): number | undefined {
    const part = this.#inCallback.in(row);
    return part === undefined ? undefined : this.#environment.parts[part]!.index;
  }

  /** Another owner of the PMC. */
  #comeAndGo(row: Int32Array, visit: (fact: number, next: Int32Array) => void): void {
    for (const { fact, call } of this.#comesAndGoes) {
      const after = this.code.take(row[this.width - 1]!, call);
      if (after !== null) this.#end(row, after, this.#number(fact), visit);
    }
  }

  /** What a machine of the environment initiates. */
  #call(part: number, row: Int32Array, visit: (fact: number, next: Int32Array) => void): void {
    const last = this.width - 1;
    this.product.successors(part, row, this.#next, (number) => {
      const call = this.#calls.of(number, row);
      const after = call === null ? row[last]! : this.code.take(row[last]!, call);
      if (after === null) return;
      this.#ends.set(this.#next);
      this.#ends[last] = after;
      let own = this.#ofProduct[number];
      if (own === undefined) {
        own = this.#number(this.product.facts[number]!);
        this.#ofProduct[number] = own;
      }
      visit(own, this.#ends);
    });
  }

  /** What the code of an event does: the environment's machines that take part follow. */
  #step(event: number, row: Int32Array, visit: (fact: number, next: Int32Array) => void): void {
    const step = this.code.step(row[this.width - 1]!, event);
    if (step === null) return;
    const number = this.#number(step.fact);
    this.at = step.at;
    this.#ends.set(row);
    this.#ends[this.width - 1] = this.code.next;
    for (const { part, symbol } of this.#takersOf(step.fact, number)) {
      const after = this.product.tables[part]!.next(row[part]!, symbol);
      // The code does what it does; a machine that has no place for it stays where it is.
      if (after !== REFUSED) this.#ends[part] = after;
    }
    visit(number, this.#ends);
    this.at = undefined;
  }

  /** The machines of the environment that take part in what the C does, each with the fact in its table. */
  #takersOf(fact: Fact, number: number): readonly { readonly part: number; readonly symbol: number }[] {
    this.#takers[number] ??= (WIRING[fact.type] === undefined ? [] : this.#environment.participants(fact)).map(
      (part) => {
        const field = ROLES[this.#environment.parts[part]!.role].indexedBy;
        const table = this.product.tables[part]!;
        return { part, symbol: table.symbol(field === undefined ? fact : ({ ...fact, [field]: 0 } as Fact)) };
      },
    );
    return this.#takers[number];
  }

  #end(row: Int32Array, after: number, fact: number, visit: (fact: number, next: Int32Array) => void): void {
    this.#ends.set(row);
    this.#ends[this.width - 1] = after;
    visit(fact, this.#ends);
  }

  #number(fact: Fact): number {
    let number = this.#numbers.get(fact);
    if (number === undefined) {
      const key = factText(fact);
      number = this.#factNumbers.get(key) ?? this.facts.push(fact) - 1;
      this.#factNumbers.set(key, number);
      this.#numbers.set(fact, number);
    }
    return number;
  }
}

/** The PMU of a model: the one that its driver's machine was given. */
const pmuOf = ({ parts }: System): Pmu => (parts.find(({ role }) => role === 'driver')!.input as { pmu: Pmu }).pmu;
