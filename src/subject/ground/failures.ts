import type { Bound } from './bind.ts';
import type { GroundMachine, StepView } from './machine.ts';
import { run } from './questionnaire.ts';
import { type Command, type Step, textOf } from './step.ts';

/** Calls of one probe, or of one initcall, beyond this number are not failed. */
const MOST = 64;
/** The state before the initcalls. */
const UNBOOTED = 0;

/**
 * Runs in which one call fails that can: in each the next one of the initcalls, then of probe; and the ones in which the device is
 * unbound: before any event, and, if the driver takes events of some kind, while there is one.
 */
export function* failures(machine: GroundMachine, bound: Bound, kind: number | undefined): Generator<readonly Step[]> {
  const view = machine.boot.view ?? bound.view;
  yield* failing(machine, UNBOOTED, view, { call: 'boot', event: -1 });
  if (bound.number >= 0 && machine.boot.state !== undefined)
    yield* failing(machine, machine.boot.state, view, { call: 'probe', event: bound.number, kind: bound.mode });
  const remove: Command = { call: 'remove', event: -1 };
  for (const before of kind === undefined ? [[]] : [[], [{ call: 'open', event: 0, kind } as const]]) {
    const steps = run(machine, bound, [...before, remove]);
    if (steps.at(-1)?.command === remove) yield steps;
  }
}

function* failing(machine: GroundMachine, state: number, view: StepView, command: Command): Generator<readonly Step[]> {
  for (let number = 1; number <= MOST; number++) {
    const step = perform(machine, state, view, { ...command, flags: number });
    // No call is left that could fail.
    if (step?.happenings.some(({ type }) => type === 'fails') !== true) return;
    yield [step];
  }
}

function perform(machine: GroundMachine, state: number, before: StepView, command: Command): Step | undefined {
  const done = machine.perform(state, textOf(command));
  return done === null ? undefined : { command, before, after: done.view, happenings: done.happenings };
}
