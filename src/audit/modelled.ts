import { DRIVERS, type DriverMachine, type DriverName } from '../../machines/drivers.ts';
import { compose } from '../../models/index.ts';
import { Searches } from '../engine/check/index.ts';
import { localsAlong } from '../engine/compose/index.ts';
import { traceOf } from '../findings/trace.ts';
import type { AuditTarget } from './audit-target.ts';
import { causeOf } from './cause.ts';
import { quickProofs } from './prove.ts';
import { aftermath } from './rerun.ts';

/** A driver that is modelled here, to be audited. @public */
export const modelled = (driver: DriverName): AuditTarget => described(driver, DRIVERS[driver], driver);

/** Any driver's machine, to be audited under a name. @experimental */
export function described(name: string, machine: DriverMachine, driver?: DriverName): AuditTarget {
  // Perf cores differ in little: most searches of one are searches of the next.
  const searches = new Searches();
  return {
    name,
    ...(driver && { driver }),
    decide: ({ scope }, environment, properties, options) =>
      searches.check(compose(scope, environment, machine), properties, options),
    prove: quickProofs(machine),
    causeOf: (property, log, { scope }, environment) => causeOf(property, log, scope, environment, machine),
    traceOf({ facts, breaks }, { scope }, environment) {
      const system = compose(scope, environment, machine);
      const after = breaks === 'never' ? aftermath(system, localsAlong(system, facts).at(-1)!) : [];
      return traceOf(system, [...facts, ...after]);
    },
  };
}
