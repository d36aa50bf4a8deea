import { DRIVERS, type DriverName } from '../../machines/drivers.ts';
import { compose } from '../../models/index.ts';
import { check } from '../check/index.ts';
import type { Auditee } from './auditee.ts';
import { causeOf, statesAlong } from './cause.ts';
import { aftermath } from './retell.ts';
import { storyOf } from './story.ts';

/** A modelled driver, to be audited. */
export function modelled(driver: DriverName): Auditee {
  return {
    name: driver,
    driver,
    decide: ({ scope }, environment, properties, options) =>
      check(compose(scope, environment, DRIVERS[driver]), properties, options),
    causeOf: (property, log, { scope }, environment) => causeOf(property, log, scope, environment, driver),
    tell({ facts, breaks }, { scope }, environment) {
      const system = compose(scope, environment, DRIVERS[driver]);
      const after = breaks === 'never' ? aftermath(system, statesAlong(system, facts).at(-1)!) : [];
      return storyOf(system, [...facts, ...after]);
    },
  };
}
