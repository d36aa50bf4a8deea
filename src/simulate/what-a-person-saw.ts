import { type Attribute, type Fact, plus, type System, type WarnSite, type Word } from '../facts/index.ts';

/** What `dmesg` would show: each `WARN_ON_ONCE` once, every `pr_warn`. */
export function kernelLog(log: readonly Fact[]): string[] {
  const warned = new Set<WarnSite>();
  return log.flatMap((fact) => {
    if (fact.type === 'pr_warn') return ['PMC hardware busy (reserved by oprofile)'];
    if (fact.type !== 'warn' || warned.has(fact.site)) return [];
    warned.add(fact.site);
    return [`WARNING: in ${fact.site}`];
  });
}

/** One event as `perf stat` shows it. */
export interface Counted {
  readonly event: number;
  readonly attribute: Attribute;
  /** What the driver counted, modulo 2^64. */
  readonly count: Word;
  /** How long it was open, and how long it ran, in facts. */
  readonly enabled: number;
  readonly running: number;
}

/** The events of a log in the order in which they were opened; those that were refused are left out. */
export function perfStat(system: System, log: readonly Fact[]): Counted[] {
  const all: Counted[] = [];
  const open = new Map<
    number,
    { attribute: Attribute; count: Word; opened: number; ran: number; since: number | null }
  >();
  const close = (event: number, at: number): void => {
    const record = open.get(event);
    if (record === undefined) return;
    const running = record.ran + (record.since === null ? 0 : at - record.since);
    all.push({ event, attribute: record.attribute, count: record.count, enabled: at - record.opened, running });
    open.delete(event);
  };
  const asked = new Map<number, Attribute>();
  for (const [at, fact] of log.entries()) {
    switch (fact.type) {
      case 'event_init.call':
        asked.set(fact.event, fact.attribute);
        break;
      case 'event_init.return':
        if (fact.answer === 0)
          open.set(fact.event, { attribute: asked.get(fact.event)!, count: 0, opened: at, ran: 0, since: null });
        break;
      case 'count.add': {
        const record = open.get(fact.event);
        if (record) record.count = plus(record.count, fact.delta, 64);
        break;
      }
      case 'add.return':
      case 'del.call': {
        const record = open.get(fact.event);
        if (!record) break;
        if (fact.type === 'add.return') record.since = fact.answer === 0 ? at : null;
        else if (record.since !== null) {
          record.ran += at - record.since;
          record.since = null;
        }
        break;
      }
      case 'destroy.call':
        close(fact.event, at);
        break;
    }
  }
  for (let event = 0; event < system.countOf('event'); event++) close(event, log.length);
  return all;
}

/** The count as `perf stat` prints it: scaled up when the event did not run all the time. */
export function shownCount({ count, enabled, running }: Counted): string {
  if (running === 0) return '<not counted>';
  const scaled = (BigInt(count) * BigInt(enabled)) / BigInt(running);
  const share = Math.round((running / enabled) * 10000) / 100;
  return `${scaled.toLocaleString('en')}${running === enabled ? '' : `  (${share.toFixed(2)}%)`}`;
}
