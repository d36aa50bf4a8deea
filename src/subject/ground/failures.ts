import { binding } from '../../../machines/core/binding.ts';
import { enabledIn, stateAfter } from '../../../machines/core/enabled.ts';
import type { Bound } from './bind.ts';
import { interrupted } from './interrupted.ts';
import type { GroundMachine, Happening, StepView } from './machine.ts';
import { run } from './questionnaire.ts';
import type { Command, Step } from './step.ts';

/** Calls of one probe, or of one initcall, beyond this number are not failed. */
export const MOST_CALLS = 256;
/** Where a run begins. */
interface Start {
  readonly state: number;
  readonly view: StepView;
}

/** The state before the initcalls. */
const UNBOOTED = 0;

/** The kinds of events with which a device is unbound: one that the driver takes, and one that it opens and does not add. */
export interface Tried {
  readonly taken: number | undefined;
  readonly refused: number | undefined;
}

/**
 * Runs in which one call fails that can: in each the next one of the initcalls, then of probe; after a probe that has failed the
 * device is probed again, and after one that has not, unbound. Then those in which what is asked for is not there yet; those in which
 * a line is raised before probe ends, or while the device is unbound; and the ones in which the device is unbound, or the module goes,
 * where that is possible: before any event, while one is open, or active, and after one whose `add` is refused. What a driver takes
 * once and keeps for all devices there will ever be is not left.
 */
export function* failures(machine: GroundMachine, bound: Bound, tried: Tried): Generator<readonly Step[]> {
  for (const steps of runs(machine, bound, tried)) yield withoutKept(machine, bound, steps);
}

function* runs(machine: GroundMachine, bound: Bound, { taken, refused }: Tried): Generator<readonly Step[]> {
  const view = machine.boot.view ?? bound.view;
  const booted = { state: UNBOOTED, view };
  yield* failing(machine, bound, booted, { call: 'boot', event: -1 });
  yield* failing(machine, bound, booted, { call: 'boot', event: -1, defers: true });
  if (bound.number >= 0 && machine.boot.state !== undefined) {
    const [made, probe] = [{ state: machine.boot.state, view }, probeOf(bound)];
    yield* failing(machine, bound, made, probe);
    yield* failing(machine, bound, made, { ...probe, defers: true });
    yield* interrupted(machine, made, [probe]);
    yield* interrupted(machine, made, [probe, UNBIND]);
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

const EPROBE_DEFER = -517;
const UNBIND: Command = { call: 'remove', event: -1 };
const probeOf = ({ number, mode }: Bound): Command => ({ call: 'probe', event: number, kind: mode });

/** The call that was made to fail in a step, or that answered that what it is for is not there yet. */
export const failedIn = ({ happenings }: Step): Happening | undefined =>
  happenings.find(({ type }) => type === 'fails' || type === 'defers');

/** What comes after a probe, as the machine of the binding has it: the next probe, or the end of what is bound. */
function nextOf({ happenings }: Step, probe: Command): Command | undefined {
  const answer = happenings.findLast(({ type }) => type === 'probe')?.answer;
  if (answer === undefined) return undefined;
  const ended = stateAfter(
    binding,
    'probing',
    answer === 0 ? 'succeeds' : answer === EPROBE_DEFER ? 'defers' : 'fails',
  );
  const moves: Readonly<Record<string, Command>> = { probe, unbind: UNBIND };
  return enabledIn(binding, ended!).flatMap((type) => moves[type] ?? [])[0];
}

function* failing(
  machine: GroundMachine,
  bound: Bound,
  start: Start,
  { defers, ...again }: Command,
): Generator<readonly Step[]> {
  for (let flags = 1; flags <= MOST_CALLS; flags++) {
    const broken = { ...again, ...(defers && { defers }), flags };
    const [step] = run(machine, start, [broken]);
    // No call is left that could fail.
    if (step === undefined || failedIn(step) === undefined) return;
    yield [step];
    // What was left may well be in the way of the next.
    const isClean = !withoutKept(machine, bound, [step])[0]!.happenings.some(
      ({ type }) => type === 'left' || type === 'changed',
    );
    const next = again.call === 'probe' && isClean ? nextOf(step, again) : undefined;
    const both = next === undefined ? [] : run(machine, start, [broken, next]);
    if (both.length === 2) yield both;
  }
}

const hasLeft = (step: Step | undefined): boolean => step?.happenings.some(({ type }) => type === 'left') ?? false;

/** A run whose last step is told without what the driver keeps there for all devices that will ever be bound. */
function withoutKept(machine: GroundMachine, bound: Bound, steps: readonly Step[]): readonly Step[] {
  const last = steps.at(-1);
  if (last === undefined || bound.number < 0 || machine.boot.state === undefined || !hasLeft(last)) return steps;
  const again = onceMore(machine, { state: machine.boot.state, view: bound.view }, bound, last);
  return again === undefined ? steps : [...steps.slice(0, -1), lessKept(last, again)];
}

/** The second time that a device is unbound, or that the same call of its probe fails; undefined where that one is not made again. */
function onceMore(machine: GroundMachine, made: Start, bound: Bound, { command }: Step): Step | undefined {
  const probe = probeOf(bound);
  if (command.call === 'remove') return run(machine, made, [probe, UNBIND, probe, UNBIND])[3];
  if (command.call !== 'probe' || command.flags === undefined) return undefined;
  const [first] = run(machine, made, [command]);
  const failed = first === undefined ? undefined : failedIn(first);
  // What is not taken again is not counted: the number of the call is no greater.
  for (let flags = command.flags; flags > 0; flags--) {
    const second = run(machine, made, [command, { ...command, flags }])[1];
    const again = second === undefined ? undefined : failedIn(second);
    if (again !== undefined && again.at === failed?.at && again.what === failed.what) return second;
  }
  return undefined;
}

/** What the same calls, made once more, do not take again is kept; not what lies in memory that was freed. */
function lessKept(step: Step, again: Step): Step {
  const isTaken = ({ at, what }: Happening) =>
    again.happenings.some((other) => other.type === 'left' && other.at === at && other.what === what);
  return { ...step, happenings: step.happenings.filter((one) => one.type !== 'left' || one.freed || isTaken(one)) };
}
