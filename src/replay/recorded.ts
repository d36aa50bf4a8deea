import { DRIVERS, type DriverName } from '../../machines/drivers.ts';
import { compose, ENVIRONMENTS, type Environment, modelOf } from '../../models/index.ts';
import type { System } from '../compose/index.ts';
import { type Pmu, RISCV_BASE_PMU } from '../facts/index.ts';
import { type LogHeader, machinesDigest } from '../store/index.ts';

/** What a log is recorded of: a model, who calls, a driver, and a width other than the model's own. */
export interface Subject {
  readonly model: string;
  readonly environment: string;
  readonly driver: string;
  readonly wordBits?: number;
}

/** The machines of a recording. Throws a RangeError if there is no such model, environment or driver. */
export function systemOf({ model, environment, driver, wordBits }: Subject): System {
  const { scope } = modelOf(model);
  if (!(ENVIRONMENTS as readonly string[]).includes(environment))
    throw new RangeError(`there is no environment ${environment}`);
  if (!(driver in DRIVERS))
    throw new RangeError(`there is no driver ${driver}; there are ${Object.keys(DRIVERS).join(', ')}`);
  const pmu = wordBits === undefined ? scope.pmu : widened(scope.pmu, wordBits);
  // Wide counters move in strides, so that a run meets large values.
  const tickSizes = wordBits === undefined ? scope.tickSizes : [1, 1000, 1_000_003];
  return compose(
    { ...scope, pmu, ...(tickSizes && { tickSizes }) },
    environment as Environment,
    DRIVERS[driver as DriverName],
  );
}

/** A PMU of a search with the widths of hardware: a CSR keeps its share of a word, and the counter width its distance from it. */
function widened(pmu: Pmu, wordBits: number): Pmu {
  return {
    ...pmu,
    wordBits,
    counterWidth: wordBits - (pmu.wordBits - pmu.counterWidth),
    xlen: pmu.xlen === pmu.wordBits ? wordBits : wordBits / 2,
    intBits: RISCV_BASE_PMU.intBits,
  };
}

/** The header of a new log. */
export function headerOf(subject: Subject, breaks?: string): LogHeader {
  return {
    schema: 'hartproof.log/1',
    ...subject,
    machines: machinesDigest(systemOf(subject)),
    ...(breaks !== undefined && { breaks }),
  };
}

/** Whether the machines that wrote a log are the ones of today. */
export const isByTheseMachines = (header: LogHeader): boolean => machinesDigest(systemOf(header)) === header.machines;
