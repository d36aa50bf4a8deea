import { usedText } from '../diagrams/fact-text.ts';
import { type Answer, endOfCall, type Fact, isTick, PERF_EF, plus, type Role, type Word } from '../facts/index.ts';
import { changes, countsAlong, OWNER, observe } from './observe.ts';
import type { Place, Trace } from './trace.ts';

/** One line of a counterexample as a person reads it. */
export interface Row {
  /** The number of its first fact in the log, from 1. */
  readonly position: number;
  /** The number of its last fact. */
  readonly end: number;
  readonly who: string;
  readonly what: string;
  /** `function:line` of the C, where the row stands for some. */
  readonly where: string;
  /** The place in the C at which it is, or ends; a call stands where its function begins. */
  readonly place?: Place;
  /** What is different after it. */
  readonly changed: readonly string[];
}

/** How finely a log is shown. */
export type Detail = 'callbacks' | 'facts';

/**
 * A log as a table. By `callbacks`, a callback that nothing interrupts is one row, and one that others interleave with
 * is shown step by step; by `facts`, each fact is a row. What changed is shown of the machines of `roles`, or of all.
 */
export function rowsOf(
  trace: Trace,
  { detail = 'callbacks', roles }: { detail?: Detail; roles?: ReadonlySet<Role> } = {},
): Row[] {
  const { system, log, states, beginning } = trace;
  const counts = countsAlong(system, log, beginning?.counts);
  const seen = states.map((state, position) => observe(system, state, counts[position]!, roles));
  const before = beginning?.folded ?? 0;
  return segments(log, detail).map(([from, to]) => {
    const place = placeIn(trace, from, to);
    return {
      position: before + from + 1,
      end: before + to,
      who: whoDoes(log, from),
      what: to - from === 1 ? factInC(log[from]!) : callbackText(log.slice(from, to)),
      where: whereOf(trace, from, to),
      ...(place && { place }),
      changed: changes(seen[from]!, seen[to]!),
    };
  });
}

/** Cuts a log into rows: [first, one after the last). */
export function segments(log: readonly Fact[], detail: Detail): [number, number][] {
  const rows: [number, number][] = [];
  for (let from = 0; from < log.length; ) {
    const to = detail === 'callbacks' ? endOfCall(log, from) : from + 1;
    const last = rows.at(-1);
    // Ticks of one counter in a row are one passage of time.
    if (detail === 'callbacks' && last && isTick(log[from]!) && sameTick(log[last[0]]!, log[from]!)) last[1] = to;
    else rows.push([from, to]);
    from = to;
  }
  return rows;
}

const sameTick = (a: Fact, b: Fact): boolean => isTick(a) && isTick(b) && a.hart === b.hart && a.counter === b.counter;

function whereOf({ places }: Trace, from: number, to: number): string {
  const known = places.slice(from, to).filter((place) => place !== undefined);
  const last = known.at(-1);
  if (last === undefined) return '';
  if (to - from === 1) return placeText(last);
  // A whole callback: its own function. In C it returns at the head of that; what it did before was perhaps in a helper.
  return last.file === undefined ? known[0]!.function : placeText(last);
}

const placeText = (place: Place): string => `${place.function}:${range(place.lines)}`;

function placeIn({ log, places }: Trace, from: number, to: number): Place | undefined {
  const last = places.slice(from, to).findLast((place) => place !== undefined);
  return last ?? (log[from]!.type.endsWith('.call') ? places[from + 1] : undefined);
}

/** Lines as `10` or `10-12`. */
export const range = ([first, last]: readonly [number, number]): string =>
  first === last ? `${first}` : `${first}-${last}`;

/** Who does the fact at that place of a log: a hart, the task that opens or closes an event, or another owner. */
export function whoDoes(log: readonly Fact[], at: number): string {
  const fact = log[at]!;
  if ('hart' in fact) return `hart ${fact.hart}`;
  if (!('event' in fact)) return 'other owner';
  for (let earlier = at; earlier >= 0; earlier--) {
    const call = log[earlier]!;
    if (!('event' in call) || call.event !== fact.event || !call.type.endsWith('.call')) continue;
    return 'hart' in call ? `hart ${call.hart}` : `task of event ${fact.event}`;
  }
  return `task of event ${fact.event}`;
}

/** A callback that nobody interrupts, with its answer and warnings, or ticks in a row. */
export function callbackText(facts: readonly Fact[]): string {
  const call = facts[0]!;
  const returned = facts.at(-1)!;
  const warned = facts.flatMap((fact) => (fact.type === 'warn' ? [` WARN_ON_ONCE in ${fact.site}`] : []));
  if (isTick(call)) {
    const ticks = facts.filter(isTick).reduce((sum, fact) => plus(sum, fact.ticks, 64), 0 as Word);
    return `${call.counter} advances by ${ticks}`;
  }
  const answer = 'answer' in returned ? ` = ${answered(returned.answer)}` : '';
  return `${factInC(call)}${answer}${warned.join(';')}`;
}

// An errno that has no name here comes as the negative number that it is.
const answered = (answer: Answer): string => (/^-?\d/.test(`${answer}`) ? `${answer}` : `-${answer}`);

function flagNames(flags: number): string {
  const names = Object.entries(PERF_EF).flatMap(([name, bit]) => ((flags & bit) === 0 ? [] : [`PERF_EF_${name}`]));
  return names.length === 0 ? '0' : names.join('|');
}

/** A fact in the words of the C. */
export function factInC(fact: Fact): string {
  switch (fact.type) {
    case 'event_init.call':
      return `event_init(event ${fact.event}: ${fact.attribute})`;
    case 'event_init.return':
      return `event_init returns ${answered(fact.answer)}`;
    case 'destroy.call':
      return `destroy(event ${fact.event})`;
    case 'event.free':
      return `event ${fact.event} is freed`;
    case 'add.call':
    case 'del.call':
    case 'start.call':
    case 'stop.call':
      return `${fact.type.replace('.call', '')}(event ${fact.event}, ${flagNames(fact.flags)})`;
    case 'read.call':
      return `read(event ${fact.event})`;
    case 'add.return':
      return `add returns ${answered(fact.answer)}`;
    case 'destroy.return':
    case 'del.return':
    case 'start.return':
    case 'stop.return':
    case 'read.return':
      return `${fact.type.replace('.return', '')} returns`;
    case 'active_events.inc':
      return `atomic_inc_return(&riscv_active_events) = ${fact.value}`;
    case 'active_events.dec':
      return `atomic_dec_return(&riscv_active_events) = ${fact.value}`;
    case 'mutex.lock':
      return 'mutex_lock(&pmc_reserve_mutex)';
    case 'mutex.wait':
      return 'mutex_lock(&pmc_reserve_mutex) waits';
    case 'mutex.unlock':
      return 'mutex_unlock(&pmc_reserve_mutex)';
    case 'perf_irq.read':
      return `reads perf_irq: ${OWNER[fact.owner]}`;
    case 'perf_irq.write':
      return `perf_irq = ${OWNER[fact.owner]}`;
    case 'request_irq':
      return `request_irq() = ${fact.owner === 'nobody' ? '0' : '-EBUSY'}`;
    case 'free_irq':
      return 'free_irq()';
    case 'slots.compare':
      return `events[${fact.idx}] == event ${fact.event}: ${fact.same}`;
    case 'slots.read':
      return `reads n_events: ${fact.nEvents}`;
    case 'slots.write':
      return `events[${fact.idx}] = ${fact.bound ? `event ${fact.event}` : 'NULL'}`;
    case 'n_events.inc':
      return `n_events++ → ${fact.value}`;
    case 'n_events.dec':
      return `n_events-- → ${fact.value}`;
    case 'csr.read':
      return `csr_read(${fact.counter}${fact.half === 'high' ? 'h' : ''}) = ${fact.value}`;
    case 'csr.write':
      return `csr_write(${fact.counter}${fact.half === 'high' ? 'h' : ''}, ${fact.value})`;
    case 'used_mask.read':
      return `reads used_mask: ${usedText(fact.used)}`;
    case 'used_mask.set':
      return `set_bit(${fact.idx}, used_mask)`;
    case 'used_mask.clear':
      return `clear_bit(${fact.idx}, used_mask)`;
    case 'overflow.call':
      return `interrupt: ${fact.counter} overflowed (event ${fact.event})`;
    case 'overflow.stray':
      return `interrupt: ${fact.counter} overflowed, and its slot is empty`;
    case 'overflow.return':
      return 'the handler returns';
    case 'hart.tick':
      return `${fact.counter} advances by ${fact.ticks}`;
    case 'prev_count.read':
      return `reads prev_count: ${fact.value}`;
    case 'prev_count.set':
      return `prev_count = ${fact.value}`;
    case 'prev_count.cmpxchg':
      return `local64_cmpxchg(&prev_count, ${fact.expected}, ${fact.value}) = ${fact.found}`;
    case 'count.add':
      return `local64_add(${fact.delta}, &count)`;
    case 'userpage.update':
      return 'perf_event_update_userpage()';
    case 'warn':
      return `WARN_ON_ONCE in ${fact.site}`;
    case 'pr_warn':
      return 'pr_warn("PMC hardware busy")';
    case 'read_counter.default':
      return `read_counter(${fact.idx}) answers -EINVAL`;
    case 'foreign.take':
      return 'takes the PMC';
    case 'foreign.release':
      return 'gives the PMC back';
    default:
      // What only real code does: a crash, undefined behaviour.
      return JSON.stringify(fact);
  }
}
