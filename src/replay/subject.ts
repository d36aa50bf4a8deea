import { CORES, type CoreName } from '../../machines/cores.ts';
import { DRIVERS, type DriverMachine, driverNamed } from '../../machines/drivers.ts';
import {
  compose,
  ENVIRONMENTS,
  type Environment,
  MODELS,
  type Model,
  modelIn,
  type Scope,
} from '../../models/index.ts';
import { type Pmu, RISCV_BASE_PMU, type System, widthOf } from '../facts/index.ts';
import type { ConfigFile } from '../store/header.ts';
import { systemOf as systemOfTrace, type TraceSize } from '../trace/system.ts';

/** What the log of a kernel's trace has for a model: how many machines there are is in `trace`. */
export const KERNEL_TRACE = 'kernel-trace';

/** What a log is recorded of: a model, who calls, a driver, and a width other than the model's own; or a kernel's trace. */
export interface Subject {
  readonly model: string;
  readonly environment: string;
  /** A modelled driver, or the name that `config` gives to one. */
  readonly driver: string;
  readonly config?: ConfigFile;
  /** What that file described, as data: see `PmuDescription`. */
  readonly port?: object;
  readonly wordBits?: number;
  readonly trace?: TraceSize;
  /** Of a trace: the properties of which it did not show enough. */
  readonly undecided?: readonly string[];
}

/** A driver that a log can be recorded of, and the models as they are asked of its PMU. */
export interface Recordable {
  readonly machine: DriverMachine;
  readonly models: readonly Model[];
  /** The numbers of the PMU at its real widths. */
  readonly pmu: Pmu;
}

/** A modelled driver. Throws a RangeError if there is none of that name. */
function modelled(driver: string): Recordable {
  const machine = driverNamed(driver);
  if (machine === undefined)
    throw new RangeError(`there is no driver ${driver}; there are ${Object.keys(DRIVERS).join(', ')}`);
  return { machine, models: MODELS, pmu: RISCV_BASE_PMU };
}

/** The machines of a recording. `of` is its driver, if that is no modelled one. Throws a RangeError if there is no such model, environment or driver. */
export function systemOf(
  { model, environment, driver, wordBits, trace }: Subject,
  of: Recordable = modelled(driver),
): System {
  if (trace !== undefined) {
    if (model !== KERNEL_TRACE) throw new RangeError(`a kernel's trace is of ${KERNEL_TRACE}, not of ${model}`);
    return systemOfTrace(trace, coreOf(environment), of.machine, of.pmu);
  }
  const { scope } = modelIn(of.models, model);
  if (!(ENVIRONMENTS as readonly string[]).includes(environment))
    throw new RangeError(`there is no environment ${environment}`);
  const pmu = wordBits === undefined ? scope.pmu : widened(scope, wordBits, of.pmu);
  // Wide counters move in strides, so that a run meets large values; none that would come round without an interrupt.
  const { counterBits = Infinity } = pmu;
  const strides = [1, 1000, 1_000_003].filter((ticks) => ticks < 2 ** (counterBits - 1));
  const tickSizes = wordBits === undefined ? scope.tickSizes : strides;
  return compose({ ...scope, pmu, ...(tickSizes && { tickSizes }) }, environment as Environment, of.machine);
}

/** The perf core of a kernel's trace. */
function coreOf(environment: string): CoreName {
  if (!Object.hasOwn(CORES, environment)) throw new RangeError(`there is no perf core ${environment}`);
  return environment as CoreName;
}

/** A PMU of a search with the widths of hardware: a CSR keeps its share of a word, and the counter width its distance from it. */
function widened({ pmu, ticks }: Scope, wordBits: number, real: Pmu): Pmu {
  const isHalved = pmu.xlen < pmu.wordBits;
  if (isHalved && wordBits % 2 !== 0) throw new RangeError(`a word of two halves cannot have ${wordBits} bits`);
  const width = ticks.length > 0 ? Math.min(...ticks.map((counter) => widthOf(real, counter))) : real.counterWidth;
  const counterWidth = wordBits === real.wordBits ? width : wordBits - (pmu.wordBits - pmu.counterWidth);
  return {
    ...pmu,
    wordBits,
    counterWidth,
    ...(pmu.counterBits !== undefined && { counterBits: counterWidth }),
    xlen: isHalved ? wordBits / 2 : wordBits,
    intBits: real.intBits,
  };
}
