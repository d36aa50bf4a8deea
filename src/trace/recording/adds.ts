import { ERRNO } from '../../facts/index.ts';
import type { RecordedCall } from './calls.ts';
import type { FormatName } from './formats.ts';
import type { Gap } from './gaps.ts';

/** What records through an event of perf of its own, which the core takes off a CPU before it brings in pinned events. */
const THROUGH_PERF: readonly FormatName[] = ['perf', 'bpftrace'];

/**
 * Where `add`s are missing without a mark. At a context switch the core takes the tracer's own event off the CPU, and what it adds
 * before it brings that back is recorded by nobody: pinned events, as a rule. It shows where an event runs that was not added.
 */
export function lostAdds(calls: readonly RecordedCall[], format: FormatName): Gap[] {
  if (!THROUGH_PERF.includes(format)) return [];
  const gaps: Gap[] = [];
  /** By address: the last call that left the event off all CPUs. */
  const off = new Map<string, RecordedCall>();
  /** By address: whether it is pinned, as its leader is; where the recorder shows that. */
  const pinned = new Map<string, boolean>();
  for (const call of calls) {
    const { callback, event, entry } = call;
    if (callback === 'event_init') {
      const own = entry.values.integerIf('pinned');
      const leader = entry.values.addressIf('leader') ?? event;
      const isPinned = leader === event || !pinned.has(leader) ? own : Number(pinned.get(leader));
      if (isPinned === undefined) pinned.delete(event);
      else pinned.set(event, isPinned !== 0);
    }
    // Nothing else than a pinned event is brought in while the tracer is off: what is not pinned was added where that is recorded.
    if (pinned.get(event) === false) continue;
    const before = off.get(event);
    if (callback === 'event_destroy') off.delete(event);
    else if (callback === 'event_init' || callback === 'del') {
      if (callback === 'del' && before !== undefined) gaps.push(gap(before, call));
      off.set(event, call);
    } else if (callback === 'add') {
      if (call.exit?.values.integerIf('ret') === -ERRNO.ENOSPC) off.set(event, call);
      else off.delete(event);
    } else if (before !== undefined && entry.values.integerIf('evstate') === 1) {
      gaps.push(gap(before, call));
      off.delete(event);
    }
  }
  return gaps;
}

const gap = ({ entry: last, exit = last }: RecordedCall, { event, entry }: RecordedCall): Gap => ({
  what: `the tracer lost an add of event 0x${event} before line ${entry.line}: what perf and bpftrace record is off while the core brings in pinned events (ftrace's own buffer has them)`,
  from: exit.time,
  to: entry.time,
});
