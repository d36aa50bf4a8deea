import { type Attribute, attributeKind, ERRNO, type Fact } from '../../../src/facts/index.ts';
import type { CallbackName } from '../../../src/trace/line.ts';
import type { Recording } from '../../../src/trace/recording/read.ts';
import { POSTED } from '../../../src/trace/setup/index.ts';

/** The functions of the posted driver, by callback. */
export const functionOf = (callback: CallbackName): string => POSTED.functions[callback]!.name;

const CALLS = ['event_init', 'add', 'del', 'start', 'stop', 'read', 'destroy'] as const;

/** The calls and returns of a log of facts, a line each as calls.c reads them. */
export function callsOfLog(log: readonly Fact[]): string[] {
  const attributes = new Map<number, Attribute>();
  return log.flatMap((fact) => {
    const [name, side] = fact.type.split('.') as [(typeof CALLS)[number], string];
    if (!CALLS.includes(name) || !('event' in fact)) return [];
    const callback = functionOf(name === 'destroy' ? 'event_destroy' : name);
    if (fact.type === 'event_init.call') attributes.set(fact.event, fact.attribute);
    if (side === 'call') {
      const flags = 'flags' in fact ? fact.flags : 0;
      return [`call ${callback} ${fact.event} ${flags} ${attributeKind(attributes.get(fact.event)!).type}`];
    }
    const answer = 'answer' in fact && fact.answer !== 0 ? -ERRNO[fact.answer] : 0;
    const destroySet = 'destroySet' in fact ? fact.destroySet : true;
    return [`return ${callback} ${fact.event} ${answer} ${destroySet ? 1 : 0}`];
  });
}

/** All calls and returns of a recording, also those that the driver makes itself. */
export function callsOfRecording(recording: Recording): string[] {
  const hits = [...recording.hits].sort((one, other) => Number(one.time - other.time));
  const events = new Map<string, number>();
  const open: { callback: CallbackName; task: number; event: number }[] = [];
  const types = new Map<number, number>();
  return hits.flatMap(({ probe, task, values }, at) => {
    if (probe === 'warn') return [];
    const { callback, side } = probe;
    if (side === 'call') {
      const address = values.address('event');
      if (!events.has(address)) events.set(address, events.size);
      const event = events.get(address)!;
      types.set(event, values.integerIf('type') ?? 0);
      open.push({ callback, task, event });
      return [`call ${functionOf(callback)} ${event} ${values.integerIf('flags') ?? 0} ${types.get(event)}`];
    }
    const index = open.findLastIndex((call) => call.callback === callback && call.task === task);
    if (index < 0) return [];
    const { event } = open.splice(index, 1)[0]!;
    // Nothing shows event->destroy but that the core calls it next.
    const next = hits.slice(at + 1).find((hit) => hit.task === task);
    const isCalled =
      typeof next?.probe === 'object' && next.probe.callback === 'event_destroy' && next.probe.side === 'call';
    return [`return ${functionOf(callback)} ${event} ${values.integerIf('ret') ?? 0} ${isCalled ? 1 : 0}`];
  });
}
