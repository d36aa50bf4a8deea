import { append, initialState, type State } from '../../src/engine/compose/index.ts';
import {
  type Attribute,
  attributeKind,
  ERRNO,
  type Fact,
  plus,
  type Role,
  type System,
  type Word,
} from '../../src/facts/index.ts';
import { mustHaveReturned } from '../../src/trace/call.ts';
import type { CallbackLine, Snapshot, TraceLine } from '../../src/trace/line.ts';
import { indexTrace } from '../../src/trace/trace-index.ts';
import type { Timed } from './recorders.ts';

/** Nanoseconds between two scenarios, whose clocks all begin at 0. */
const BETWEEN = 1_000_000;

/**
 * The callbacks of a kernel's trace with a time of return each, which the trace does not show: just before the line that proves it.
 * The raw counter is left out, since no probe can read it; the notes are, too.
 */
export function timedTrace(lines: readonly TraceLine[], times: readonly number[]): Timed[] {
  const entered: number[] = [];
  let offset = 0;
  for (const [index, line] of lines.entries()) {
    if (index > 0 && lines[index - 1]!.scn !== line.scn) offset = entered[index - 1]! + BETWEEN;
    // Two entries have different times, in the order in which they were written.
    entered.push(Math.max(offset + times[index]!, (entered[index - 1] ?? 0) + 100));
  }
  const { kinds } = indexTrace(lines);
  const end = entered.at(-1)! + BETWEEN;
  const taken = new Set<number>();
  const calls = lines.flatMap((line, index): Timed[] => {
    if (line.cb === 'mark') return [];
    const { sampling = false, modifier = false } = attributeKind(kinds.get(line.id)!);
    return [
      {
        ...line,
        before: shown(line.before),
        after: shown(line.after),
        asks: { sampling, modifier },
        entered: entered[index]!,
      },
    ];
  });
  // The call that was entered last returns first.
  const returned = new Map<number, number>();
  for (const [index, line] of [...lines.entries()].toReversed()) {
    if (line.cb === 'mark') continue;
    const proof = lines.findIndex((next, later) => later > index && mustHaveReturned(line, next));
    let time = Math.min((proof < 0 ? end : entered[proof]!) - 1, entered[index]! + 20_000);
    if (proof >= 0 && isAmong(lines, index, proof)) time = entered[proof]! - 1;
    while (taken.has(time)) time--;
    taken.add(time);
    returned.set(line.line, time);
  }
  return calls.map((call) => ({ ...call, returned: returned.get(call.line)! }));
}

/** Whether another call was entered before the proof of a return: then they may have overlapped. */
const isAmong = (lines: readonly TraceLine[], from: number, to: number): boolean =>
  lines.slice(from + 1, to).some(({ cb }) => cb !== 'mark');

const shown = ({ csr, ...seen }: Partial<Snapshot>): Partial<Snapshot> => seen;

/** By line of {@link timedLog}: whether the count was exact after the callback, by the ticks of the simulation itself. */
export function exactAfter(system: System, log: readonly Fact[]): Map<number, boolean> {
  const exact = new Map<number, boolean>();
  const lines = new Map<number, number>();
  let line = 0;
  let state = initialState(system);
  for (const fact of log) {
    const { event } = fact as Fact<'read.return'>;
    if (fact.type.endsWith('.call')) lines.set(event, ++line);
    if (fact.type === 'read.return' || fact.type === 'stop.return' || fact.type === 'del.return')
      exact.set(lines.get(event)!, state[system.partOf('count', event)!]!.context.uncounted === 0);
    state = append(system, state, fact) as State;
  }
  return exact;
}

/** A simulated log as the callbacks that a recorder would have seen in it, the raw counters aside. Each fact takes a microsecond. */
export function timedLog(system: System, log: readonly Fact[]): Timed[] {
  const calls: Timed[] = [];
  const running = new Map<number, Timed>();
  const attributes = new Map<number, Attribute>();
  const counts = new Map<number, Word>();
  const ids = new Map<number, number>();
  let opened = 0;
  let state = initialState(system);
  for (const [position, fact] of log.entries()) {
    const next = append(system, state, fact) as State;
    const [name, part] = fact.type.split('.') as [string, string];
    const now = 1_000_000 + position * 1000;
    if (fact.type === 'event_init.call') {
      attributes.set(fact.event, fact.attribute);
      if (!ids.has(fact.event)) ids.set(fact.event, ++opened);
    }
    if (part === 'call') {
      const { event } = fact as Fact<'read.call'>;
      const { type, config, sampling = false, modifier = false } = attributeKind(attributes.get(event)!);
      const onHart = 'hart' in fact;
      // Opens and closes are on CPUs of their own: what is interrupted by what is nothing that a model says.
      const cpu = onHart ? (fact as Fact<'read.call'>).hart : system.countOf('hart') + event;
      const call: Timed = {
        line: calls.length + 1,
        scn: '',
        cpu,
        pid: 100 + event,
        cb: name === 'destroy' ? 'event_destroy' : (name as CallbackLine['cb']),
        id: ids.get(event)!,
        type,
        config,
        ...('flags' in fact && { flags: fact.flags }),
        via: '',
        hardirq: false,
        irqoff: onHart,
        asks: { sampling, modifier },
        entered: now,
        before: sight(state, event, cpu, onHart),
        after: {},
      };
      calls.push(call);
      running.set(event, call);
    } else if (part === 'return') {
      const { event } = fact as Fact<'read.return'>;
      const call = running.get(event)!;
      running.delete(event);
      const answer = 'answer' in fact ? { ret: fact.answer === 0 ? 0 : -ERRNO[fact.answer] } : {};
      const after = sight(next, event, call.cpu, call.irqoff);
      calls[calls.indexOf(call)] = { ...call, ...answer, returned: now, after };
    } else if (fact.type === 'count.add') counts.set(fact.event, plus(counts.get(fact.event) ?? 0, fact.delta, 64));
    else if (fact.type === 'event.free') {
      counts.delete(fact.event);
      ids.delete(fact.event);
    }
    state = next;
  }
  return calls;

  function sight(present: State, event: number, cpu: number, isActive: boolean): Partial<Snapshot> {
    const of = (role: Role, index: number) => {
      const part = system.partOf(role, index);
      return part === undefined ? undefined : present[part]!.context;
    };
    const driver = of('driver', event)!;
    const slots = of('slots', cpu);
    const count = of('count', event);
    return {
      state: driver.hwState,
      idx: driver.idx,
      ...(count !== undefined && { prev: count.prevCount, count: counts.get(event) ?? 0 }),
      evstate: isActive ? 1 : 0,
      oncpu: isActive ? cpu : -1,
      ...(slots !== undefined && {
        n_events: slots.nEvents,
        slots: slots.events.map((occupant: number | null) => (occupant === null ? 0 : ids.get(occupant)!)),
      }),
      active: of('activeEvents', 0)!.value,
    };
  }
}
