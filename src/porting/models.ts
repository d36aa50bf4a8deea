import { MODELS, type Model } from '../../models/index.ts';
import { CORES_ONLY, OF_COUNTING, OF_SLOTS } from '../../models/model.ts';
import { SMALLEST } from '../../models/scope.ts';
import { ATTRIBUTES, type Attribute, answersOn, COUNTERS, type Counter, counterOf, type Pmu } from '../facts/index.ts';

/** The models, asked of another PMU: its maps and features, with the small widths of each model; and one for each general counter. */
export function modelsFor(pmu: Pmu): Model[] {
  return [...MODELS, ...generalCounters(pmu)].map((model) => ({
    ...model,
    scope: { ...model.scope, pmu: inSmall(pmu, model.scope.pmu) },
  }));
}

/**
 * A PMU with the widths of a small one. A `counter_width` of 63 stays one bit below a 64-bit counter, as in the seed; any other
 * is taken as the width at which the counter itself comes round: a whole word.
 */
function inSmall(pmu: Pmu, small: Pmu): Pmu {
  const { wordBits, intBits } = small;
  const ofRegister = pmu.xlen < pmu.wordBits ? Math.max(1, wordBits >> 1) : wordBits;
  return {
    ...pmu,
    wordBits,
    intBits,
    counterWidth: pmu.counterWidth === 63 ? wordBits - 1 : wordBits,
    xlen: Math.min(small.xlen, ofRegister),
  };
}

/** One model for each general counter that the maps name: the events that it counts, while it advances. */
function generalCounters(pmu: Pmu): Model[] {
  const counted = new Map<Counter, Attribute[]>();
  for (const attribute of Object.keys(ATTRIBUTES) as Attribute[]) {
    const counter = counterOf(pmu, attribute);
    if (counter === undefined || (COUNTERS as readonly Counter[]).includes(counter)) continue;
    if (answersOn(pmu, attribute).includes(0)) counted.set(counter, [...(counted.get(counter) ?? []), attribute]);
  }
  return [...counted].map(([counter, attributes]) => ({
    name: `counter-${counter}`,
    asks: `Do two events of ${attributes.join(' and ')} count on ${counter}, one at a time?`,
    scope: { ...SMALLEST, events: [attributes, attributes], harts: 1, ticks: [counter], reopens: false },
    environments: CORES_ONLY,
    properties: [...new Set([...OF_COUNTING, ...OF_SLOTS])],
  }));
}
