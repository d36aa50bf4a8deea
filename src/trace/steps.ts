import { initialLocals, type Local, type Locals } from '../engine/compose/index.ts';
import type { Fact, Role } from '../facts/index.ts';
import type { Call } from './call.ts';
import type { Groups } from './groups.ts';
import { type Course, type Kernel, SHARED } from './kernel.ts';
import { CallKinds } from './kinds.ts';
import type { CallbackLine } from './line.ts';
import { Only, OnlyLocals } from './only.ts';
import type { CallKind } from './order.ts';
import {
  type Around,
  type Entered,
  isSame,
  type Order,
  type Own,
  type Pending,
  type Shared,
  type Step,
} from './order.ts';
import type { Disagreement } from './refusal.ts';

/** The machines of an event. */
const OF_EVENT: readonly Role[] = ['driver', 'lifecycle', 'count'];

/** How many states of what is around are kept as the only ones: each is as large as the system. */
const AROUND = 1 << 10;

/** A call that has returned stays beside the others for so many lines, unless it must have: it may explain as much as one that has not. */
const STAYS = 64;

const NOWHERE = { taken: 0, latest: 0, turned: 0, before: undefined, by: -1, line: 0, call: undefined } as const;

/**
 * The steps of calls, each computed once for a state of the call and a state of what all share. States are told apart by
 * identity: the machines run once, and the search among orders is look-ups.
 */
export class Steps {
  readonly #locals = new OnlyLocals();
  readonly #shared = new Only<Shared>();
  readonly #own = new Only<Own>();
  readonly #groups = new Only<Groups>();
  readonly #kinds: CallKinds;
  readonly #sharedParts: readonly number[];
  /** By event: the numbers of its parts. */
  readonly #ownParts: readonly (readonly number[])[];
  /** By part: the event that it is of; -1 if it is of none. */
  readonly #owners: readonly number[];
  #around = new Map<number, Around[]>();
  #arounds = 0;
  #shares = 0;
  #origins = 0;

  constructor(readonly kernel: Kernel) {
    const { system } = kernel;
    this.#kinds = new CallKinds(kernel);
    this.#sharedParts = SHARED.map((role) => system.partOf(role, 0)!);
    this.#ownParts = system.ofRole('driver').map((_, event) => OF_EVENT.map((role) => system.partOf(role, event)!));
    this.#owners = system.parts.map(({ role, index }) => (OF_EVENT.includes(role) ? index : -1));
  }

  initial(): Order {
    return this.orderOf(initialLocals(this.kernel.system), new Map());
  }

  /** The order that has come to a state, with no call in flight. */
  orderOf(locals: Locals, groups: Groups): Order {
    const state = locals.map((local, part) => this.#only(part, local));
    return { ...NOWHERE, shared: this.#sharedOf(state), around: this.#aroundOf(state, groups), calls: [], pending: [] };
  }

  /** The call of a line. */
  entered(line: CallbackLine): Entered {
    return { line, kind: this.#kinds.of(line), due: Infinity };
  }

  /** A call as it begins where the machines of its event are in these states, whatever is around. */
  begun(kind: CallKind, state: Locals): Pending {
    const own = this.#ownOf(state, kind.event);
    return this.#pendingOf(kind, { running: false, counted: 0, warned: 0 }, own);
  }

  /** A call of which it is not known how far it has come. */
  anywhere(like: Pending, anywhere: readonly Pending[]): Pending {
    const origin = ++this.#origins;
    return { ...like, isDone: true, origin, level: 0, steps: [], stepsAround: undefined, anywhere };
  }

  /** The local states of an event's machines in a state. */
  ownIn(state: Locals, event: number): readonly Local[] {
    return this.#ownParts[event]!.map((part) => state[part]!);
  }

  /** A state with other states of an event's machines. */
  withOwn(state: Locals, event: number, own: readonly Local[]): Locals {
    const after = state.slice();
    for (const [index, part] of this.#ownParts[event]!.entries()) after[part] = own[index]!;
    return after;
  }

  /** What all machines are in an order. */
  stateOf({ shared, around, pending }: Order): Locals {
    const state = around.state.slice();
    for (const [index, part] of this.#sharedParts.entries()) state[part] = shared.locals[index]!;
    for (const { own } of pending)
      for (const [index, part] of this.#ownParts[own.event]!.entries()) state[part] = own.locals[index]!;
    return state;
  }

  /** What a call does next in an order; null if it cannot go on until another one does something. */
  next(order: Order, index: number): Step | null {
    const step = this.#next(order, index);
    if (step === null || step.seen === undefined) return step;
    const { active } = order.calls[index]!.line[step.seen];
    return active === undefined || active === order.shared.active ? step : null;
  }

  #next(order: Order, index: number): Step | null {
    const pending = order.pending[index]!;
    let steps = pending.steps;
    if (pending.stepsAround !== undefined) {
      const known = pending.stepsAround.get(order.around);
      steps = known ?? [];
      if (known === undefined) pending.stepsAround.set(order.around, steps);
    }
    const known = steps[order.shared.id];
    if (known !== undefined) return known;
    const step = this.#compute(order, index);
    steps[order.shared.id] = step;
    return step;
  }

  /** Why a call of an order waits. */
  why(order: Order, index: number): Disagreement | undefined {
    return this.#advance(order, index, order.calls[index]!.line, this.stateOf(order)).waits;
  }

  /** The order after a step of one of its calls, and after all that the others do then by themselves. */
  take(order: Order, by: number, tell?: Tell): Order {
    const { shared, around, calls, line } = order;
    const after = orderAfter(order, shared, around, calls, order.pending.slice(), by, line, undefined);
    const step = this.next(order, by)!;
    this.#go(after, by, step, tell);
    return this.#settle(after, tell);
  }

  /**
   * The order in which a call has been entered, or the next line written where that is none; or why the core would not make it. The
   * calls that must have returned are left behind.
   */
  enter(order: Order, line: number, call: Entered | undefined, tell?: Tell): Order | Disagreement {
    let { around } = order;
    const calls: Entered[] = [];
    const pending: Pending[] = [];
    for (const [index, one] of order.calls.entries()) {
      const its = order.pending[index]!;
      if (one.due <= line || (its.isDone && its.anywhere === undefined && one.line.line < line - STAYS))
        around = this.#leave(around, its.own);
      else {
        calls.push(one);
        pending.push(its);
      }
    }
    const after = orderAfter(order, order.shared, around, calls, pending, -1, line, call);
    if (call === undefined) return after;
    const root = this.#begin(after, call);
    if ('machine' in root) return root;
    calls.push(call);
    pending.push(root);
    return this.#settle(after, tell);
  }

  /** What the calls did up to an order, since the one where nothing is before it. */
  along(upTo: Order): { facts: readonly Fact[]; line: CallbackLine }[] {
    const orders: Order[] = [];
    for (let last = upTo; last.before !== undefined; last = last.before) orders.push(last);
    const log: { facts: readonly Fact[]; line: CallbackLine }[] = [];
    const tell: Tell = ({ facts }, line) => log.push({ facts, line });
    for (const order of orders.reverse())
      if (order.by >= 0) this.take(order.before!, order.by, tell);
      else this.enter(order.before!, order.line, order.call, tell);
    return log;
  }

  #begin(order: Order, { line, kind }: Entered): Pending | Disagreement {
    const { state } = order.around;
    const parts = this.#ownParts[kind.event]!;
    const known = kind.roots.find(({ own }) => parts.every((part, index) => own.locals[index] === state[part]));
    if (known !== undefined && !kind.looksAround) {
      this.kernel.stands(kind.event, line.id);
      return known;
    }
    const call = this.kernel.enter(this.stateOf(order), order.around.groups, line);
    if ('machine' in call) return call;
    const root = known ?? this.#pendingOf(kind, call, this.#ownOf(state, kind.event));
    if (known === undefined) kind.roots.push(root);
    return root;
  }

  /** Lets every call go on as far as it does nothing that a call on another CPU could tell. */
  #settle(order: Changing, tell: Tell | undefined): Order {
    for (let index = 0; index < order.pending.length; ) {
      const step = order.pending[index]!.isDone ? null : this.next(order, index);
      if (step?.kind !== 'goes') index++;
      else {
        this.#go(order, index, step, tell);
        // What it changed may be what an earlier one waits for.
        if (step.around !== undefined || step.others !== undefined) index = 0;
      }
    }
    return order;
  }

  #go(order: Changing, by: number, step: Step, tell: Tell | undefined): void {
    tell?.(step, order.calls[by]!.line);
    order.shared = step.shared;
    order.pending[by] = step.pending;
    if (step.around !== undefined) order.around = step.around;
    if (step.others === undefined) return;
    for (const [index, { kind, running, counted, warned, isDone, origin, level }] of order.pending.entries()) {
      const own = index === by ? undefined : step.others.get(kind.event);
      if (own === undefined) continue;
      order.pending[index] = this.#pendingOf(kind, { running, counted, warned }, own, origin, level, isDone);
    }
  }

  #advance(order: Order, index: number, line: CallbackLine, state: Locals) {
    const { running, counted, warned, own } = order.pending[index]!;
    const call: Call = { line, event: own.event, running, counted, warned };
    return this.kernel.advance(state, order.around.groups, call);
  }

  #compute(order: Order, index: number): Step | null {
    const state = this.stateOf(order);
    const { course, next, waits } = this.#advance(order, index, order.pending[index]!.kind.line, state);
    if (course.facts.length > 0) return this.#step('goes', order, index, state, course);
    if (next !== undefined) return this.#step('may', order, index, state, next);
    if (waits === undefined) throw new Error('a call neither goes on nor waits');
    return null;
  }

  #step(kind: Step['kind'], { shared, around, pending }: Order, by: number, before: Locals, course: Course): Step {
    const { event } = pending[by]!.own;
    const after = course.state.slice();
    let isShared = false;
    let others: Set<number> | undefined;
    let state: Local[] | undefined;
    for (let part = 0; part < after.length; part++) {
      if (after[part] === before[part]) continue;
      const local = this.#only(part, after[part]!);
      after[part] = local;
      const owner = this.#owners[part]!;
      if (this.#sharedParts.includes(part)) isShared = true;
      else if (owner !== -1 && pending.some(({ own }) => own.event === owner)) {
        if (owner === event) continue;
        others ??= new Set();
        others.add(owner);
      } else {
        state ??= around.state.slice();
        state[part] = local;
      }
    }
    const isNew = kind === 'may' || course.facts.at(-1)?.type === 'mutex.unlock';
    const own = this.#ownOf(after, event);
    const { origin, level, kind: ofCall } = pending[by]!;
    return {
      kind,
      seen: pending[by]!.running ? (course.call === undefined ? 'after' : undefined) : 'before',
      facts: course.facts,
      shared: isShared ? this.#sharedOf(after) : shared,
      around:
        state === undefined && course.groups === around.groups
          ? undefined
          : this.#aroundOf(state ?? around.state, course.groups, around),
      others: others && new Map([...others].map((other) => [other, this.#ownOf(after, other)])),
      pending: isNew
        ? this.#pendingOf(ofCall, course.call!, own)
        : this.#pendingOf(ofCall, course.call ?? pending[by]!, own, origin, level + 1, course.call === undefined),
    };
  }

  #only(part: number, local: Local): Local {
    return this.#locals.of(this.kernel.system.parts[part]!.role, local);
  }

  #sharedOf(state: Locals): Shared {
    return this.shared(this.#sharedParts.map((part) => state[part]!));
  }

  /** What all calls share, by the states of the machines in it. */
  shared(given: readonly Local[]): Shared {
    const locals = given.map((local, index) => this.#only(this.#sharedParts[index]!, local));
    const key = locals.map((local) => this.#locals.numberOf(local)).join(' ');
    return this.#shared.of(key, () => ({ id: ++this.#shares, active: locals[0]!.context.value, locals }));
  }

  #ownOf(state: Locals, event: number): Own {
    const locals = this.#ownParts[event]!.map((part) => this.#only(part, state[part]!));
    const key = `${event} ${locals.map((local) => this.#locals.numberOf(local)).join(' ')}`;
    return this.#own.of(key, () => ({ event, locals }));
  }

  /** What is around once a call has left its event behind. */
  #leave(around: Around, own: Own): Around {
    let after = around.left.get(own);
    if (after === undefined) {
      const state = around.state.slice();
      for (const [index, part] of this.#ownParts[own.event]!.entries()) state[part] = own.locals[index]!;
      after = this.#aroundOf(state, around.groups, around);
      around.left.set(own, after);
    }
    return after;
  }

  #aroundOf(state: Locals, ofGroups: Groups, like?: Around): Around {
    const groups = this.#onlyGroups(ofGroups);
    let hash = like?.hash ?? 0;
    for (let part = 0; part < state.length; part++) {
      const [was, is] = [like?.state[part], state[part]!];
      if (was === is) continue;
      if (was !== undefined) hash -= mixed(part, this.#locals.numberOf(was));
      hash += mixed(part, this.#locals.numberOf(is));
    }
    const alike = this.#around.get(hash) ?? [];
    const known = alike.find((other) => other.groups === groups && isSame(other.state, state));
    if (known !== undefined) return known;
    if (this.#around.size >= AROUND) this.#around = new Map();
    const around = { id: ++this.#arounds, state, groups, hash, left: new Map() };
    this.#around.set(hash, [...alike, around]);
    return around;
  }

  #onlyGroups(groups: Groups): Groups {
    if (groups.size === 0) return this.#groups.of('', () => groups);
    const states = [...groups].map(([leader, { value, context }]) => [leader, value, context]);
    return this.#groups.of(JSON.stringify(states), () => groups);
  }

  #pendingOf(
    kind: Pending['kind'],
    { running, counted, warned }: Pick<Call, 'running' | 'counted' | 'warned'>,
    own: Own,
    origin?: number,
    level = 0,
    isDone = false,
  ): Pending {
    const numbers = own.locals.map((local) => this.#locals.numberOf(local)).join(' ');
    const key = `${running} ${counted} ${warned} ${origin} ${level} ${isDone} ${numbers}`;
    let pending = kind.states.get(key);
    if (pending === undefined) {
      const stepsAround = kind.looksAround ? new Map() : undefined;
      const at = { origin: origin ?? ++this.#origins, level, isDone, running, counted, warned };
      pending = { kind, own, ...at, steps: [], stepsAround };
      kind.states.set(key, pending);
    }
    return pending;
  }
}

/** Is told the steps that are taken, and of which line's call. */
export type Tell = (step: Step, line: CallbackLine) => void;

/** An order that is being made. */
type Changing = Omit<Order, 'shared' | 'around' | 'pending'> & { shared: Shared; around: Around; pending: Pending[] };

/** What comes after an order: a step of one of its calls, or (-1) the next line, whose call is entered. */
function orderAfter(
  before: Order,
  shared: Shared,
  around: Around,
  calls: readonly Entered[],
  pending: Pending[],
  by: number,
  line: number,
  call: Entered | undefined,
): Changing {
  let { taken, latest, turned } = before;
  const its = calls[by]?.line.line ?? 0;
  if (by >= 0) taken++;
  if (its > latest) {
    for (let index = 0; index < by; index++)
      if (!before.pending[index]!.isDone && calls[index]!.line.line > latest) turned++;
    latest = its;
  }
  return { shared, around, calls, pending, taken, latest, turned, before, by, line, call };
}

/** A number for a part in a state, so that sums of them tell states of all parts apart, as a rule. */
const mixed = (part: number, number: number): number =>
  Math.imul(Math.imul(part + 1, 0x9e3779b1) ^ Math.imul(number, 0x85ebca6b), 0xc2b2ae35) >>> 4;
