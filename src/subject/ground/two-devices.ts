import { binding } from '../../../machines/core/binding.ts';
import { enabledIn, stateAfter } from '../../../machines/core/enabled.ts';
import { type Bound, guessText, otherWorlds } from './bind.ts';
import type { GroundMachine } from './machine.ts';
import { areTwo, type NotApart, notApart } from './properties/two-devices.ts';
import { run } from './questionnaire.ts';
import { BESIDE, type Command, type Step } from './step.ts';

/** A run with two devices, and the same one with the first alone; the calls that both have, by their place in the first. */
export interface Beside {
  readonly steps: readonly Step[];
  readonly alone: readonly (Step | undefined)[];
}

const beside = (flags: number): Command => ({ call: 'beside', event: -1, flags });

/** What may happen to two devices, of which the first is bound: the second comes; then one of both goes. */
function orders(): readonly (readonly Command[])[] {
  const comes = enabledIn(binding, 'unbound').map(() => beside(BESIDE.probeSecond));
  const bound = stateAfter(binding, 'probing', 'succeeds')!;
  const goes = enabledIn(binding, bound).includes('unbind') ? [BESIDE.unbindSecond, BESIDE.unbindFirst] : [];
  return comes.flatMap((probe) => goes.map((which) => [probe, beside(which)]));
}

/**
 * Runs in which a second device of a driver comes, and one of both goes: the second while an event of the first counts, which is read
 * before and after; the first without events, and events are then opened on the second. Each once more with a CPU that goes at last.
 * The first step of a run at which something differs from the driver with one device is the last one of the run.
 */
export function* besides(machine: GroundMachine, bound: Bound, kind: number): Generator<Beside> {
  const event = 0;
  const starts: Command[] = [
    { call: 'open', event, kind },
    { call: 'add', event },
  ];
  const ends: Command[] = [
    { call: 'read', event },
    { call: 'del', event },
    { call: 'close', event },
  ];
  const goes: Command = { call: 'offline', event: 0 };
  for (const [comes, leaves] of orders()) {
    const isFirst = leaves!.flags === BESIDE.unbindFirst;
    for (const rest of [ends, [goes, ...ends]])
      yield both(
        machine,
        bound,
        isFirst
          ? [comes!, leaves!, ...starts, ...rest]
          : [...starts, comes!, { call: 'read', event }, leaves!, ...rest],
      );
  }
}

/** What one run with two devices comes to: what is not apart in it, or why that is not known. */
interface Apart {
  readonly found: NotApart | undefined;
  readonly unknown: string | undefined;
}

/** What the runs with two devices of a driver come to; empty where it takes no second device, or has one `struct pmu` for all. */
export function apartness(machine: GroundMachine, bound: Bound, kind: number): Apart[] {
  return [...besides(machine, bound, kind)].flatMap((one, at) =>
    areTwo(one) ? [apartOf(machine, bound, kind, one, at)] : [],
  );
}

function apartOf(machine: GroundMachine, bound: Bound, kind: number, one: Beside, at: number): Apart {
  const found = notApart(one);
  const met = one.steps.flatMap(({ happenings }) => happenings).find(({ type }) => type === 'unknown');
  if (met !== undefined) return { found: undefined, unknown: `the driver calls ${met.what}, which nothing here has` };
  const guess = bound.guessed ?? found?.steps.map(({ happenings }) => guessText(happenings)).find((text) => text);
  if (found === undefined || !found.dependsOnDevice || guess === undefined) return { found, unknown: undefined };
  // A device in which probe has found nothing may be one that does not exist.
  const isNowhere = bound.guessed !== undefined && found.steps.at(-1)!.after === undefined;
  const worlds = otherWorlds(machine, bound).map((world) => [...besides(machine, { ...bound, ...world }, kind)][at]);
  const isEverywhere =
    worlds.length > 0 && worlds.every((other) => other && notApart(other)?.offence.text === found.offence.text);
  return isEverywhere && !isNowhere
    ? { found, unknown: undefined }
    : { found: undefined, unknown: `${found.offence.text}; ${guess}` };
}

function both(machine: GroundMachine, bound: Bound, commands: readonly Command[]): Beside {
  const steps = run(machine, bound, commands);
  const alone = run(
    machine,
    bound,
    commands.filter(({ call }) => call !== 'beside'),
  );
  let at = 0;
  return { steps, alone: commands.map(({ call }) => (call === 'beside' ? undefined : alone[at++])) };
}
