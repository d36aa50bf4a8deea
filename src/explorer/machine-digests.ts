import { DRIVERS } from '../../machines/drivers.ts';
import { MODELS } from '../../models/index.ts';
import { RISCV_BASE_PMU } from '../facts/index.ts';
import { headerOf, type Recordable } from '../replay/recorded.ts';
import { digestKey, subjectsOf } from './session/digests.ts';

/** The digests of a driver's machines: a log that is saved in the page says by which machines it was made. */
export const digestsOf = (driver: string, of: Recordable): Record<string, string> =>
  Object.fromEntries(
    subjectsOf(driver, of.models).map((subject) => [digestKey(subject), headerOf(subject, undefined, of).machines]),
  );

/** Those of all modelled drivers. */
export const modelledDigests = (): Record<string, string> =>
  Object.assign(
    {},
    ...Object.entries(DRIVERS).map(([name, machine]) =>
      digestsOf(name, { machine, models: MODELS, pmu: RISCV_BASE_PMU }),
    ),
  );
