import type { Local, Locals } from '../engine/compose/index.ts';
import type { Fact } from '../facts/index.ts';
import { readCount } from './between.ts';
import { mustHaveReturned } from './call.ts';
import type { Groups } from './groups.ts';
import type { Course, Kernel } from './kernel.ts';
import type { CallbackLine, TraceLine } from './line.ts';
import type { Inferred } from './order.ts';
import { Refused, refusal } from './refusal.ts';

/** Where a trace is: the state before the callback of a line. */
export interface At {
  readonly state: Locals;
  readonly groups: Groups;
  readonly line: TraceLine | undefined;
}

/** What the call of a line did. */
interface Did {
  readonly line: CallbackLine;
  readonly facts: readonly Fact[];
  /** Fact by fact: how many machines it changed, then which. Whole states would be many times as large. */
  readonly parts: readonly number[];
  /** What each of these machines became. */
  readonly locals: readonly Local[];
}

/** The order in which each call returns before the next one is entered: as long as that explains a trace, nothing is searched. */
export class Plain {
  /** The lines since it began, and what happened. */
  lines: TraceLine[] = [];
  #did: Did[] = [];
  /** Whether each call must have returned when the next one was entered, so that there is no other order. */
  isOnly = true;
  #at: At;

  constructor(
    readonly kernel: Kernel,
    public from: At,
  ) {
    this.#at = from;
  }

  /** Lets the last line's call return, and enters the next one; there is none at the end. Throws {@link Refused}. */
  next(line: TraceLine | undefined): void {
    if (line !== undefined) this.lines.push(line);
    this.isOnly &&= line === undefined || this.#isOver(line);
    const { kernel } = this;
    let { state, groups, line: last } = this.#at;
    if (last !== undefined && last.cb !== 'mark') {
      const event = kernel.indexTrace.events.get(last.id)!;
      const call = { line: last, event, running: false, counted: 0, warned: 0 };
      const course = kernel.run(state, groups, call);
      if ('machine' in course) throw new Refused(refusal(last, course));
      this.#did.push({ line: last, facts: course.facts, ...this.#changes(state, course) });
      ({ state, groups } = course);
    }
    this.#at = { state, groups, line };
    if (line === undefined) return;
    const why =
      line.cb === 'mark'
        ? readCount(state[kernel.system.partOf('activeEvents', 0)!]!, line)
        : kernel.enter(state, groups, line);
    if (why !== undefined && 'machine' in why) throw new Refused(refusal(line, why));
  }

  /** Begins anew at the last line. Returns what happened before, fact by fact: the states around them are made when they are asked for. */
  begin(): Iterable<Inferred> {
    const told = this.#tell(this.from.state, this.#did);
    this.from = this.#at;
    this.lines = [];
    this.#did = [];
    this.isOnly = true;
    return told;
  }

  *#tell(from: Locals, did: readonly Did[]): Generator<Inferred> {
    let before = from;
    for (const { line, facts, parts, locals } of did) {
      let place = 0;
      let change = 0;
      for (let index = 0; index < facts.length; index++) {
        const until = change + parts[place++]!;
        const after = change === until ? before : before.slice();
        while (change < until) (after as Local[])[parts[place++]!] = locals[change++]!;
        yield { fact: facts[index]!, line, before, after };
        before = after;
      }
    }
  }

  #changes(from: Locals, { facts, states }: Course): Pick<Did, 'parts' | 'locals'> {
    const parts: number[] = [];
    const locals: Local[] = [];
    let before = from;
    for (let index = 0; index < facts.length; index++) {
      const after = states[index]!;
      const count = parts.push(0) - 1;
      for (const part of after === before ? [] : this.kernel.system.participants(facts[index]!)) {
        if (after[part] === before[part]) continue;
        parts.push(part);
        locals.push(after[part]!);
        parts[count]!++;
      }
      before = after;
    }
    return { parts, locals };
  }

  /** Whether the last line's call must have returned when another line was written. */
  #isOver(line: TraceLine): boolean {
    const last = this.#at.line;
    if (last === undefined || last.cb === 'mark') return true;
    const { events } = this.kernel.indexTrace;
    return (line.cb !== 'mark' && events.get(line.id) === events.get(last.id)) || mustHaveReturned(last, line);
  }
}
