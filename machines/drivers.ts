import { type DecisionName, REPAIRS } from './driver/decisions.ts';
import { driver } from './driver/index.ts';

/** A driver's statecharts: the posted ones, with some of the named decisions taken otherwise. */
export type DriverMachine = typeof driver;

/** The posted driver with these decisions taken otherwise. */
export function withDecisions(names: readonly DecisionName[]): DriverMachine {
  return driver.provide({ guards: Object.fromEntries(names.map((name) => [name, () => true])) });
}

/** The modelled drivers, by name. */
export const DRIVERS = {
  'as-posted': driver,
  repaired: withDecisions(REPAIRS),
} as const satisfies Record<string, DriverMachine>;

export type DriverName = keyof typeof DRIVERS;
