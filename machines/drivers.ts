import { DECISIONS, type DecisionName, MERGED_4_18, REPAIRS } from './driver/decisions.ts';
import { driver } from './driver/index.ts';

/** A driver's statecharts: the posted ones, with some of the named decisions taken otherwise. @public */
export type DriverMachine = typeof driver;

/** The posted driver with these decisions taken otherwise. @public */
export function withDecisions(names: readonly DecisionName[]): DriverMachine {
  return driver.provide({ guards: Object.fromEntries(names.map((name) => [name, () => true])) });
}

/** Whether a driver takes a decision otherwise than the posted one. */
export const decides = (machine: DriverMachine, name: DecisionName): boolean =>
  (machine.implementations.guards[name] as () => boolean)();

/** The modelled drivers, by name. @public */
export const DRIVERS = {
  'as-posted': driver,
  /** As it went into Linux 4.18. It publishes the user page before it sets `prev_count`, as the posted one does. */
  'merged-4.18': withDecisions(MERGED_4_18),
  repaired: withDecisions(REPAIRS),
} as const satisfies Record<string, DriverMachine>;

/** The name of a modelled driver. @public */
export type DriverName = keyof typeof DRIVERS;

/** What joins the name of a driver and those of the decisions that another one takes otherwise: `as-posted+startsFresh`. */
const AND = '+';

/** The parts of the name of a driver: a modelled one, and what is decided otherwise than in that. */
export function partsOfName(name: string): { readonly base: string; readonly decisions: readonly string[] } {
  const [base = '', ...decisions] = name.split(AND);
  return { base, decisions };
}

/** The driver of a name such as `as-posted+startsFresh+publishesLast`; undefined if a part of it names nothing. */
export function driverNamed(name: string): DriverMachine | undefined {
  const { base, decisions } = partsOfName(name);
  const isKnown = Object.hasOwn(DRIVERS, base) && decisions.every((decision) => Object.hasOwn(DECISIONS, decision));
  if (!isKnown) return undefined;
  const machine: DriverMachine = DRIVERS[base as DriverName];
  return decisions.length === 0
    ? machine
    : machine.provide({ guards: Object.fromEntries(decisions.map((decision) => [decision, () => true])) });
}
