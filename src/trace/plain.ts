import type { Local, Locals } from '../engine/compose/index.ts';
import type { Fact } from '../facts/index.ts';
import { readCount } from './between.ts';
import { mustHaveReturned } from './call.ts';
import type { Groups } from './groups.ts';
import type { Kernel } from './kernel.ts';
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
  /** By fact: the machines that it changed, and what each became. Whole states would be many times as large. */
  readonly changes: readonly (readonly Change[])[];
}

interface Change {
  readonly part: number;
  readonly local: Local;
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
      const before = state;
      const changes = course.facts.map((fact, index) =>
        this.#changes(fact, index === 0 ? before : course.states[index - 1]!, course.states[index]!),
      );
      this.#did.push({ line: last, facts: course.facts, changes });
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
    for (const { line, facts, changes } of did)
      for (let index = 0; index < facts.length; index++) {
        const changed = changes[index]!;
        const after = changed.length === 0 ? before : before.slice();
        for (const { part, local } of changed) (after as Local[])[part] = local;
        yield { fact: facts[index]!, line, before, after };
        before = after;
      }
  }

  #changes(fact: Fact, before: Locals, after: Locals): Change[] {
    const changes: Change[] = [];
    if (after !== before)
      for (const part of this.kernel.system.participants(fact)) {
        const local = after[part]!;
        if (local !== before[part]) changes.push({ part, local });
      }
    return changes;
  }

  /** Whether the last line's call must have returned when another line was written. */
  #isOver(line: TraceLine): boolean {
    const last = this.#at.line;
    if (last === undefined || last.cb === 'mark') return true;
    const { events } = this.kernel.indexTrace;
    return (line.cb !== 'mark' && events.get(line.id) === events.get(last.id)) || mustHaveReturned(last, line);
  }
}
