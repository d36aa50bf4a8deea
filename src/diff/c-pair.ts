import { DRIVERS } from '../../machines/drivers.ts';
import { compose, type Environment, type Model } from '../../models/index.ts';
import { type Present, Undecided } from '../engine/check/index.ts';
import type { Vocabulary } from '../engine/index.ts';
import { type Fact, plus, type Role, WIRING } from '../facts/index.ts';
import type { Code } from '../subject/code.ts';
import { factText } from '../subject/fact-text.ts';
import type { SourceAudit } from '../subject/index.ts';
import type { TransitionSystemInC } from '../subject/schedule.ts';
import { SystemInC } from '../subject/system-in-c.ts';
import { PERF_IN_C } from '../subject/vocabulary.ts';
import { PAIR } from './pair-system.ts';

/** A step of the C of one driver, with where in its object it comes from. */
export interface StepInC {
  readonly fact: Fact;
  readonly at: string | undefined;
}

/** What two drivers do in one call, where it is not the same. */
export interface Mismatch {
  readonly what: string;
  readonly one: string;
  readonly other: string;
  /** Whether it is the count that differs. */
  readonly isCount: boolean;
}

/** The C of one driver in a scope. */
export interface SideInC {
  readonly audit: SourceAudit;
  readonly code: Code;
  readonly system: SystemInC;
}

/** The C of a driver in a model. Throws {@link Undecided} if it cannot be run. */
export function sideOf(audit: SourceAudit, model: Model, environment: Environment): SideInC {
  const code = audit.started(model, environment);
  if (code instanceof Undecided) throw code;
  return {
    audit,
    code,
    system: new SystemInC(compose(model.scope, environment, DRIVERS['as-posted']), code, model.scope.foreign),
  };
}

/** Whether a fact is of the driver's doing, and no choice of the core's, of time's or of another owner's. */
const isOfDriver = (system: TransitionSystemInC, { type }: Fact): boolean =>
  system.at !== undefined || WIRING[type] === undefined || WIRING[type].participants[0] === 'driver';

/** What the environment can do in a state in which no call is in flight, with the state after it. */
function callsFrom(system: SystemInC, row: Int32Array): Map<string, { fact: Fact; row: Int32Array }> {
  const calls = new Map<string, { fact: Fact; row: Int32Array }>();
  system.successors(row, (number, next) => {
    const fact = system.facts[number]!;
    if (!isOfDriver(system, fact)) calls.set(factText(fact), { fact, row: next.slice() });
  });
  return calls;
}

/** More steps than any call takes. */
const ENDLESS = 10_000;

/** Runs a call to its return; undefined where it waits for another. */
export function finish(
  system: SystemInC,
  call: Fact,
  from: Int32Array,
): { row: Int32Array; steps: StepInC[] } | undefined {
  const steps: StepInC[] = [];
  let row = from;
  if (!('event' in call) || !call.type.endsWith('.call')) return { row, steps };
  const returns = call.type.replace('.call', '.return');
  for (let count = 0; count < ENDLESS; count++) {
    let found: { step: StepInC; next: Int32Array } | undefined;
    system.successors(row, (number, next) => {
      const fact = system.facts[number]!;
      if (found !== undefined || !isOfDriver(system, fact)) return;
      found = { step: { fact, at: system.at }, next: next.slice() };
    });
    if (found === undefined) return undefined;
    steps.push(found.step);
    row = found.next;
    const { type } = found.step.fact as { type: string };
    if (type === returns || type === 'crash' || type === 'undefined') return { row, steps };
  }
  return undefined;
}

/** What of a call can be seen from outside: its answer, what it adds to the count, and what it warns of. */
function seenOf(steps: readonly StepInC[]): Record<string, string> {
  let added: ReturnType<typeof plus> = 0;
  const seen: Record<string, string> = {};
  for (const { fact } of steps) {
    const { type } = fact as { type: string };
    if (fact.type === 'count.add') added = plus(added, fact.delta, 64);
    else if (type === 'warn' || type === 'pr_warn' || type === 'crash' || type === 'undefined')
      seen.trouble = [seen.trouble, type === 'warn' ? 'a warning' : type === 'pr_warn' ? 'a message' : type]
        .filter(Boolean)
        .join(', ');
    else if ('answer' in fact) seen.answer = `${fact.answer}`;
    if (fact.type === 'event_init.return' && fact.answer === 0)
      seen['event->destroy'] = fact.destroySet ? 'set' : 'NULL';
  }
  if (steps.some(({ fact }) => fact.type === 'count.add')) seen.count = `${added}`;
  return seen;
}

/** What both drivers do in a call, if it is not the same. */
export function mismatchOf(one: readonly StepInC[], other: readonly StepInC[]): Mismatch | undefined {
  const [a, b] = [seenOf(one), seenOf(other)];
  const nothing: Record<string, string> = { count: '0', trouble: 'nothing' };
  const words: Record<string, string> = {
    count: 'what is added to the count',
    answer: 'the answer',
    trouble: 'what goes wrong',
  };
  for (const what of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const [mine, its] = [a[what] ?? nothing[what] ?? 'nothing', b[what] ?? nothing[what] ?? 'nothing'];
    if (mine !== its) return { what: words[what] ?? what, one: mine, other: its, isCount: what === 'count' };
  }
  return undefined;
}

/**
 * The C of two drivers as one system, call by call: both meet the same calls, until one answers otherwise, or counts otherwise. A
 * row is the state of both, and whether they differ.
 */
export class PairInC implements TransitionSystemInC {
  readonly vocabulary: Vocabulary<Fact, Role> = { ...PERF_IN_C, roles: { ...PERF_IN_C.roles, [PAIR]: {} } };
  readonly facts: Fact[] = [];
  readonly width: number;
  readonly at = undefined;
  readonly #numbers = new Map<string, number>();

  constructor(
    readonly one: SideInC,
    readonly other: SideInC,
  ) {
    this.width = one.system.width + other.system.width + 1;
  }

  get initial(): Int32Array {
    const row = new Int32Array(this.width);
    row.set(this.one.system.initial);
    row.set(this.other.system.initial, this.one.system.width);
    return row;
  }

  countOf(index: string): number {
    return this.one.system.countOf(index);
  }

  partOf(role: Role, index: number): number | undefined {
    return (role as string) === PAIR && index === 0 ? this.width - 1 : undefined;
  }

  local(part: number, row: Int32Array): number {
    return row[part]!;
  }

  present(_part: number, local: number): Present {
    return { context: { differs: local === 1 } } as Present;
  }

  successors(row: Int32Array, visit: (fact: number, next: Int32Array) => void): void {
    if (row[this.width - 1] === 1) return;
    const { width } = this.one.system;
    const others = callsFrom(this.other.system, row.slice(width, this.width - 1));
    for (const [text, mine] of callsFrom(this.one.system, row.slice(0, width))) {
      const its = others.get(text);
      if (its === undefined) continue;
      const one = finish(this.one.system, mine.fact, mine.row);
      const other = finish(this.other.system, its.fact, its.row);
      // What waits for another call is a question of how calls overlap, and not of one call.
      if (one === undefined || other === undefined) continue;
      const ends = new Int32Array(this.width);
      ends.set(one.row);
      ends.set(other.row, width);
      ends[this.width - 1] = mismatchOf(one.steps, other.steps) === undefined ? 0 : 1;
      visit(this.#number(mine.fact), ends);
    }
  }

  #number(fact: Fact): number {
    const key = factText(fact);
    const number = this.#numbers.get(key) ?? this.facts.push(fact) - 1;
    this.#numbers.set(key, number);
    return number;
  }
}

/** The same calls of a log in one driver: all that it does. Throws a RangeError if one of them cannot be made. */
export function runCalls(system: SystemInC, calls: readonly Fact[]): StepInC[][] {
  let row = system.initial;
  return calls.map((call, place) => {
    const made = callsFrom(system, row).get(factText(call));
    const done = made && finish(system, made.fact, made.row);
    if (done === undefined) throw new RangeError(`call ${place + 1} of the log cannot be made`);
    row = done.row;
    return [{ fact: call, at: undefined }, ...done.steps];
  });
}
