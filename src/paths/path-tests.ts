import { CORES, type CoreName } from '../../machines/cores.ts';
import { DECISIONS, type DecisionName, isDesign, REPAIRS } from '../../machines/driver/decisions.ts';
import { DRIVERS, type DriverMachine, decides, withDecisions } from '../../machines/drivers.ts';
import { compose, type Environment, type Model } from '../../models/index.ts';
import { coveringTour } from '../engine/paths/covering-tour.ts';
import { COUNTERS, type Counter, counterAt, type Pmu, RISCV_BASE_PMU, type Word } from '../facts/index.ts';
import { Contract, type Expectation, isStimulus, type Stimulus } from './contract.ts';
import type { Coverage, Item } from './items.ts';
import { modelGraph } from './model-graph.ts';

/** Time that passes on a hart before a step. */
export interface Elapsed {
  readonly hart: number;
  readonly counter: Counter;
  readonly ticks: Word;
}

/** One step of a path test: what is done, and what the contract wants after it. */
export interface PathStep {
  readonly before: readonly Elapsed[];
  readonly stimulus: Stimulus;
  readonly expect: readonly Expectation[];
}

/** One path test: steps from a driver that was just loaded. @public */
export interface PathTest {
  readonly name: string;
  readonly steps: readonly PathStep[];
}

/** The tests of a model. @public */
export interface PathTests {
  readonly model: string;
  readonly environment: Environment;
  readonly coverage: Coverage;
  readonly events: number;
  readonly harts: number;
  /** How many of the events, from the first, form one group; 0: none. */
  readonly group: number;
  /** The numbers of the PMU, at their real widths; and its maps, where the model is about a part of them. */
  readonly pmu: Pick<Pmu, 'xlen' | 'wordBits' | 'counterWidth'> & Partial<Pick<Pmu, 'hwEvents' | 'cacheEvents'>>;
  readonly tests: readonly PathTest[];
  /** What the tests cover: all that a driver that keeps its contract can reach in this scope, one call after the other. */
  readonly covers: readonly Item[];
  /** Of all tests, without those that clean up at the end of each. */
  readonly steps: number;
  readonly closing: number;
  /** No set of tests that covers the same has fewer steps. */
  readonly lowerBound: number;
}

/** A driver, and the numbers of its PMU at their real widths. */
export interface DriverOfPmu {
  readonly machine: DriverMachine;
  readonly pmu: Pmu;
}

const POSTED: DriverOfPmu = { machine: DRIVERS['as-posted'], pmu: RISCV_BASE_PMU };

/** A driver of the same design that keeps its contract on this PMU. */
function keeper({ machine, pmu }: DriverOfPmu): DriverMachine {
  const design = (Object.keys(DECISIONS) as DecisionName[]).filter((name) => isDesign(name) && decides(machine, name));
  const own = [...design, ...(pmu.numCounters > COUNTERS.length ? (['readsEveryCounter'] as const) : [])];
  return own.length === 0 ? DRIVERS.repaired : withDecisions([...REPAIRS, ...own]);
}

/**
 * Few and short tests that cover a model. The path through it is that of a driver that keeps its contract, and what is expected
 * is the contract: no test knows what the driver does that it will be run against. Of the driver `of` they know its design: what it
 * reserves, and its PMU.
 * Throws a RangeError for an environment without a contract, or a model that is too large.
 *
 * @public
 */
export function pathTests(
  model: Model,
  environment: Environment,
  coverage: Coverage,
  of: DriverOfPmu = POSTED,
): PathTests {
  if (!Object.hasOwn(CORES, environment))
    throw new RangeError(`${environment} keeps no contract, so that a test would have nothing to expect`);
  if (!model.environments.includes(environment))
    throw new RangeError(`${model.name} is not asked in ${environment}; it is in ${model.environments.join(', ')}`);
  const { scope, name } = model;
  const { hwEvents, cacheEvents } = scope.pmu;
  const pmu: Pmu = { ...of.pmu, hwEvents, cacheEvents };
  const graph = modelGraph(compose(scope, environment as CoreName, keeper(of)), coverage);
  const reserves = pmu.interrupt || !decides(of.machine, 'requestsIrq');
  const { tests, ...lengths } = coveringTour(graph);
  const { events, harts } = { events: scope.events.length, harts: scope.harts };
  return {
    model: name,
    environment,
    coverage,
    events,
    harts,
    group: scope.group,
    pmu: {
      wordBits: pmu.wordBits,
      counterWidth: pmu.counterWidth,
      xlen: scope.pmu.xlen < scope.pmu.wordBits ? 32 : 64,
      ...(hwEvents !== of.pmu.hwEvents && { hwEvents, cacheEvents }),
    },
    tests: tests.map((transitions, number) => {
      const contract = new Contract(events, harts, pmu, reserves);
      return {
        name: `${name} in ${environment}, ${number + 1} of ${tests.length}`,
        steps: transitions.map(({ facts }, step) => {
          const stimulus = facts[0]!;
          if (!isStimulus(stimulus)) throw new Error(`${stimulus.type} is nothing that is done to a driver`);
          const before = elapsed(harts, pmu.numCounters, step);
          for (const { hart, counter, ticks } of before) contract.passes(hart, counter, ticks);
          return { before, stimulus, expect: contract.after(stimulus) };
        }),
      };
    }),
    covers: graph.items,
    ...lengths,
  };
}

/** Time passes between any two steps, on each counter by another amount, so that nothing is right by accident. */
function elapsed(harts: number, counters: number, step: number): Elapsed[] {
  return Array.from({ length: harts }, (_, hart) => hart).flatMap((hart) =>
    Array.from({ length: counters }, (_, idx) => {
      // The counters do not begin at zero, and go on by more than what fits into 32 bits now and then.
      const far = step === 0 ? 2 ** 33 * (hart + 1) : step % 3 === 0 ? 2 ** 32 : 0;
      const rate = PRIMES[(2 * hart + idx) % PRIMES.length]! + 10 * Math.floor(idx / COUNTERS.length);
      return { hart, counter: counterAt(idx), ticks: far + rate * (step + 1) };
    }),
  );
}

const PRIMES = [1009, 503, 1511, 701] as const;
