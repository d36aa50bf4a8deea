import type { EventView, StepView } from './machine.ts';
import type { Known } from './step.ts';

/** The counter of a device that an event has, as it was learned from what the driver reads for it. */
export const counterOf = ({ idx }: EventView, { counters }: Pick<Known, 'counters'>): number | undefined =>
  idx === undefined ? undefined : counters.get(idx);

/** What a counter selects, if it counts now; else undefined. */
export function selects(
  { counting = [] }: StepView,
  { cpu = 0 }: EventView,
  counter: number,
  { perHart }: Pick<Known, 'perHart'>,
): string | undefined {
  return counting.find(([hart, number]) => number === counter && hart === (perHart ? Math.max(cpu, 0) : 0))?.[2];
}
