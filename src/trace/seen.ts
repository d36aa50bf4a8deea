import type { Local, Locals } from '../engine/compose/index.ts';
import { ERRNO, type Fact, plus, type Role, type System, type Word } from '../facts/index.ts';
import type { Call } from './call.ts';
import { COUNT_BITS } from './ledger.ts';
import type { CallbackLine, Snapshot } from './line.ts';
import { type Disagreement, machineName } from './refusal.ts';

/** `PERF_EVENT_STATE_ACTIVE`. */
const ACTIVE = 1;

/**
 * The first thing in which the model and the recorder disagree, at the entry or at the exit of a call; undefined if there is none.
 * `idOf` gives the id of an event of the model; a driver that `forgetsIndex` may show -1 as that of an event that has no slot.
 */
export function disagreement(
  system: System,
  state: Locals,
  call: Call,
  when: 'before' | 'after',
  idOf: (event: number) => number,
  forgetsIndex: boolean,
): Disagreement | undefined {
  const { line, event } = call;
  const seen: Partial<Snapshot> = line[when];
  const driver = contextOf(system, state, 'driver', event);
  const slots = contextOf(system, state, 'slots', line.cpu);
  const { prevCount } = contextOf(system, state, 'count', event);
  const { value } = contextOf(system, state, 'activeEvents', 0);
  // Today's drivers forget in `del` which counter it was; what an event without a slot has as its index says nothing.
  const clears = forgetsIndex && !slots.events.includes(event);
  return (
    whereabouts(call, seen, when) ??
    differs(when, 'driver', line.id, 'hw.state', driver.hwState, seen.state) ??
    differs(when, 'driver', line.id, 'idx', driver.idx, clears && seen.idx === -1 ? undefined : seen.idx) ??
    differs(when, 'count', line.id, 'prev_count', prevCount, seen.prev) ??
    differs(when, 'count', line.id, 'count', counted(call), seen.count) ??
    differs(when, 'slots', line.cpu, 'n_events', slots.nEvents, seen.n_events) ??
    (seen.slots && differs(when, 'slots', line.cpu, 'events[]', occupants(slots.events, idOf), `[${seen.slots}]`)) ??
    differs(when, 'activeEvents', undefined, 'riscv_active_events', value, seen.active)
  );
}

const contextOf = (system: System, state: Locals, role: Role, index: number): Local['context'] =>
  state[system.partOf(role, index)!]!.context;

const occupants = (events: readonly (number | null)[], idOf: (event: number) => number): string =>
  `[${events.map((occupant) => (occupant === null ? 0 : idOf(occupant)))}]`;

/** How a value differs from the one that the recorder saw; undefined if it does not, or nothing was seen. */
function differs(
  when: 'before' | 'after',
  role: Role,
  index: number | undefined,
  what: string,
  expected: unknown,
  found: unknown,
): Disagreement | undefined {
  if (found === undefined || expected === found) return undefined;
  const [text, foundText] = [String(expected), String(found)];
  if (text === foundText) return undefined;
  return { machine: machineName(role, index), what: `${what} ${when} the callback`, expected: text, found: foundText };
}

/** What `event->count` should be by now; undefined if what it was at the entry is not shown. */
const counted = ({ line, counted }: Call): Word | undefined =>
  line.before.count === undefined ? undefined : plus(line.before.count, counted, COUNT_BITS);

/** Interrupts are off in the callbacks of an event that the core holds ACTIVE, on its CPU, and in no others. */
function whereabouts({ line }: Call, { evstate, oncpu }: Partial<Snapshot>, when: string): Disagreement | undefined {
  if (evstate === undefined || oncpu === undefined) return undefined;
  const opensOrCloses = line.cb === 'event_init' || line.cb === 'event_destroy';
  const cpu = opensOrCloses ? -1 : line.cpu;
  if ((evstate === ACTIVE) === !opensOrCloses && oncpu === cpu && line.irqoff === !opensOrCloses) return undefined;
  const text = (active: boolean, cpu: number, irqoff: boolean) =>
    `${active ? 'ACTIVE' : 'not ACTIVE'}, on cpu ${cpu}, interrupts ${irqoff ? 'off' : 'on'}`;
  const expected = text(!opensOrCloses, cpu, !opensOrCloses);
  const found = text(evstate === ACTIVE, oncpu, line.irqoff);
  return {
    machine: machineName('lifecycle', line.id),
    what: `what the core has it as ${when} the callback`,
    expected,
    found,
  };
}

/** How the answer of a return differs from what the callback returned. */
export function answerDiffers({ id, ret }: CallbackLine, fact: Fact): Disagreement | undefined {
  if (!('answer' in fact) || ret === undefined) return undefined;
  const expected = fact.answer === 0 ? 0 : -ERRNO[fact.answer];
  if (expected === ret) return undefined;
  const text = (value: number | undefined) => {
    const name = Object.entries(ERRNO).find(([, number]) => number === -(value ?? 0))?.[0];
    return name === undefined ? `${value}` : `-${name} (${value})`;
  };
  return { machine: machineName('driver', id), what: 'the return value', expected: text(expected), found: text(ret) };
}

/** How the warnings that a callback printed differ from what its driver runs into: each site prints once, so that fewer can show. */
export function warningsDiffer({ line, warned }: Call): Disagreement | undefined {
  if (line.warned === undefined || line.warned <= warned) return undefined;
  const text = (count: number) => `${count} ${count === 1 ? 'warning' : 'warnings'}`;
  return {
    machine: machineName('driver', line.id),
    what: 'the warnings in the callback',
    expected: text(warned),
    found: text(line.warned),
  };
}
