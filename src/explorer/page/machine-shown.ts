import { computed, signal } from '@preact/signals';
import { partName } from '../session/parts.ts';
import { view, world } from './store.ts';

/** The machine that is shown: one that a person chose, or the one that acts. */
export const chosen = signal<string | undefined>(undefined);

type View = (typeof view)['value'];

/** The machine of the last fact that tells most: a driver if one takes part, else who initiated it. */
function actingIn({ timeline, at }: View): number {
  const { system } = timeline.world;
  const taking = at === 0 ? [] : system.participants(timeline.facts[at - 1]!);
  return taking.find((part) => system.parts[part]!.role === 'driver') ?? taking[0] ?? system.ofRole('lifecycle')[0]!;
}

/** The number of the machine that is shown at a position. */
export function shownIn(now: View): number {
  const number = now.timeline.world.system.parts.findIndex((part) => partName(part) === chosen.value);
  return number < 0 ? actingIn(now) : number;
}

/** The number of the machine that is shown now. */
export const shown = computed(() => shownIn(view.value));

/** Shows the machine after the present one, or with -1 before it. */
export function turnMachine(step: 1 | -1): void {
  const { parts } = world.value.system;
  chosen.value = partName(parts[(shown.value + step + parts.length) % parts.length]!);
}

export const followMachines = (): void => {
  chosen.value = undefined;
};
