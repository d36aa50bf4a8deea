import { type Fact, PERF_EF } from '../facts/index.ts';

/** A fact in short, as a person would say it at the place where it happens: `event_init(cycles)`, `lock`, `read → driver`. */
export function factText(fact: Fact): string {
  switch (fact.type) {
    case 'event_init.call':
      return `event_init(${fact.attribute})`;
    case 'event_init.return':
    case 'add.return':
      return `${callOf(fact)} → ${answerText(fact.answer)}`;
    case 'add.call':
    case 'del.call':
    case 'start.call':
    case 'stop.call':
      return `${callOf(fact)}(${flagsText(fact.flags)})`;
    case 'destroy.call':
    case 'read.call':
      return `${callOf(fact)}()`;
    case 'destroy.return':
    case 'del.return':
    case 'start.return':
    case 'stop.return':
    case 'read.return':
      return `${callOf(fact)} returns`;
    case 'event.free':
      return 'freed';
    case 'active_events.inc':
    case 'active_events.dec':
      return `${stepText(fact.type)} → ${fact.value}`;
    case 'n_events.inc':
    case 'n_events.dec':
      return `n_events ${stepText(fact.type)} → ${fact.value}`;
    case 'mutex.lock':
    case 'mutex.wait':
    case 'mutex.unlock':
      return fact.type.slice('mutex.'.length);
    case 'perf_irq.read':
      return `read → ${fact.owner}`;
    case 'perf_irq.write':
      return `write ${fact.owner}`;
    case 'request_irq':
      return `request_irq → ${fact.owner === 'nobody' ? '0' : '-EBUSY'}`;
    case 'free_irq':
      return 'free_irq';
    case 'slots.compare':
      return `events[${fact.idx}] == event ${fact.event} → ${fact.same}`;
    case 'slots.read':
      return `n_events → ${fact.nEvents}`;
    case 'slots.write':
      return `events[${fact.idx}] = ${fact.bound ? `event ${fact.event}` : 'NULL'}`;
    case 'csr.read':
      return `${fact.counter}${fact.half === 'high' ? 'h' : ''} → ${fact.value}`;
    case 'csr.write':
      return `${fact.counter}${fact.half === 'high' ? 'h' : ''} = ${fact.value}`;
    case 'used_mask.read':
      return `used_mask → ${usedText(fact.used)}`;
    case 'used_mask.set':
      return `set bit ${fact.idx} of used_mask`;
    case 'used_mask.clear':
      return `clear bit ${fact.idx} of used_mask`;
    case 'overflow.call':
      return `${fact.counter} overflowed: interrupt`;
    case 'overflow.stray':
      return `${fact.counter} overflowed: interrupt, and no event`;
    case 'overflow.return':
      return 'interrupt returns';
    case 'hart.tick':
      return `${fact.counter} +${fact.ticks}`;
    case 'prev_count.read':
      return `prev_count → ${fact.value}`;
    case 'prev_count.set':
      return `prev_count = ${fact.value}`;
    case 'prev_count.cmpxchg':
      return `prev_count: ${fact.expected} → ${fact.value}${fact.found === fact.expected ? '' : `, found ${fact.found}`}`;
    case 'count.add':
      return `count += ${fact.delta}`;
    case 'userpage.update':
      return 'update user page';
    case 'warn':
      return `WARN in ${fact.site}`;
    case 'pr_warn':
      return 'pr_warn: PMC busy';
    case 'read_counter.default':
      return `read_counter(${fact.idx}) → −EINVAL`;
    case 'foreign.take':
      return 'take';
    case 'foreign.release':
      return 'release';
    default:
      return ofRealCode(fact);
  }
}

/** What only real code does: a crash, undefined behaviour. */
function ofRealCode(fact: { readonly type: string; readonly signal?: string; readonly kind?: string }): string {
  if (fact.type === 'crash') return `crashes (${fact.signal})`;
  return fact.type === 'undefined' ? `undefined behaviour: ${fact.kind}` : fact.type;
}

/** What a person would see in the kernel's log, or should. */
export const isAlarm = (type: string): boolean =>
  ['warn', 'pr_warn', 'read_counter.default', 'crash', 'undefined'].includes(type);

/** A bitmap as the indices of its bits. */
export const usedText = (used: readonly boolean[]): string =>
  `{${used.flatMap((is, idx) => (is ? [idx] : [])).join(', ')}}`;

const stepText = (type: string): string => (type.endsWith('inc') ? '+1' : '−1');

const callOf = ({ type }: Fact): string => type.split('.')[0]!;

export const answerText = (answer: string | number): string => (answer === 0 ? '0' : `−${answer}`);

/** Flags of a callback by their kernel names, without the prefix that all share. */
function flagsText(flags: number): string {
  const names = Object.entries(PERF_EF).filter(([, bit]) => (flags & bit) !== 0);
  return names.length === 0 ? '0' : names.map(([name]) => name).join(' | ');
}
