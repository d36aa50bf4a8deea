import type { Bound } from './bind.ts';
import type { GroundMachine, StepView } from './machine.ts';
import { run } from './questionnaire.ts';
import { type Command, type Step, textOf } from './step.ts';

/** Calls of one probe, or of one initcall, beyond this number are not failed. */
const MOST = 64;
/** The state before the initcalls. */
const UNBOOTED = 0;

/** The kinds of events with which a device is unbound: one that the driver takes, and one that it opens and does not add. */
export interface Tried {
  readonly taken: number | undefined;
  readonly refused: number | undefined;
}

/**
 * Runs in which one call fails that can: in each the next one of the initcalls, then of probe; and the ones in which the device is
 * unbound, or the module goes, where that is possible: before any event, while one is open, or active, and after one whose `add` is
 * refused.
 */
export function* failures(machine: GroundMachine, bound: Bound, { taken, refused }: Tried): Generator<readonly Step[]> {
  const view = machine.boot.view ?? bound.view;
  yield* failing(machine, UNBOOTED, view, { call: 'boot', event: -1 });
  if (bound.number >= 0 && machine.boot.state !== undefined)
    yield* failing(machine, machine.boot.state, view, { call: 'probe', event: bound.number, kind: bound.mode });
  const event = 0;
  const open = (kind: number): Command => ({ call: 'open', event, kind });
  const lives: Command[][] = [[]];
  if (taken !== undefined) lives.push([open(taken)], [open(taken), { call: 'add', event }]);
  if (refused !== undefined) lives.push([open(refused), { call: 'add', event }, { call: 'close', event }]);
  const ends: Command[] = [{ call: 'remove', event: -1 }];
  if (machine.build.isModule) ends.push({ call: 'unload', event: -1 });
  for (const end of ends)
    for (const before of lives) {
      const steps = run(machine, bound, [...before, end]);
      if (steps.at(-1)?.command === end) yield steps;
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
