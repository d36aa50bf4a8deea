import type { Bound } from './bind.ts';
import type { GroundMachine, Happening, StepView } from './machine.ts';
import { run } from './questionnaire.ts';
import type { Command, Step } from './step.ts';

/** Calls of one probe, or of one initcall, beyond this number are not failed. */
export const MOST_CALLS = 256;
/** The state before the initcalls. */
const UNBOOTED = 0;

/** The kinds of events with which a device is unbound: one that the driver takes, and one that it opens and does not add. */
export interface Tried {
  readonly taken: number | undefined;
  readonly refused: number | undefined;
}

/**
 * Runs in which one call fails that can: in each the next one of the initcalls, then of probe; after a probe that has failed the
 * device is probed again, and after one that has not, unbound. Then those in which what is asked for is not there yet; and the ones
 * in which the device is unbound, or the module goes, where that is possible: before any event, while one is open, or active, and
 * after one whose `add` is refused.
 */
export function* failures(machine: GroundMachine, bound: Bound, { taken, refused }: Tried): Generator<readonly Step[]> {
  const view = machine.boot.view ?? bound.view;
  const booted = { state: UNBOOTED, view };
  yield* failing(machine, booted, { call: 'boot', event: -1 });
  yield* failing(machine, booted, { call: 'boot', event: -1, defers: true });
  if (bound.number >= 0 && machine.boot.state !== undefined) {
    const [made, probe] = [
      { state: machine.boot.state, view },
      { call: 'probe', event: bound.number, kind: bound.mode } as const,
    ];
    yield* failing(machine, made, probe);
    yield* failing(machine, made, { ...probe, defers: true });
  }
  const event = 0;
  const open = (kind: number): Command => ({ call: 'open', event, kind });
  const lives: Command[][] = [[]];
  if (taken !== undefined) lives.push([open(taken)], [open(taken), { call: 'add', event }]);
  if (refused !== undefined) lives.push([open(refused), { call: 'add', event }, { call: 'close', event }]);
  const ends: Command[] = [UNBIND];
  if (machine.build.isModule) ends.push({ call: 'unload', event: -1 });
  for (const end of ends)
    for (const before of lives) {
      const steps = run(machine, bound, [...before, end]);
      if (steps.at(-1)?.command === end) yield steps;
    }
}

const UNBIND: Command = { call: 'remove', event: -1 };

/** The call that was made to fail in a step, or that answered that what it is for is not there yet. */
export const failedIn = ({ happenings }: Step): Happening | undefined =>
  happenings.find(({ type }) => type === 'fails' || type === 'defers');

function* failing(
  machine: GroundMachine,
  start: { state: number; view: StepView },
  { defers, ...again }: Command,
): Generator<readonly Step[]> {
  for (let flags = 1; flags <= MOST_CALLS; flags++) {
    const broken = { ...again, ...(defers && { defers }), flags };
    const [step] = run(machine, start, [broken]);
    // No call is left that could fail.
    if (step === undefined || failedIn(step) === undefined) return;
    yield [step];
    const probed = step.happenings.findLast(({ type }) => type === 'probe');
    // What was left may well be in the way of the next.
    const isClean = !step.happenings.some(({ type }) => type === 'left' || type === 'changed');
    if (again.call !== 'probe' || probed === undefined || !isClean) continue;
    const both = run(machine, start, [broken, probed.answer === 0 ? UNBIND : again]);
    if (both.length === 2) yield both;
  }
}
