import { initialLocals, type Local, type Locals } from '../engine/compose/index.ts';
import type { Role } from '../facts/index.ts';
import type { Call } from './call.ts';
import { type Course, type Kernel, SHARED } from './kernel.ts';
import type { CallbackLine } from './line.ts';
import type { Order, Pending, Shared, Step } from './order.ts';
import type { Disagreement } from './refusal.ts';

/** How many objects of a kind are kept as the only ones of their value: a larger trace makes some anew. */
const KEPT = 1 << 16;

/** One object for each value. That it forgets makes two of one at worst: orders that are one are then followed twice. */
class Only<T> {
  #made = new Map<string, T>();

  of(key: string, make: () => T): T {
    let made = this.#made.get(key);
    if (made === undefined) {
      if (this.#made.size >= KEPT) this.#made = new Map();
      made = make();
      this.#made.set(key, made);
    }
    return made;
  }
}

/** What a call itself looks at and changes: the machines of its event, and those of its CPU. */
const OF_EVENT: readonly Role[] = ['driver', 'lifecycle', 'count'];
const OF_HART: readonly Role[] = ['hart', 'slots'];

/**
 * The steps of calls, each computed once for a state of the call and a state of what all share. States are told apart by
 * identity: the machines run once, and the search among orders is look-ups.
 */
export class Steps {
  readonly #locals = new Only<Local>();
  readonly #shared = new Only<Shared>();
  readonly #pending = new Only<Pending>();
  readonly #numbers = new WeakMap<Local, number>();
  readonly #sharedParts: readonly number[];
  #ids = 0;

  constructor(readonly kernel: Kernel) {
    this.#sharedParts = SHARED.map((role) => kernel.system.partOf(role, 0)!);
  }

  initial(): Order {
    const state = initialLocals(this.kernel.system).map((local, part) => this.#only(part, local));
    const shared = this.#sharedOf(state);
    const nothing = {
      changes: undefined,
      groups: new Map(),
      calls: [],
      log: undefined,
      taken: 0,
      latest: 0,
      turned: 0,
    };
    return { state, shared, ...nothing };
  }

  /** Whether a call of an event has left the same behind in two orders. */
  leftSame({ event, line }: Call, one: Order, other: Order): boolean {
    const [state, otherState] = [stateOf(one), stateOf(other)];
    return this.#partsOf(event, line.cpu).every((part) => state[part] === otherState[part]);
  }

  /** What a call does next in an order. */
  next(order: Order, call: Pending): Step {
    const known = call.steps.get(order.shared);
    if (known !== undefined && (known.from === order.groups || !this.kernel.isInGroup(call.line))) return known;
    const step = this.#compute(order, call);
    call.steps.set(order.shared, step);
    return step;
  }

  /** The order after a step of one of its calls, and after all that the others do then by themselves. */
  take(order: Order, index: number, step: Step): Order {
    return this.settle(this.#take(order, index, step));
  }

  /** Lets every call go on as far as it does nothing that a call on another CPU could tell. */
  settle(order: Order): Order {
    let settled = order;
    for (let index = 0; index < settled.calls.length; ) {
      const call = settled.calls[index]!;
      const step = call.isDone ? undefined : this.next(settled, call);
      if (step?.kind !== 'goes') index++;
      else {
        settled = this.#take(settled, index, step);
        // What it changed may be what an earlier one waits for.
        if (step.disturbs) index = 0;
      }
    }
    return settled;
  }

  /** The order in which the callback of a line has been entered, or why the core would not make it. */
  enter(order: Order, line: CallbackLine): Order | Disagreement {
    const state = stateOf(order);
    const call = this.kernel.enter(state, order.groups, line);
    if ('machine' in call) return call;
    return this.settle({ ...order, calls: [...order.calls, this.#pendingOf(call, state)] });
  }

  #take(order: Order, index: number, step: Step): Order {
    const call = order.calls[index]!;
    const { line } = call;
    let calls = order.calls.slice();
    calls[index] = step.call;
    const taken = {
      state: order.state,
      changes: { changed: step.changed, previous: order.changes },
      shared: step.shared,
      groups: this.kernel.isInGroup(line) ? step.groups : order.groups,
      calls,
      log: { facts: step.facts, line, previous: order.log, length: (order.log?.length ?? 0) + 1 },
      taken: order.taken + (step.kind === 'may' ? 1 : 0),
      latest: order.latest,
      turned: order.turned,
    };
    if (step.kind === 'may' && line.line > order.latest) {
      taken.latest = line.line;
      for (const other of order.calls.slice(0, index))
        if (!other.isDone && other.line.line > order.latest) taken.turned++;
    }
    if (!step.disturbs) return taken;
    const state = stateOf(taken);
    calls = calls.map((other) => (other.isDone ? other : this.#pendingOf(other, state, other.origin, other.level)));
    return { ...taken, calls };
  }

  #compute(order: Order, call: Pending): Step {
    const { groups, shared } = order;
    const state = stateOf(order);
    const { course, next, waits } = this.kernel.advance(state, groups, call);
    if (course.facts.length > 0) return this.#step('goes', order, call, course);
    if (next !== undefined) return this.#step('may', order, call, next);
    const nothing = { facts: [], changed: [], shared, from: groups, groups, call, disturbs: false };
    return { kind: 'waits', ...nothing, why: waits! };
  }

  #step(kind: Step['kind'], { state, groups }: Order, call: Pending, course: Course): Step {
    const { system } = this.kernel;
    const after = course.state.slice();
    const changed: [number, Local][] = [];
    let disturbs = false;
    for (let part = 0; part < after.length; part++) {
      const local = after[part]!;
      if (local === state[part]) continue;
      const only = this.#only(part, local);
      after[part] = only;
      if (only === state[part]) continue;
      changed.push([part, only]);
      const { role, index } = system.parts[part]!;
      if (!SHARED.includes(role) && !(OF_EVENT.includes(role) && index === call.event)) disturbs = true;
    }
    return {
      kind,
      facts: course.facts,
      changed,
      shared: this.#sharedOf(after),
      from: groups,
      groups: course.groups,
      call:
        kind === 'may' || course.facts.at(-1)?.type === 'mutex.unlock'
          ? this.#pendingOf(course.call!, after)
          : this.#pendingOf(course.call ?? call, after, call.origin, call.level + 1, course.call === undefined),
      disturbs,
    };
  }

  /** A number for each state of a machine. */
  #numberOf(local: Local): number {
    let number = this.#numbers.get(local);
    if (number === undefined) {
      number = ++this.#ids;
      this.#numbers.set(local, number);
    }
    return number;
  }

  #only(part: number, local: Local): Local {
    const { role } = this.kernel.system.parts[part]!;
    return this.#locals.of(JSON.stringify([role, local.value, local.context]), () => local);
  }

  #sharedOf(state: Locals): Shared {
    const key = this.#sharedParts.map((part) => this.#numberOf(state[part]!)).join(' ');
    return this.#shared.of(key, () => ({ id: ++this.#ids }));
  }

  /** The parts that a call looks at and changes, beside what all share. */
  #partsOf(event: number, cpu: number): number[] {
    const { system } = this.kernel;
    return [
      ...OF_EVENT.map((role) => system.partOf(role, event)!),
      ...OF_HART.map((role) => system.partOf(role, cpu)!),
    ];
  }

  #pendingOf(call: Call, state: Locals, origin?: number, level = 0, isDone = false): Pending {
    const { line, event, running, counted, warned } = call;
    let key = `${line.line} ${running} ${counted} ${warned} ${origin} ${level} ${isDone}`;
    for (const part of this.#partsOf(event, line.cpu)) key += ` ${this.#numberOf(state[part]!)}`;
    return this.#pending.of(key, () => ({
      line,
      event,
      running,
      counted,
      warned,
      isDone,
      origin: origin ?? ++this.#ids,
      level,
      steps: new Map(),
    }));
  }
}

/** The state of an order: its changes are made once they are asked for. */
export function stateOf(order: Order): Locals {
  if (order.changes === undefined) return order.state;
  const steps: Step['changed'][] = [];
  for (let last: Order['changes'] = order.changes; last !== undefined; last = last.previous) steps.push(last.changed);
  const state = order.state.slice();
  for (const changed of steps.reverse()) for (const [part, local] of changed) state[part] = local;
  order.state = state;
  order.changes = undefined;
  return state;
}
