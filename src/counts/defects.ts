import { DECISIONS, type Decision, type DecisionName, isDesign } from '../../machines/driver/decisions.ts';
import { type DriverMachine, decides } from '../../machines/drivers.ts';
import { contextSwitch } from '../../models/counting.ts';
import { compose, type Environment, type Model, propertyOf, type Scope } from '../../models/index.ts';
import { check } from '../engine/check/index.ts';
import { COUNTERS, countersOf, type Fact, type Pmu, type System, scaled } from '../facts/index.ts';
import { TWISTS, type Twist, twisted } from './twists.ts';

/** A way in which a count goes wrong, with the shortest log that a search found of it. */
export interface Defect {
  /** What it is called: the decision of the driver by name, or a mistake that no driver of this family makes. */
  readonly name: string;
  readonly decision?: Decision;
  readonly twist?: Twist;
  /** Set where the driver counts as it should, and the board is another one than it takes it for. */
  readonly board?: Board;
  readonly model: Model;
  readonly environment: Environment;
  /** The only driver in which nothing else is wrong with a count. */
  readonly machine: DriverMachine;
  readonly log: readonly Fact[];
  /** Puts the driver into a scope. */
  readonly systemOf: (scope: Scope) => System;
}

/** `wide`: the mask is wider than the counter; `narrow`: narrower; `sound`: as wide, so that nothing is wrong by itself. */
export type Board = 'wide' | 'narrow' | 'sound';

/** Boards in small: the counters of the one have fewer bits than the driver's mask, those of the other more. */
const BOARDS: readonly (readonly [Board, Partial<Pmu>])[] = [
  ['wide', { counterWidth: 3, counterBits: 2 }],
  ['narrow', { counterWidth: 2, counterBits: 3 }],
];

const COUNT_EXACT = propertyOf('count-exact');

/** The decisions that a count hangs on. */
const OF_COUNT = (Object.keys(DECISIONS) as DecisionName[]).filter((name) =>
  (DECISIONS[name] as Decision).properties.includes('count-exact'),
);

/** The driver with everything decided well, but for one decision that stays as the driver takes it. */
function onlyWrongIn(driver: DriverMachine, wrong: DecisionName | undefined): DriverMachine {
  const better = (Object.keys(DECISIONS) as DecisionName[]).filter((name) => name !== wrong && !isDesign(name));
  return driver.provide({ guards: Object.fromEntries(better.map((name) => [name, () => true])) });
}

/** Halves of a counter are read apart on RV32 only, where nothing else is another thing; most PMUs have no counter that is not read. */
function canMatter(name: DecisionName, { pmu, events }: Scope): boolean {
  const isHalf = pmu.xlen < pmu.wordBits;
  if (name === 'readsEveryCounter')
    return (
      !isHalf &&
      events.flat().some((kind) => countersOf(pmu, kind).some((counter) => !COUNTERS.includes(counter as never)))
    );
  return (name === 'readsBothHalves') === isHalf;
}

/** The models in which a count can go wrong: of those that ask the same of another kind of event, the first. */
const countingModels = (models: readonly Model[]): Model[] =>
  models.filter(
    ({ properties, deep, scope }, index) =>
      properties.includes('count-exact') &&
      !deep &&
      scope.events.length === 1 &&
      models.findIndex(
        (other) => other.properties.includes('count-exact') && sizeOf(other) === sizeOf(models[index]!),
      ) === index,
  );

const sizeOf = ({ scope: { harts, group, pmu, events } }: Model): string =>
  JSON.stringify([events.length, harts, group, pmu.xlen < pmu.wordBits, events.flat().includes('sampling')]);

/**
 * Searches the wrong counts of a driver: for each decision that it takes wrongly, the shortest log of each model on which
 * nothing but that decision makes the count wrong; then those of mistakes that another driver's C may make.
 */
export async function defectsOf(
  driver: DriverMachine,
  models: readonly Model[],
  environments: readonly Environment[],
): Promise<Defect[]> {
  const found: Defect[] = [];
  for (const name of OF_COUNT) {
    if (decides(driver, name)) continue;
    const machine = onlyWrongIn(driver, name);
    const asked = countingModels(models).filter(({ scope }) => canMatter(name, scope));
    const ofDecision: Defect[] = [];
    // The cores schedule alike: an older one is asked where the first shows nothing.
    for (const environment of environments) {
      if (ofDecision.length > 0) break;
      for (const model of asked) {
        const systemIn = (of: Environment) => (scope: Scope) => compose(scope, of, machine);
        const defect = await firstWrong(model, [environment], systemIn);
        if (defect !== undefined) ofDecision.push({ ...defect, name, decision: DECISIONS[name], machine });
      }
    }
    found.push(...ofDecision);
  }
  const machine = onlyWrongIn(driver, undefined);
  for (const twist of TWISTS) {
    const model = { ...contextSwitch, scope: twist.scope(contextSwitch.scope) };
    const systemIn = (environment: Environment) => (scope: Scope) =>
      twisted(compose(scope, environment, machine), twist);
    const defect = await firstWrong(model, environments, systemIn);
    if (defect !== undefined) found.push({ ...defect, name: twist.name, twist, machine });
  }
  for (const [board, widths] of BOARDS) {
    const { scope } = contextSwitch;
    const model = { ...contextSwitch, scope: { ...scope, pmu: { ...scaled(scope.pmu, 4), ...widths } } };
    const systemIn = (environment: Environment) => (scope: Scope) => compose(scope, environment, machine);
    const defect = await firstWrong(model, environments, systemIn);
    if (defect === undefined) continue;
    found.push({ ...defect, name: `${board}-mask`, board, machine });
    if (board === 'wide') found.push({ ...defect, name: 'set-back', board: 'sound', machine });
  }
  return found;
}

/** The shortest log with a wrong count in a model, in the first environment that has one. */
async function firstWrong(
  model: Model,
  environments: readonly Environment[],
  systemIn: (environment: Environment) => (scope: Scope) => System,
): Promise<Pick<Defect, 'model' | 'environment' | 'log' | 'systemOf'> | undefined> {
  for (const environment of environments.filter((one) => model.environments.includes(one))) {
    const systemOf = systemIn(environment);
    // An event that is refused, or comes after another, has no other count: without them there is less to search.
    const scope = { ...model.scope, oddOpens: 0, reopens: false };
    const { verdicts } = await check(systemOf(scope), [COUNT_EXACT], { workers: 0 });
    const verdict = verdicts.get(COUNT_EXACT.id);
    if (verdict?.verdict === 'violated') return { model, environment, log: verdict.counterexample.facts, systemOf };
  }
  return undefined;
}

/** A scope at the widths of a real machine: what a search has in few bits. */
export const wide = (scope: Scope, widths: Partial<Pick<Pmu, 'counterWidth' | 'counterBits'>> = {}): Scope => {
  const { counterBits: _, ...pmu } = scope.pmu;
  const isHalf = scope.pmu.xlen < scope.pmu.wordBits;
  return { ...scope, pmu: { ...pmu, wordBits: 64, counterWidth: 63, xlen: isHalf ? 32 : 64, ...widths } };
};
