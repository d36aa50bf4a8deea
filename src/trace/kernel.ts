import type { CoreName } from '../../machines/cores.ts';
import { type DriverMachine, decides } from '../../machines/drivers.ts';
import { appendCompiled, author, compiledMachine, type Local, type Locals } from '../engine/compose/index.ts';
import {
  type Attribute,
  type Counter,
  counterAt,
  FACT_TYPES,
  type Fact,
  type FactType,
  minus,
  plus,
  RISCV_BASE_PMU,
  ROLES,
  type Role,
  type System,
  signed,
  WIRING,
  type Word,
  word,
} from '../facts/index.ts';
import { type Call, callFact, callText, conceivable, offers } from './call.ts';
import { GroupRules, type Groups } from './groups.ts';
import type { CallbackLine } from './line.ts';
import type { Inferred } from './order.ts';
import { type Disagreement, machineName } from './refusal.ts';
import { answerDiffers, disagreement, warningsDiffer } from './seen.ts';
import { systemOf } from './system.ts';
import { counterKey, type TraceIndex } from './trace-index.ts';

/** One call, and the state in which it goes on. */
export interface Course {
  readonly state: Locals;
  readonly groups: Groups;
  /** Undefined once it has returned. */
  readonly call: Call | undefined;
  /** What it did, and the state after each fact. */
  readonly facts: readonly Fact[];
  readonly states: readonly Locals[];
}

/** A fact that can happen, and the state after it. */
interface Next {
  readonly fact: Fact;
  readonly after: Locals;
}

/** How far a call comes by itself, and what comes then. */
export interface Progress {
  readonly course: Course;
  /** After the step that it could take next, and that calls on other CPUs could tell from another. */
  readonly next?: Course;
  /** Why it cannot go on until another call does something. */
  readonly waits?: Disagreement;
}

const WORD_BITS = RISCV_BASE_PMU.wordBits;

/** What a driver does next of itself. Nothing shows whether it waited for a mutex before it took it. */
const OF_DRIVER = FACT_TYPES.filter((type) => WIRING[type].participants[0] === 'driver' && type !== 'mutex.wait');

/** What the calls of all CPUs share. */
export const SHARED: readonly Role[] = ['activeEvents', 'reservation'];

const isReturn = ({ type }: Fact): boolean => type.endsWith('.return');

/** The machines of a kernel that a trace is folded through, at their full widths. */
export class Kernel {
  readonly system: System;
  readonly #groups: GroupRules;
  /** Whether the driver reads, or writes, the counter whenever it starts an event. */
  readonly #startsFresh: boolean;
  /** The counters that a driver of this PMU can read. */
  readonly #counters: readonly Counter[];
  /** By event of the model: the id of the event that it stands for now. */
  readonly #ids: number[] = [];
  /** By event, hart and type: the facts that a driver could initiate. */
  readonly #offered: Map<FactType, readonly Fact[]>[][] = [];
  /** By the place in the driver's chart. */
  readonly #types = new Map<Local['place'], readonly FactType[]>();

  constructor(
    readonly indexTrace: TraceIndex,
    core: CoreName,
    driver: DriverMachine,
  ) {
    const { pmu, eventCount, harts } = indexTrace;
    this.#startsFresh = decides(driver, 'startsFresh') || decides(driver, 'writesCounter');
    this.system = systemOf({ events: eventCount, harts }, core, driver, pmu);
    this.#counters = Array.from({ length: pmu.numCounters }, (_, idx) => counterAt(idx));
    this.#groups = new GroupRules(indexTrace);
  }

  /** The id in the trace of an event of the model. */
  idOf(event: number): number {
    return this.#ids[event]!;
  }

  /** The callback of a line as it is entered, or why the core would not make it. */
  enter(state: Locals, groups: Groups, line: CallbackLine): Call | Disagreement {
    const event = this.indexTrace.events.get(line.id)!;
    const attribute = this.indexTrace.kinds.get(line.id)!;
    this.stands(event, line.id);
    const fact = callFact(line, event, attribute);
    if (this.#lifecycle(state, event, fact) === null)
      return {
        machine: machineName('lifecycle', line.id),
        what: 'the next callback',
        expected: this.#allowed(state, event, attribute, line.cpu),
        found: callText(fact),
      };
    return this.#groups.against(groups, line, fact) ?? { line, event, running: false, counted: 0, warned: 0 };
  }

  /** Lets a call with nothing beside it run to its return; or says why it cannot return. */
  run(state: Locals, groups: Groups, call: Call): Course | Disagreement {
    let course: Course | Disagreement = this.#begin({ state, groups, call, facts: [], states: [] }, call);
    while (!('machine' in course) && course.call !== undefined) {
      const next = this.#enabled(course.state, course.call);
      if (next === undefined) return this.#blocked(course.state, course.call);
      course = isReturn(next.fact) ? this.#leave(course, course.call, next) : this.#take(course, course.call, next);
    }
    return course;
  }

  /** Lets a call go on as far as it does nothing that a call on another CPU could tell. */
  advance(state: Locals, groups: Groups, call: Call): Progress {
    let course: Course = { state, groups, call, facts: [], states: [] };
    for (let now: Call = call; ; now = course.call!) {
      if (!now.running) {
        const begun = this.#begin(course, now);
        if ('machine' in begun) return { course, waits: begun };
        course = begun;
        continue;
      }
      const next = this.#enabled(course.state, now);
      if (next === undefined) return { course, waits: this.#blocked(course.state, now) };
      const { fact } = next;
      if (this.#isShared(course.state, fact))
        return { course, next: this.#take({ ...course, facts: [], states: [] }, now, next) };
      if (isReturn(fact)) {
        // What it did until then it did whatever the recorder saw at the return.
        if (course.facts.length > 0) return { course };
        const left = this.#leave(course, now, next);
        return 'machine' in left ? { course, waits: left } : { course: left };
      }
      course = this.#take(course, now, next);
      // What it found under the mutex tells it from a call that found something else.
      if (fact.type === 'mutex.unlock') return { course };
    }
  }

  /**
   * Whether others can tell a fact from a later one. What is done under the mutex they cannot, nor when it is given back: they
   * are kept out until then.
   */
  #isShared(state: Locals, fact: Fact): boolean {
    const { participants } = WIRING[fact.type];
    if (participants.includes('activeEvents')) return true;
    if (!participants.includes('reservation')) return false;
    const { owner } = state[this.system.partOf('reservation', 0)!]!.context as { owner: number | null };
    return !('event' in fact && owner === fact.event);
  }

  /** The facts of a line, from the state before them on. */
  *along(from: Locals, facts: readonly Fact[], line: CallbackLine): Generator<Inferred> {
    let before = from;
    for (const fact of facts) {
      const after = this.after(before, fact);
      yield { fact, line, before, after };
      before = after;
    }
  }

  /** An event of the model stands for another one of the trace from now on. */
  stands(event: number, id: number): void {
    this.#ids[event] = id;
  }

  /** Whether the event of a line is in a group that is watched. */
  isInGroup(line: CallbackLine): boolean {
    return this.#groups.isIn(line);
  }

  /** After a fact that all who take part in it accept. */
  #take({ groups, facts, states }: Course, call: Call, { fact, after }: Next): Course {
    const folded = this.#groups.fold(groups, call.line, fact);
    if ('machine' in folded) throw new Error(`${fact.type} was not asked of the ${folded.machine}`);
    const counted = fact.type === 'count.add' ? plus(call.counted, fact.delta, WORD_BITS) : call.counted;
    const warned = call.warned + (fact.type === 'warn' ? 1 : 0);
    return {
      state: after,
      groups: folded,
      call: { line: call.line, event: call.event, running: true, counted, warned },
      facts: [...facts, fact],
      states: [...states, after],
    };
  }

  /** The state after a fact that is known to be accepted. */
  after(state: Locals, fact: Fact): Locals {
    const after = appendCompiled(this.system, state, fact);
    if ('refusedBy' in after) throw new Error(`${fact.type} was not asked of the ${after.refusedBy}`);
    return after;
  }

  /** Enters the driver, once what the recorder saw before it agrees. */
  #begin(course: Course, call: Call): Course | Disagreement {
    const { line, event } = call;
    const { state, groups } = course;
    const fact = this.#groups.author(groups, line, callFact(line, event, this.indexTrace.kinds.get(line.id)!));
    const wrong = this.#differs(state, call, 'before') ?? this.#groups.against(groups, line, fact);
    if (wrong !== undefined) return wrong;
    const ticked = this.#tick(course, call);
    const after = appendCompiled(this.system, ticked.state, fact);
    return 'refusedBy' in after ? this.#notTaken(after, fact) : this.#take(ticked, call, { fact, after });
  }

  /** A callback takes no time, so that the counter comes before it to where the callback reads it. */
  #tick(course: Course, call: Call): Course {
    const { line } = call;
    const counter = this.indexTrace.counterOf(line);
    if (!line.irqoff || counter === undefined) return course;
    const now = course.state[this.system.partOf('hart', line.cpu)!]!.context[counter] as Word;
    const ticks = minus(this.#reading(line, counter, now), now, WORD_BITS);
    // A counter only goes forward. What it showed before its first reading is nothing that a trace tells.
    if (ticks === 0 || (now !== 0 && signed(ticks, WORD_BITS) < 0n)) return course;
    const fact: Fact = { type: 'hart.tick', hart: line.cpu, counter, ticks };
    return this.#take(course, call, { fact, after: this.after(course.state, fact) });
  }

  /**
   * What a callback reads: what it leaves in `prev_count`, if that lies between the two values of the counter around it.
   * One that leaves nothing has read nothing: then what the counter was at its entry, which is the best that can be said for
   * a driver that counts from too early. Where the counter is not shown at all, what comes nearest to the `prev_count` that it
   * left alone, of all that it can have been: nothing else could make its count right.
   */
  #reading(traced: CallbackLine, counter: Counter, now: Word): Word {
    const { line, cpu, before, after } = traced;
    if (after.prev === undefined) return now;
    if (before.csr === undefined || after.csr === undefined) {
      if (before.prev !== undefined && before.prev !== after.prev) return after.prev;
      return nearest(after.prev, this.atLeast(traced, now), this.indexTrace.next.get(line) ?? after.prev);
    }
    const { least, most } = this.indexTrace.ahead.get(counterKey(cpu, counter)) ?? { least: 0n, most: 0n };
    const [from, read, to] = [BigInt(before.csr) + least, BigInt(after.prev), BigInt(after.csr) + most];
    return from <= read && read <= to ? after.prev : word(from, WORD_BITS);
  }

  /**
   * What a counter has come to at least in a callback that starts an event and does not read it, where one before it left it at a
   * value: the hart has run what lies between. Not where the next reading shows that it stood still, nor where nothing has read it yet.
   */
  atLeast({ line, cb, ret = 0, before }: CallbackLine, value: Word): Word {
    const reads = this.#startsFresh || before.prev === undefined || before.prev === 0;
    if (reads || value === 0 || ret !== 0 || (cb !== 'add' && cb !== 'start')) return value;
    const left = this.indexTrace.left.get(line);
    return left === undefined || BigInt(left) <= BigInt(value) ? value : plus(value, 1, WORD_BITS);
  }

  /** Returns from the driver, once what the recorder saw after it agrees. */
  #leave(course: Course, call: Call, next: Next): Course | Disagreement {
    const { line, event } = call;
    const { fact } = next;
    const wrong =
      this.#differs(course.state, call, 'after') ??
      answerDiffers(line, fact) ??
      warningsDiffer(call) ??
      this.#groups.against(course.groups, line, fact);
    if (wrong !== undefined) return wrong;
    const returned = { ...this.#take(course, call, next), call: undefined };
    if (!this.indexTrace.last.has(line.line)) return returned;
    const free: Fact = { type: 'event.free', event };
    const after = appendCompiled(this.system, returned.state, free);
    if (!('refusedBy' in after)) return { ...this.#take(returned, call, { fact: free, after }), call: undefined };
    const isOpen = returned.state[this.system.partOf('lifecycle', event)!]!.hasTag('live');
    const traceEnds = this.indexTrace.lastOfTask.get(line.pid) === line.line;
    if (isOpen || traceEnds) return returned;
    return {
      machine: machineName('lifecycle', line.id),
      what: 'the next callback',
      expected: this.#allowed(returned.state, event, this.indexTrace.kinds.get(line.id)!, line.cpu),
      found: 'no more of this event',
    };
  }

  #differs(state: Locals, call: Call, when: 'before' | 'after'): Disagreement | undefined {
    return disagreement(
      this.system,
      state,
      call,
      when,
      (event) => this.idOf(event),
      this.indexTrace.pmu !== RISCV_BASE_PMU,
    );
  }

  /** What the driver of a call does next: the one fact that all who take part in it accept. */
  #enabled(state: Locals, call: Call): Next | undefined {
    for (const type of this.#mentioned(state[this.system.partOf('driver', call.event)!]!))
      for (const bare of this.#offers(type, call)) {
        const fact = author(this.system, state, bare);
        const after = appendCompiled(this.system, state, fact);
        if (!('refusedBy' in after)) return { fact, after };
      }
    return undefined;
  }

  /** What a call's driver could initiate, made once for each event and hart. */
  #offers(type: FactType, call: Call): readonly Fact[] {
    const hart = call.line.cpu;
    let ofHart = this.#offered[call.event];
    if (ofHart === undefined) this.#offered[call.event] = ofHart = [];
    let ofType = ofHart[hart];
    if (ofType === undefined) ofHart[hart] = ofType = new Map();
    let facts = ofType.get(type);
    if (facts === undefined) {
      facts = offers(type, call, this.#counters);
      ofType.set(type, facts);
    }
    return facts;
  }

  /** The facts that a driver's chart mentions where it is, of those that it does of itself. */
  #mentioned(driver: Local): readonly FactType[] {
    let types = this.#types.get(driver.place);
    if (types === undefined) {
      types = OF_DRIVER.filter((type) => driver.mentions(type));
      this.#types.set(driver.place, types);
    }
    return types;
  }

  #lifecycle(state: Locals, event: number, fact: Fact) {
    const number = this.system.partOf('lifecycle', event)!;
    const { machine, input } = this.system.parts[number]!;
    return compiledMachine(machine).step(input, state[number]!, fact);
  }

  #allowed(state: Locals, event: number, attribute: Attribute, cpu: number): string {
    const harts = Array.from({ length: this.indexTrace.harts }, (_, hart) => hart);
    const facts = [cpu, ...harts.filter((hart) => hart !== cpu)].flatMap((hart) => conceivable(event, attribute, hart));
    const names = facts.filter((fact) => this.#lifecycle(state, event, fact) !== null).map(callText);
    return names.length > 0 ? [...new Set(names)].join(' or ') : `no callback for an event of kind ${attribute}`;
  }

  #notTaken({ refusedBy, index }: { refusedBy: Role; index: number }, fact: Fact): Disagreement {
    const name = machineName(refusedBy, ROLES[refusedBy].indexedBy === 'event' ? this.idOf(index) : index);
    return { machine: name, what: 'the next fact', expected: 'another fact', found: fact.type };
  }

  #blocked(state: Locals, { line }: Call): Disagreement {
    const { owner } = state[this.system.partOf('reservation', 0)!]!.context as { owner: number | null };
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
