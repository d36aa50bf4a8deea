import type { CoreName } from '../../machines/cores.ts';
import type { DriverMachine } from '../../machines/drivers.ts';
import { appendLearnt, author, initialLocals, type Locals, learntMachine, type System } from '../compose/index.ts';
import {
  type Attribute,
  attributeKind,
  type Counter,
  FACT_TYPES,
  type Fact,
  INDEXED_BY,
  minus,
  plus,
  RISCV_BASE_PMU,
  type Role,
  signed,
  WIRING,
  type Word,
  word,
} from '../facts/index.ts';
import { type Call, callFact, callText, conceivable, offers } from './call.ts';
import { GroupRules } from './groups.ts';
import type { CallbackLine } from './line.ts';
import type { Inferred, Logged, Order } from './order.ts';
import { type Disagreement, machineName } from './refusal.ts';
import { answerDiffers, disagreement, warningsDiffer } from './seen.ts';
import { counterKey, type Survey } from './survey.ts';
import { systemOf } from './system.ts';

/** How far a call came. */
export interface Progress {
  readonly order: Order;
  /** The step that it could take next, and that calls on other CPUs could tell from another. */
  readonly next?: Step;
  /** Why it cannot go on until another call does something. */
  readonly waits?: Disagreement;
}

interface Step {
  readonly call: Call;
  readonly fact: Fact;
  readonly state: Locals;
}

const WORD_BITS = RISCV_BASE_PMU.wordBits;

/** What a driver does next of itself. */
const OF_DRIVER = FACT_TYPES.filter((type) => WIRING[type].participants[0] === 'driver');

/** What the calls of all CPUs share. */
const SHARED: readonly Role[] = ['activeEvents', 'reservation'];

const isShared = ({ type }: Fact): boolean => WIRING[type].participants.some((role) => SHARED.includes(role));
const isReturn = ({ type }: Fact): boolean => type.endsWith('.return');

/** The machines of a kernel that a trace is folded through, at their full widths. */
export class Kernel {
  readonly system: System;
  readonly #groups: GroupRules;
  /** By event of the model: the id of the event that it stands for now. */
  readonly #ids: number[] = [];

  constructor(
    readonly survey: Survey,
    core: CoreName,
    driver: DriverMachine,
  ) {
    this.system = systemOf({ events: survey.eventCount, harts: survey.harts }, core, driver);
    this.#groups = new GroupRules(survey);
  }

  initial(): Order {
    return { state: initialLocals(this.system), groups: new Map(), calls: [], log: undefined, length: 0 };
  }

  /** The id in the trace of an event of the model. */
  idOf(event: number): number {
    return this.#ids[event]!;
  }

  /** An order in which the callback of a line has been entered, or why the core would not make it. */
  enter(order: Order, line: CallbackLine): Order | Disagreement {
    const event = this.survey.events.get(line.id)!;
    const attribute = this.survey.kinds.get(line.id)!;
    this.#ids[event] = line.id;
    const fact = callFact(line, event, attribute);
    if (this.#lifecycle(order, event, fact) === null)
      return {
        machine: machineName('lifecycle', line.id),
        what: 'the next callback',
        expected: this.#allowed(order, event, attribute, line.cpu),
        found: callText(fact),
      };
    const against = this.#groups.against(order.groups, line, fact);
    if (against !== undefined) return against;
    return { ...order, calls: [...order.calls, { line, event, running: false, counted: 0, warned: 0 }] };
  }

  /** Lets every call go on as far as it does nothing that a call on another CPU could tell. */
  settle(order: Order): Order {
    return order.calls.reduce((settled, call) => this.advance(settled, call).order, order);
  }

  /** Lets one call go on as far as it does nothing that a call on another CPU could tell. */
  advance(order: Order, call: Call): Progress {
    if (!call.running) {
      const begun = this.#begin(order, call);
      return 'machine' in begun ? { order, waits: begun } : this.advance(begun, this.#running(begun, call));
    }
    const next = this.#enabled(order, call);
    if (next === undefined) return { order, waits: this.#blocked(order, call) };
    if (isShared(next.fact)) return { order, next };
    if (isReturn(next.fact)) {
      const left = this.#leave(order, next);
      return 'machine' in left ? { order, waits: left } : { order: left };
    }
    const taken = this.take(order, next);
    return this.advance(taken, this.#running(taken, call));
  }

  /** The order after a step of a call. */
  take(order: Order, { call, fact, state }: Step): Order {
    const { line } = call;
    const groups = this.#groups.fold(order.groups, line, fact);
    if ('machine' in groups) throw new Error(`${fact.type} was not asked of the ${groups.machine}`);
    const counted = fact.type === 'count.add' ? plus(call.counted, fact.delta, WORD_BITS) : call.counted;
    const warned = call.warned + (fact.type === 'warn' ? 1 : 0);
    return {
      state,
      groups,
      calls: order.calls.map((other) => (other.line === line ? { ...call, running: true, counted, warned } : other)),
      log: { fact, line, previous: order.log },
      length: order.length + 1,
    };
  }

  /** The facts of an order, from the state before them on. */
  along(from: Locals, { log, length }: Order): Inferred[] {
    const logged: Logged[] = new Array(length);
    for (let index = length - 1, last = log; last !== undefined; index--, last = last.previous) logged[index] = last;
    let before = from;
    return logged.map(({ fact, line }) => {
      const inferred = { fact, line, before, after: appendLearnt(this.system, before, fact) as Locals };
      before = inferred.after;
      return inferred;
    });
  }

  #running(order: Order, { line }: Call): Call {
    return order.calls.find((call) => call.line === line)!;
  }

  /** Enters the driver, once what the recorder saw before it agrees. */
  #begin(order: Order, call: Call): Order | Disagreement {
    const { line, event } = call;
    const fact = this.#groups.author(order.groups, line, callFact(line, event, this.survey.kinds.get(line.id)!));
    const wrong = this.#differs(order, call, 'before') ?? this.#groups.against(order.groups, line, fact);
    if (wrong !== undefined) return wrong;
    const ticked = this.#tick(order, call);
    const state = appendLearnt(this.system, ticked.state, fact);
    return 'refusedBy' in state ? this.#notTaken(state, fact) : this.take(ticked, { call, fact, state });
  }

  /** A callback takes no time, so that the counter comes before it to where the callback reads it. */
  #tick(order: Order, call: Call): Order {
    const { line } = call;
    const { counter } = attributeKind(this.survey.kinds.get(line.id)!);
    if (!line.irqoff || counter === undefined) return order;
    const now = order.state[this.system.partOf('hart', line.cpu)!]!.context[counter] as Word;
    const ticks = minus(this.#reading(line, counter, now), now, WORD_BITS);
    // A counter only goes forward. What it showed before its first reading is nothing that a trace tells.
    if (ticks === 0 || (now !== 0 && signed(ticks, WORD_BITS) < 0n)) return order;
    const fact: Fact = { type: 'hart.tick', hart: line.cpu, counter, ticks };
    return this.take(order, { call, fact, state: appendLearnt(this.system, order.state, fact) as Locals });
  }

  /**
   * What a callback reads: what it leaves in `prev_count`, if that lies between the two values of the counter around it.
   * One that leaves nothing has read nothing: then what the counter was at its entry, which is the best that can be said for
   * a driver that counts from too early. Where the counter is not shown at all, what comes nearest to the `prev_count` that it
   * left alone: nothing else could make its count right.
   */
  #reading({ line, cpu, before, after }: CallbackLine, counter: Counter, now: Word): Word {
    if (after.prev === undefined) return now;
    if (before.csr === undefined || after.csr === undefined) {
      if (before.prev !== undefined && before.prev !== after.prev) return after.prev;
      return nearest(after.prev, now, this.survey.next.get(line) ?? after.prev);
    }
    const { least, most } = this.survey.ahead.get(counterKey(cpu, counter)) ?? { least: 0n, most: 0n };
    const [from, read, to] = [BigInt(before.csr) + least, BigInt(after.prev), BigInt(after.csr) + most];
    return from <= read && read <= to ? after.prev : word(from, WORD_BITS);
  }

  /** Returns from the driver, once what the recorder saw after it agrees. */
  #leave(order: Order, { call, fact, state }: Step): Order | Disagreement {
    const { line, event } = call;
    const wrong =
      this.#differs(order, call, 'after') ??
      answerDiffers(line, fact) ??
      warningsDiffer(call) ??
      this.#groups.against(order.groups, line, fact);
    if (wrong !== undefined) return wrong;
    const returned = this.take(order, { call, fact, state });
    if (!this.survey.last.has(line.line)) return without(returned, line);
    const free: Fact = { type: 'event.free', event };
    const freed = appendLearnt(this.system, returned.state, free);
    if (!('refusedBy' in freed)) return without(this.take(returned, { call, fact: free, state: freed }), line);
    const isOpen = returned.state[this.system.partOf('lifecycle', event)!]!.hasTag('live');
    const traceEnds = this.survey.lastOfTask.get(line.pid) === line.line;
    if (isOpen || traceEnds) return without(returned, line);
    return {
      machine: machineName('lifecycle', line.id),
      what: 'the next callback',
      expected: this.#allowed(returned, event, this.survey.kinds.get(line.id)!, line.cpu),
      found: 'no more of this event',
    };
  }

  #differs(order: Order, call: Call, when: 'before' | 'after'): Disagreement | undefined {
    return disagreement(this.system, order.state, call, when, (event) => this.idOf(event));
  }

  /** What the driver of a call does next: the one fact that all who take part in it accept. */
  #enabled(order: Order, call: Call): Step | undefined {
    const driver = order.state[this.system.partOf('driver', call.event)!]!;
    for (const type of OF_DRIVER) {
      if (!driver.mentions(type)) continue;
      for (const bare of offers(type, call)) {
        const fact = author(this.system, order.state, bare);
        const state = appendLearnt(this.system, order.state, fact);
        if (!('refusedBy' in state)) return { call, fact, state };
      }
    }
    return undefined;
  }

  #lifecycle(order: Order, event: number, fact: Fact) {
    const number = this.system.partOf('lifecycle', event)!;
    const { machine, input } = this.system.parts[number]!;
    return learntMachine(machine).step(input, order.state[number]!, fact);
  }

  #allowed(order: Order, event: number, attribute: Attribute, cpu: number): string {
    const harts = Array.from({ length: this.survey.harts }, (_, hart) => hart);
    const facts = [cpu, ...harts.filter((hart) => hart !== cpu)].flatMap((hart) => conceivable(event, attribute, hart));
    const names = facts.filter((fact) => this.#lifecycle(order, event, fact) !== null).map(callText);
    return names.length > 0 ? [...new Set(names)].join(' or ') : `no callback for an event of kind ${attribute}`;
  }

  #notTaken({ refusedBy, index }: { refusedBy: Role; index: number }, fact: Fact): Disagreement {
    const name = machineName(refusedBy, INDEXED_BY[refusedBy] === 'event' ? this.idOf(index) : index);
    return { machine: name, what: 'the next fact', expected: 'another fact', found: fact.type };
  }

  #blocked(order: Order, { line }: Call): Disagreement {
    const { owner } = order.state[this.system.partOf('reservation', 0)!]!.context as { owner: number | null };
    const held =
      owner === null
        ? 'nothing that the other machines accept'
        : `waits for the mutex that event ${this.idOf(owner)} holds`;
    return { machine: machineName('driver', line.id), what: 'the next step', expected: held, found: 'a return' };
  }
}

/** The value between two others that comes nearest to a third one. */
function nearest(value: Word, least: Word, most: Word): Word {
  if (BigInt(value) < BigInt(least) || BigInt(most) < BigInt(least)) return least;
  return BigInt(value) < BigInt(most) ? value : most;
}

const without = (order: Order, line: CallbackLine): Order => ({
  ...order,
  calls: order.calls.filter((call) => call.line !== line),
});
