import { DECISIONS, type DecisionName, isDesign } from '../../machines/driver/decisions.ts';
import { type DriverMachine, decides } from '../../machines/drivers.ts';
import type { Choices } from '../engine/check/choices.ts';

/** A set of decisions as a bit set: bit n is decision n of {@link NAMES}, taken otherwise than the posted driver does. */
export type Decided = number;

export const NAMES = Object.keys(DECISIONS) as DecisionName[];

/** The bit of a decision. */
export const bitOf = (name: DecisionName): Decided => 1 << NAMES.indexOf(name);

export const setOf = (names: readonly DecisionName[]): Decided => names.reduce((set, name) => set | bitOf(name), 0);

export const namesOf = (set: Decided): DecisionName[] => NAMES.filter((name) => (set & bitOf(name)) !== 0);

/** What a driver decides otherwise than the posted one. */
export const decidedBy = (driver: DriverMachine): Decided => setOf(NAMES.filter((name) => decides(driver, name)));

/** The changes that could repair a driver: those that it has not made, other designs left out. */
export const changesOf = (driver: DriverMachine): DecisionName[] =>
  NAMES.filter((name) => !isDesign(name) && !decides(driver, name));

/** A driver whose decisions are choices, in place of its own: what it does not ask for could be decided either way. */
export const choosing = (driver: DriverMachine, choices: Choices): DriverMachine =>
  driver.provide({ guards: Object.fromEntries(NAMES.map((name) => [name, () => choices.ask(bitOf(name))])) });
