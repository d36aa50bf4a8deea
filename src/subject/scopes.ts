import type { Model } from '../../models/index.ts';
import { SMALLEST } from '../../models/scope.ts';
import { choices, ENDLESS, isCounted, type MapEntry, type Pmu, widthOf } from '../facts/index.ts';
import { modelsFor, onItsCounters } from '../porting/models.ts';

/**
 * Counters and words at their real widths. Counters advance by a quarter of their range, so that they come round within the
 * scope: what is computed with the real width is seen here alone.
 */
export function fullWidth(pmu: Pmu): Model {
  const scope = onItsCounters(pmu, { ...SMALLEST, harts: 1, pmu, ticks: ['cycle'] });
  const width = Math.min(...scope.ticks.map((counter) => widthOf(pmu, counter)));
  const quarter = 2n ** BigInt(Math.max(0, (width < ENDLESS ? width : 64) - 2));
  return {
    name: 'full-width',
    asks: 'And with words of 64 bits, as in the kernel?',
    scope: { ...scope, tickSizes: [String(quarter)] },
    environments: ['4.16', 'current'],
    properties: ['count-exact', 'userpage-consistent'],
  };
}

/** The scopes in which a model and C are compared that have this PMU. */
export function conformModels(pmu: Pmu, deep: boolean): readonly Model[] {
  const told = withKnownCounters(pmu);
  return [fullWidth(told), ...modelsFor(told).filter((model) => deep || !model.deep)];
}

/** The PMU without the events of which nobody knows what counts them: a modelled driver could not add them. */
function withKnownCounters(pmu: Pmu): Pmu {
  const told = (entry: MapEntry): MapEntry => (isCounted(entry) && choices(entry).length === 0 ? 'EOPNOTSUPP' : entry);
  const { hwEvents, cacheMap, rawEvents } = pmu;
  return {
    ...pmu,
    hwEvents: hwEvents.map(told),
    ...(cacheMap && {
      cacheMap: Object.fromEntries(Object.entries(cacheMap).map(([config, entry]) => [config, told(entry)])),
    }),
    ...(rawEvents !== undefined && { rawEvents: told(rawEvents) }),
  };
}
