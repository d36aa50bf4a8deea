import {
  type Attribute,
  type Counter,
  counterAt,
  countersOf,
  mappedOn,
  type Pmu,
  RISCV_BASE_PMU,
  type Word,
} from '../facts/index.ts';
import { mustHaveReturned } from './call.ts';
import { type Asks, asksOf, kindOf } from './kind.ts';
import type { CallbackLine, TraceLine } from './line.ts';

/**
 * How many events of the model of which it is not known whether their last calls have returned stay unused before one is used again:
 * calls of that many opens may overlap.
 */
const SPARE = 16;

/** What only the trace as a whole tells: needed before its first line is folded. */
export interface TraceIndex {
  /** The PMU of the driver that ran. */
  readonly pmu: Pmu;
  /** The counter that counts the event of a callback; undefined where none does, or it is not known which. */
  readonly counterOf: CounterOf;
  /** By id: the kind of event. */
  readonly kinds: ReadonlyMap<number, Attribute>;
  /** By id: the event of the model that stands for it. One that is gone makes room for another. */
  readonly events: ReadonlyMap<number, number>;
  /** How many events of the model that takes. */
  readonly eventCount: number;
  readonly harts: number;
  /** By the id of a leader: its own number in its group (0), and those of its siblings in order of opening. */
  readonly groups: ReadonlyMap<number, ReadonlyMap<number, number>>;
  /** The lines that are the last of their event. */
  readonly last: ReadonlySet<number>;
  /** By pid: the last line of that task. */
  readonly lastOfTask: ReadonlyMap<number, number>;
  /** By {@link counterKey}: how far the counter that the driver reads is ahead of the `csr` that the trace shows. */
  readonly ahead: ReadonlyMap<string, Ahead>;
  /** By line that does not show the counter, nor reads it for sure: what it is known to have come to when a later line of its hart read it. */
  readonly next: ReadonlyMap<number, Word>;
  /** By line that starts an event and does not show the counter: what the next callback of its hart that stops or reads an event left in `prev_count`. */
  readonly left: ReadonlyMap<number, Word>;
}

/** At least and at most so many ticks. */
export interface Ahead {
  readonly least: bigint;
  readonly most: bigint;
}

/** One counter of one hart. */
export const counterKey = (cpu: number, counter: Counter): string => `${cpu} ${counter}`;

type CounterOf = (line: CallbackLine) => Counter | undefined;

/** Goes through a trace of a driver of this PMU once. */
export function indexTrace(lines: readonly TraceLine[], pmu: Pmu = RISCV_BASE_PMU): TraceIndex {
  const kinds = kindsIn(lines, pmu);
  const counters = new Map([...new Set(kinds.values())].map((kind) => [kind, countersOf(pmu, kind)]));
  const counterOf: CounterOf = ({ id, before, after }) => {
    const [counter, ...others] = counters.get(kinds.get(id)!)!;
    if (others.length === 0) return counter;
    const idx = before.idx !== undefined && before.idx >= 0 ? before.idx : (after.idx ?? -1);
    return idx < 0 ? undefined : counterAt(idx);
  };
  const calls = lines.filter((line) => line.cb !== 'mark');
  const lastOf = lastLines(calls);
  const lastOfTask = new Map<number, number>();
  for (const { pid, line } of lines) lastOfTask.set(pid, line);
  return {
    pmu,
    counterOf,
    kinds,
    ...numberEvents(calls, lastOf),
    harts: hartsIn(calls),
    groups: groupsIn(calls),
    last: new Set(lastOf.values()),
    lastOfTask,
    ahead: countersIn(calls, counterOf),
    ...readingsIn(calls, counterOf),
  };
}

/** How many events of the model a trace takes, and how many harts. */
export function sizeIn(calls: readonly CallbackLine[]): Pick<TraceIndex, 'eventCount' | 'harts'> {
  return { eventCount: numberEvents(calls, lastLines(calls)).eventCount, harts: hartsIn(calls) };
}

const hartsIn = (calls: readonly CallbackLine[]): number => 1 + calls.reduce((most, { cpu }) => Math.max(most, cpu), 0);

/** By id: the last line of that event. */
function lastLines(calls: readonly CallbackLine[]): Map<number, number> {
  const last = new Map<number, number>();
  for (const { id, line } of calls) last.set(id, line);
  return last;
}

function kindsIn(lines: readonly TraceLine[], pmu: Pmu): Map<number, Attribute> {
  const notes = new Map<number, string>();
  const asks = new Map<number, Asks>();
  const sampling = new Set<number>();
  for (const line of lines) {
    if (line.cb === 'mark') {
      if (line.text.startsWith('> perf_event_open ')) notes.set(line.pid, line.text);
    } else if (line.cb === 'event_init')
      asks.set(
        line.id,
        line.asks ??
          ((line.parent !== undefined && asks.get(line.parent)) ||
            asksOf(line.via === 'open' ? noteOf(line, notes) : '')),
      );
    // The core stops and starts only an event that it wants to sample.
    else if (line.cb === 'stop' || line.cb === 'start') sampling.add(line.id);
  }
  const kinds = new Map<number, Attribute>();
  const mapped = mappedOn(pmu);
  for (const line of lines)
    if (line.cb !== 'mark' && !kinds.has(line.id)) {
      const asked = asks.get(line.id) ?? { sampling: false, modifier: false };
      kinds.set(
        line.id,
        kindOf(line.type, line.config, sampling.has(line.id) ? { ...asked, sampling: true } : asked, mapped),
      );
    }
  return kinds;
}

/** The note that a task made before it opened this event. */
function noteOf({ pid, type }: CallbackLine, notes: ReadonlyMap<number, string>): string {
  const note = notes.get(pid) ?? '';
  return note.includes(` type=${type} `) ? note : '';
}

function numberEvents(calls: readonly CallbackLine[], lastOf: ReadonlyMap<number, number>) {
  const events = new Map<number, number>();
  const free: { readonly event: number; readonly last: CallbackLine }[] = [];
  /** By task: its last line, as far as that shows that what the task did before has returned. */
  const latest = new Map<number, CallbackLine>();
  let eventCount = 0;
  for (const call of calls) {
    const { id, cb, ret, line, pid } = call;
    const before = latest.get(pid);
    if (before === undefined || mustHaveReturned(before, call)) latest.set(pid, call);
    let event = events.get(id);
    if (event === undefined) {
      const over = free.findIndex(({ last }) => mustHaveReturned(last, call) || latest.get(last.pid)!.line > last.line);
      const used = over < 0 && free.length > SPARE ? 0 : over;
      event = used < 0 ? eventCount++ : free.splice(used, 1)[0]!.event;
      events.set(id, event);
    }
    const gone = cb === 'event_destroy' || (cb === 'event_init' && ret !== undefined && ret !== 0);
    if (gone && lastOf.get(id) === line) free.push({ event, last: call });
  }
  return { events, eventCount };
}

function groupsIn(calls: readonly CallbackLine[]): Map<number, Map<number, number>> {
  const groups = new Map<number, Map<number, number>>();
  for (const { cb, id, leader } of calls)
    if (cb === 'event_init' && leader !== undefined) {
      const members = groups.get(leader) ?? new Map([[leader, 0]]);
      if (!members.has(id)) members.set(id, members.size);
      groups.set(leader, members);
    }
  return groups;
}

/**
 * A recorder may show the bare register where the driver reads one that is a constant ahead of it. The first reading that a callback
 * leaves in `prev_count` tells: it was made between the two values of `csr` around the callback, or so much after them.
 */
function countersIn(calls: readonly CallbackLine[], counterOf: CounterOf): Map<string, Ahead> {
  const ahead = new Map<string, Ahead>();
  for (const call of calls) {
    const { cpu, before, after } = call;
    const counter = counterOf(call);
    if (counter === undefined || after.prev === undefined || before.prev === after.prev) continue;
    const key = counterKey(cpu, counter);
    if (ahead.has(key) || before.csr === undefined || after.csr === undefined) continue;
    const read = BigInt(after.prev);
    const [least, most] = [read - BigInt(after.csr), read - BigInt(before.csr)];
    ahead.set(key, least <= 0n && 0n <= most ? { least: 0n, most: 0n } : { least, most });
  }
  return ahead;
}

/** Goes backwards: a counter that is not shown was then no further than where it is read next. */
function readingsIn(calls: readonly CallbackLine[], counterOf: CounterOf): Pick<TraceIndex, 'next' | 'left'> {
  const next = new Map<number, Word>();
  const left = new Map<number, Word>();
  /** By CPU and counter: what a later callback read of it, and what one left. */
  const later: Map<Counter, { reading?: Word; leave?: Word }>[] = [];
  for (let index = calls.length - 1; index >= 0; index--) {
    const call = calls[index]!;
    const { cpu, cb, line, before, after } = call;
    const counter = counterOf(call);
    if (counter === undefined || after.csr !== undefined) continue;
    const ofCpu = later[cpu] ?? new Map();
    later[cpu] = ofCpu;
    const seen = ofCpu.get(counter) ?? {};
    ofCpu.set(counter, seen);
    const reads = before.prev !== undefined && after.prev !== undefined && before.prev !== after.prev;
    // There may be millions of lines: kept is what can be asked for.
    const isAsked = call.irqoff && !(reads && cb === 'read');
    if (seen.reading !== undefined && isAsked) next.set(line, seen.reading);
    if (seen.leave !== undefined && (cb === 'add' || cb === 'start')) left.set(line, seen.leave);
    if (after.prev === undefined) continue;
    if (cb === 'del' || cb === 'stop' || cb === 'read') seen.leave = after.prev;
    if (reads) seen.reading = after.prev;
  }
  return { next, left };
}
