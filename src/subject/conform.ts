import type { DriverMachine } from '../../machines/drivers.ts';
import { compose, type Environment, type Model } from '../../models/index.ts';
import { type Covered, type Present, plainSearch, Undecided } from '../engine/check/index.ts';
import { Product } from '../engine/check/product.ts';
import { type Fact, type Property, type Role, type System, WIRING } from '../facts/index.ts';
import { lastPlace, lookUpSteps, nothingCovered, type SourceAudit, type SourceOptions } from './audit.ts';
import { Calls } from './calls.ts';
import type { Code, Step } from './code.ts';
import { factText } from './fact-text.ts';
import { InCallback } from './in-callback.ts';
import type { Place } from './places.ts';
import { choicesOf, type Followed, follow, replay, type TransitionSystemInC } from './schedule.ts';
import { StateComparison } from './state-comparison.ts';
import { PERF_IN_C, SUBJECT } from './vocabulary.ts';

/** Where the model and the C part, after the same facts. @public */
export interface Difference {
  readonly facts: readonly Fact[];
  /** What is compared: a fact, or an observable part of the state. */
  readonly what: string;
  readonly model: string;
  readonly c: string;
  readonly place?: Place;
  /** By the position of a fact: the place in the C that it comes from, where one is known. */
  readonly places: readonly (Place | undefined)[];
  /** What replays it. */
  readonly token: string;
}

/** What the comparison of one model in one environment came to. @public */
export interface Conformance {
  readonly covered: Covered;
  /** The first difference, with a shortest log; absent if there is none in what was covered. */
  readonly difference?: Difference;
}

type Mismatch = Omit<Difference, 'facts' | 'place' | 'places' | 'token'>;

const AGREES: Property = {
  id: 'conforms',
  statement: 'the model and the C do the same',
  severity: 'high',
  source: '',
  consequence: '',
  speaksOf: () => true,
  vacuousWhen: 'nothing happens',
  clauses: [{ kind: 'always', own: [SUBJECT], holds: (view) => view.own(SUBJECT).context.mismatch === null }],
};

/**
 * Searches the model and the C in lockstep: after each fact that the environment can do, both must do the same facts with
 * the same data, and look the same. Stops at the first difference.
 *
 * @public
 */
export async function conform(
  audit: SourceAudit,
  model: Model,
  environment: Environment,
  driver: DriverMachine,
  options: SourceOptions = {},
): Promise<Conformance> {
  const code = audit.started(model, environment);
  if (code instanceof Undecided) return { covered: nothingCovered(code.reason) };
  const system = new Lockstep(compose(model.scope, environment, driver), code);
  const known = audit.comparisons.find(model, system, [AGREES]);
  if (known !== undefined) return known;
  const { covered, verdicts } = await plainSearch(system, [AGREES], {
    ...options,
    first: true,
    watch: audit.watch(code),
  });
  const verdict = verdicts.get(AGREES.id);
  if (verdict?.verdict !== 'violated') {
    if (covered.exhaustive) audit.comparisons.add(model, system, [AGREES], { covered });
    return { covered };
  }
  // What a process that ended from outside no longer does is no difference.
  const { gone } = code.subject;
  if (gone !== undefined) return { covered: { ...covered, exhaustive: false, stoppedBy: gone } };
  const { counterexample } = verdict;
  const followed = follow(system, counterexample.facts);
  const mismatch = system.mismatchIn(followed.at(-1)?.row ?? system.initial)!;
  lookUpSteps(code);
  const place = lastPlace(code.subject.build, followed);
  const token = [model.name, environment, choicesOf(system, counterexample.facts)].join(':');
  const places = followed.map((step) => audit.placeOf(code, step));
  return { covered, difference: { facts: counterexample.facts, places, token, ...mismatch, ...(place && { place }) } };
}

/**
 * Follows the choices of a token in the model and the C together, exactly as they were made.
 * Throws a RangeError if the token's choices cannot be made.
 */
export function replayTogether(
  audit: SourceAudit,
  model: Model,
  environment: Environment,
  driver: DriverMachine,
  choices: string,
): Followed[] {
  return replay(new Lockstep(compose(model.scope, environment, driver), audit.code(model, environment)), choices);
}

/** A plain access to data that no machine of the model has. */
const isSilent = ({ type }: { readonly type: string }): boolean => type === 'data.read' || type === 'data.write';

/** Whether the C takes part in a fact. */
const reachesC = ({ type }: Fact): boolean =>
  WIRING[type].participants.some((role) => role === 'driver' || role === 'reservation');

/** The model and the C as one system. A row is the model's local states, that of the code, and where they parted. */
class Lockstep implements TransitionSystemInC {
  readonly vocabulary = PERF_IN_C;
  readonly facts: Fact[] = [];
  readonly #numbers = new Map<string, number>();
  /** The same, by the object itself, and by the number that the product knows it by. */
  readonly #numberOf = new Map<Fact, number>();
  readonly #ofProduct: number[] = [];
  readonly product: Product<Fact, Role>;
  readonly #mismatches: (Mismatch | null)[] = [null];
  /** The state of the model in the row that is expanded; during a visit, after the fact. */
  readonly #next: Int32Array;
  readonly #ends: Int32Array;
  readonly width: number;
  /** The parts that can initiate facts. */
  readonly #initiators: readonly { readonly part: number; readonly isDriver: boolean }[];
  /** Of the parts with which something of the C is compared. */
  readonly #comparisons: readonly {
    readonly part: number;
    readonly comparison: StateComparison;
    readonly matters: number;
  }[];
  readonly #inCallback: InCallback;
  /** By part: what a state of its machine holds. */
  readonly #contextOf: readonly ((local: number) => Present['context'])[];
  readonly #everyAccess: boolean;
  readonly #calls: Calls;
  at: string | undefined;

  constructor(
    readonly system: System,
    readonly code: Code,
  ) {
    this.width = system.parts.length + 2;
    this.product = new Product(system);
    this.#inCallback = new InCallback(this.product);
    const { facts } = this.product;
    const partOf = (role: 'hart', index: number) => this.partOf(role, index);
    const present = (part: number, local: number) => this.present(part, local);
    this.#calls = new Calls(code, { facts, partOf, present }, reachesC);
    this.#comparisons = system.parts
      .map(({ role, index }, part) => ({ part, comparison: new StateComparison(role, index, code) }))
      .filter(({ comparison }) => comparison.compares)
      .map((one) => ({ ...one, matters: one.comparison.matters }));
    this.#initiators = system.parts
      .map(({ role }, part) => ({ part, isDriver: role === 'driver' }))
      .filter(({ part, isDriver }) => isDriver || this.product.initiates(part));
    this.#contextOf = system.parts.map((_, part) => (local) => this.present(part, local).context);
    this.#everyAccess = code.subject.machine.everyAccess === true;
    // All that is compared is looked at.
    for (const [part, { role }] of system.parts.entries())
      if (role !== 'lifecycle') this.product.looks[part]!.add('context');
    this.#next = new Int32Array(system.parts.length);
    this.#ends = new Int32Array(this.width);
  }

  countOf(index: string): number {
    return this.system.countOf(index);
  }

  get initial(): Int32Array {
    const row = new Int32Array(this.width);
    row[this.width - 1] = this.#compareStates(row, undefined);
    return row;
  }

  partOf(role: Role, index: number): number | undefined {
    if (role === SUBJECT) return index === 0 ? this.width - 1 : undefined;
    return this.system.partOf(role, index);
  }

  local(part: number, row: Int32Array): number {
    return row[part]!;
  }

  present(part: number, local: number): Present {
    if (part < this.width - 2) return this.product.tables[part]!.snapshots[local]!;
    return { context: { mismatch: this.#mismatches[local] } } as Present;
  }

  successors(row: Int32Array, visit: (fact: number, next: Int32Array) => void): void {
    if (row[this.width - 1] !== 0) return;
    for (let at = 0; at < this.#next.length; at++) this.#next[at] = row[at]!;
    const running = this.#running(row);
    if (running !== undefined) {
      this.#driver(running, row, visit);
      return;
    }
    for (const { part, isDriver } of this.#initiators)
      if (isDriver) this.#driver(part, row, visit);
      else this.#environment(part, row, visit);
  }

  /** The driver's machine of the event of which a callback runs with interrupts off, if one does. */
  #running(row: Int32Array): number | undefined {
    const { system } = this;
    const part = this.#inCallback.in(row);
    return part === undefined ? undefined : system.partOf('driver', system.parts[part]!.index);
  }

  /** What one of the environment's machines can do: the model and the C must both take it. */
  #environment(part: number, row: Int32Array, visit: (fact: number, next: Int32Array) => void): void {
    const local = row[this.width - 2]!;
    this.#each(part, row, (number) => {
      const call = this.#calls.of(number, row);
      const after = call === null ? local : this.code.take(local, call);
      if (after !== null) {
        this.#together(this.#own(number), after, row, visit);
        return;
      }
      const fact = this.product.facts[number]!;
      this.#part(fact, local, { what: fact.type, model: 'takes it', c: 'does not' }, visit);
    });
  }

  /** What the code of one event does: the model and the C must do the same. */
  #driver(part: number, row: Int32Array, visit: (fact: number, next: Int32Array) => void): void {
    const { index } = this.system.parts[part]!;
    const local = row[this.width - 2]!;
    const step = this.code.step(local, index);
    const { next } = this.code;
    const c = step === null ? undefined : this.#number(step.fact);
    this.at = step?.at;
    if (step !== null && isSilent(step.fact)) {
      // What the model has no name for; the model waits meanwhile.
      this.#together(c!, next, row, visit);
      this.at = undefined;
      return;
    }
    let met = false;
    this.#each(part, row, (number) => {
      met = true;
      if (this.#own(number) === c) this.#together(c, next, row, visit);
      else this.#otherwise(this.product.facts[number]!, step, local, visit);
    });
    if (!met && step !== null) this.#alone(step, local, visit);
    this.at = undefined;
  }

  /** The model does one thing, and the C another, or nothing. */
  #otherwise(fact: Fact, step: Step | null, local: number, visit: (fact: number, next: Int32Array) => void): void {
    const [model, c] = [factText(fact), step === null ? 'nothing' : factText(step.fact)];
    this.#part(step?.fact ?? fact, local, { what: 'what happens next', model, c }, visit);
  }

  #alone(step: Step, local: number, visit: (fact: number, next: Int32Array) => void): void {
    const c = factText(step.fact);
    this.#part(step.fact, local, { what: 'what happens next', model: 'nothing', c }, visit);
  }

  /** Calls `meet` for each fact that a part of the model can initiate, by its number in the product, with the model's state after it in `#next`. */
  #each(part: number, row: Int32Array, meet: (fact: number) => void): void {
    this.product.successors(part, row, this.#next, meet);
  }

  /** The state after a fact that both do, which the code is then in: so far they were alike in `before`. */
  #together(fact: number, after: number, before: Int32Array, visit: (fact: number, next: Int32Array) => void): void {
    for (let at = 0; at < this.#next.length; at++) this.#ends[at] = this.#next[at]!;
    this.#ends[this.width - 2] = after;
    this.#ends[this.width - 1] = this.#isUnsettled(after) ? 0 : this.#compareStates(this.#ends, before);
    visit(fact, this.#ends);
  }

  #part(fact: Fact, local: number, mismatch: Mismatch, visit: (fact: number, next: Int32Array) => void): void {
    this.#ends.set(this.#next);
    this.#ends[this.width - 2] = local;
    this.#ends[this.width - 1] = this.#mismatches.push(mismatch) - 1;
    visit(this.#number(fact), this.#ends);
  }

  /** Whether the code is on its way to a place where it can be compared: the model is there already. */
  #isUnsettled(local: number): boolean {
    if (this.code.isInside(local)) return true;
    if (!this.#everyAccess) return false;
    for (let event = 0; event < this.countOf('event'); event++) {
      const step = this.code.step(local, event);
      if (step !== null && isSilent(step.fact)) return true;
    }
    return false;
  }

  /** 0 if all that can be observed is alike, else the number of the mismatch. What is as it was in `before`, where all was alike, is. */
  #compareStates(row: Int32Array, before: Int32Array | undefined): number {
    const local = row[this.width - 2]!;
    // Where every access is a step, not every state is compared.
    const changed =
      before === undefined || this.#everyAccess ? -1 : this.code.difference(before[this.width - 2]!, local);
    for (const { part, comparison, matters } of this.#comparisons) {
      if (changed >= 0 && (changed & matters) === 0 && row[part] === before![part]) continue;
      const known = comparison.firstMismatch(local, row[part]!, this.#contextOf[part]!);
      if (known !== null) return this.#mismatches.push(known) - 1;
    }
    return 0;
  }

  /** The number of a fact that the product knows by a number of its own. */
  #own(number: number): number {
    this.#ofProduct[number] ??= this.#number(this.product.facts[number]!);
    return this.#ofProduct[number];
  }

  #number(fact: Fact): number {
    let number = this.#numberOf.get(fact);
    if (number === undefined) {
      const key = factText(fact);
      number = this.#numbers.get(key) ?? this.facts.push(fact) - 1;
      this.#numbers.set(key, number);
      this.#numberOf.set(fact, number);
    }
    return number;
  }

  /** How the two parted, in a row in which they did. */
  mismatchIn(row: Int32Array): Mismatch | null {
    return this.#mismatches[row[this.width - 1]!] ?? null;
  }
}
