import type { Bound } from './bind.ts';
import { counterOf, selects } from './counting.ts';
import type { GroundMachine, StepView } from './machine.ts';
import { learn } from './properties/counters.ts';
import { type AskedKind, answerOf, type Command, type Offence, type Step, textOf, writesOf } from './step.ts';

const STOPPED = 1;

/** Calls made one after the other from where the driver is bound, as steps; cut where one cannot be made or does not end. */
export function run(
  machine: GroundMachine,
  { state, view }: { state: number; view: StepView },
  commands: readonly Command[],
): Step[] {
  const steps: Step[] = [];
  let [at, before]: [number | undefined, StepView] = [state, view];
  for (const command of commands) {
    if (at === undefined) break;
    const done = machine.perform(at, textOf(command));
    if (done === null) break;
    steps.push({ command, before, after: done.view, happenings: done.happenings, states: [at, done.state] });
    [at, before] = [done.state, done.view ?? before];
  }
  return steps;
}

/** What one kind of event comes to on an idle PMU. */
export interface Answer {
  readonly kind: AskedKind;
  readonly accepted: boolean;
  readonly steps: readonly Step[];
  /** The counter that it gets, and what is written for it: kinds that agree in both are alike. */
  readonly signature: string | undefined;
}

/** Asks for one kind of event: opens it, adds it, takes it out and closes it. */
export function ask(machine: GroundMachine, start: { state: number; view: StepView }, kind: AskedKind): Answer {
  const event = 0;
  const steps = run(machine, start, [
    { call: 'open', event, kind: kind.number },
    { call: 'add', event },
    { call: 'del', event },
    { call: 'close', event },
  ]);
  const accepted = steps[0]?.after?.events[event]?.phase === 'open';
  const added = steps[1];
  const signature =
    added?.after === undefined || answerOf(added, 'add', event) !== 0
      ? undefined
      : `${added.after.events[event]?.idx} ${writesOf(added.happenings).join()}`;
  return { kind, accepted, steps, signature };
}

/** What is learned of a driver before it is searched. */
export interface Learned {
  readonly writes: Map<number, Set<string>>;
  readonly values: Set<string>;
  openRefs: number;
  usesStopped: boolean;
  readsCounters: boolean;
  readonly counters: Map<number, number>;
  readonly selections: Map<number, string>;
}

/** Looks at steps that were run for what tells a search which registers are whose. */
export function learnFrom(learned: Learned, steps: readonly Step[]): void {
  for (const step of steps) {
    learn(learned.writes, step);
    for (const { state = 0 } of step.after?.events ?? []) if (state & STOPPED) learned.usesStopped = true;
    const asks = step.happenings.some(({ type }) => ['read', 'guess', 'ecall'].includes(type));
    if (step.command.call === 'del' && asks) learned.readsCounters = true;
    if (step.command.call === 'read')
      for (const { type, bus, address } of step.happenings)
        if (type === 'read' || type === 'guess') learned.values.add(`${bus} ${address}`);
    learnCounter(learned.counters, step);
    const event = step.after?.events[step.command.event];
    if (step.command.call === 'open' && event !== undefined) learned.openRefs = Math.max(learned.openRefs, event.refs);
  }
}

/** The counter that a driver reads for an event is the event's, if it reads one alone. */
function learnCounter(counters: Map<number, number>, { command: { call, event }, before, happenings }: Step): void {
  const { idx = -1 } = before.events[event] ?? {};
  if (!['read', 'del'].includes(call) || idx < 0 || counters.has(idx)) return;
  const read = new Set(
    happenings.flatMap(({ type, counter }) =>
      (type === 'read' || type === 'ecall') && typeof counter === 'number' && counter !== -1 ? [counter] : [],
    ),
  );
  if (read.size === 1) counters.set(idx, [...read][0]!);
}

/** What the counter of an event selects while it is the only one. */
export function learnSelection({ counters, selections }: Learned, { kind, steps }: Answer, perHart: boolean): void {
  const [after, event] = [steps[1]?.after, steps[1]?.after?.events[0]];
  if (after === undefined || event === undefined) return;
  const counter = counterOf(event, { counters });
  const selected = counter === undefined ? undefined : selects(after, event, counter, { perHart });
  if (selected !== undefined) selections.set(kind.number, selected);
}

/** Adds some events of kinds in turn, and reads them, so that each counter's registers are seen. */
export const addAll = (
  machine: GroundMachine,
  start: Bound & { view: StepView },
  kinds: readonly AskedKind[],
): Step[] =>
  run(
    machine,
    start,
    kinds.flatMap(({ number: kind }, event) => [
      { call: 'open' as const, event, kind },
      { call: 'add' as const, event },
      { call: 'read' as const, event },
    ]),
  );

/** What a device is told in a run, but for the values that only time gives. */
const told = (steps: readonly Step[]): string =>
  JSON.stringify(
    steps.flatMap(({ happenings }) =>
      happenings.filter(({ type }) => type === 'write' || type === 'ecall').map(({ at: _, ...rest }) => rest),
    ),
  );

/**
 * Compares an event that has one attribute more with the same event without: where it is accepted, and the device is told
 * exactly the same, the attribute is not honoured.
 */
export function notHonoured(
  plain: Answer,
  withAttribute: Answer,
  delivers: boolean,
): Omit<Offence, 'property'> | undefined {
  const { kind, accepted, steps } = withAttribute;
  const opened = steps[0];
  if (!accepted || opened === undefined || steps[1] === undefined || plain.steps[1] === undefined) return undefined;
  if (kind.name === 'sample_period')
    return delivers
      ? undefined
      : {
          text: 'event_init accepts a sampling event, and the driver never calls perf_event_overflow: no sample comes',
        };
  if (answerOf(steps[1], 'add', 0) !== 0) return undefined;
  const device = told(steps.slice(0, 2));
  if (device === '[]' || device !== told(plain.steps.slice(0, 2))) return undefined;
  return { text: `event_init accepts ${kind.name}, and the device is told the same as without it` };
}
