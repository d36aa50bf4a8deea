import { type Attribute, type AttributeKind, attributeKind } from './attributes.ts';
import { type Counter, counterAt, PERF_TYPE } from './constants.ts';
import { MAPPED_ATTRIBUTES, type MappedAttribute, UNSUPPORTED } from './mapped-attributes.ts';
import { cacheEntry, choices, isCounted, type MapEntry, type Pmu } from './pmu.ts';

/** What the map of a PMU says of a kind of event; undefined if no map is asked for its type, or the map ends before it. */
function entryOf(pmu: Pmu, { type, config }: AttributeKind): MapEntry | undefined {
  if (type === PERF_TYPE.HARDWARE) return pmu.hwEvents[config];
  if (type === PERF_TYPE.RAW) return pmu.rawEvents;
  return type === PERF_TYPE.HW_CACHE ? cacheEntry(pmu, config) : undefined;
}

/** The counters of a PMU that could count a kind of event: those of which the map gives it one. */
export function countersOf(pmu: Pmu, attribute: Attribute): readonly Counter[] {
  const kind = attributeKind(attribute);
  const entry = entryOf(pmu, kind);
  return isCounted(entry) ? choices(entry).map(counterAt) : [];
}

/** The events of the maps that `ATTRIBUTES` has not, of those that a PMU counts. */
export const mappedOn = (pmu: Pmu): MappedAttribute[] =>
  (Object.keys(MAPPED_ATTRIBUTES) as MappedAttribute[]).filter((attribute) => countersOf(pmu, attribute).length > 0);

/** Whether no counter of the PMU can ever do what a kind of event asks for: samples without an interrupt, filters that are not there. */
export function isImpossible(pmu: Pmu, attribute: Attribute): boolean {
  const { sampling, modifier } = attributeKind(attribute);
  return (sampling === true && !pmu.interrupt) || (modifier === true && !pmu.filters);
}

/** The answers of `event_init` that keep the contract on this PMU. */
export function answersOn(pmu: Pmu, attribute: Attribute): AttributeKind['answers'] {
  const kind = attributeKind(attribute);
  if (isCounted(entryOf(pmu, kind))) return isImpossible(pmu, attribute) ? kind.answers : [0];
  // What the base PMU counts, another one may not.
  return kind.answers.includes(0) ? UNSUPPORTED : kind.answers;
}
