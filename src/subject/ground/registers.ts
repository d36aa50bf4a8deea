import { HARTS } from '../../../machines/hardware/registers.ts';
import { ChildGone } from '../channel.ts';
import type { GroundMachine } from './machine.ts';
import type { Step } from './step.ts';

/** What the registers of a device hold, by name: `device control`, `device counter[0]`; where each hart has one, `hart 0 control`. */
export type Held = ReadonlyMap<string, bigint>;

/**
 * The registers of a described device before the first of some steps and after each, as far as each is known; undefined where no
 * device is described, or the process is gone that would tell.
 */
export function registersAlong(machine: GroundMachine, steps: readonly Step[]): Held[] | undefined {
  if (machine.device === undefined || steps.length === 0) return undefined;
  try {
    const states = [steps[0]!.states?.[0], ...steps.map(({ states }) => states?.[1])];
    return states.map((state) => (state === undefined ? new Map() : registersIn(machine, state)));
  } catch (error) {
    if (error instanceof ChildGone) return undefined;
    throw error;
  }
}

/** A read of a described register changes nothing: it is asked as the driver would ask it. */
function registersIn(machine: GroundMachine, state: number): Held {
  const { device, registers } = machine.device!.layout;
  const asked = Array.from({ length: device.perHart ? HARTS : 1 }, (_, hart) =>
    registers.map(({ name, place, bytes }) => ({
      name: device.perHart ? `hart ${hart} ${name}` : `device ${name}`,
      command: `i${hart},${Math.floor(place / 2 ** 40)},${place % 2 ** 40},${bytes}`,
    })),
  ).flat();
  const answers = machine.performAll(
    state,
    asked.map(({ command }) => command),
  );
  const held = new Map<string, bigint>();
  for (const [index, { name }] of asked.entries()) {
    const said = answers[index]?.happenings.find(({ type }) => type === 'read');
    if (said !== undefined) held.set(name, BigInt(`0x${said.value}`));
  }
  return held;
}
