import { MODELS, type Model } from '../../models/index.ts';
import { CORES_ONLY, OF_COUNTING, OF_SLOTS } from '../../models/model.ts';
import { type Scope, SMALLEST } from '../../models/scope.ts';
import {
  ATTRIBUTES,
  type Attribute,
  answersOn,
  COUNTERS,
  type Counter,
  choices,
  counterAt,
  countersOf,
  ENDLESS,
  EVERY_ATTRIBUTE,
  isCounted,
  type MapEntry,
  type Pmu,
  widthOf,
} from '../facts/index.ts';

const PROPERTIES = [...new Set([...OF_COUNTING, ...OF_SLOTS])];

/**
 * The models, asked of another PMU: its maps and features, with the small widths of each model; and what its general counters ask for.
 *
 * @experimental
 */
export function modelsFor(pmu: Pmu): Model[] {
  const isAsked = ({ scope }: Model) => !isRv32(scope.pmu) || isRv32(pmu) || pmu.eitherXlen === true;
  const ofBoth = MODELS.filter(isAsked).map((model) => {
    const scope = onItsCounters(pmu, model.scope);
    return { ...model, scope: { ...scope, pmu: inSmall(pmu, scope) } };
  });
  return [...ofBoth, ...generalCounters(pmu)];
}

const isRv32 = ({ xlen, wordBits }: Pmu): boolean => xlen < wordBits;

/** Whether a PMU counts a kind of event. */
const counts = (pmu: Pmu, kind: Attribute): boolean => answersOn(pmu, kind).includes(0);

/**
 * The scope on a PMU that counts cycles on another counter, or not at all: then the first event that it does count stands
 * for cycles, if there is one. What advances is the counter of what is counted.
 */
export function onItsCounters(pmu: Pmu, scope: Scope): Scope {
  const instead = counts(pmu, 'cycles')
    ? 'cycles'
    : ((Object.keys(EVERY_ATTRIBUTE) as Attribute[]).find((kind) => counts(pmu, kind)) ?? 'cycles');
  const events = scope.events.map((offers) => offers.map((kind) => (kind === 'cycles' ? instead : kind)));
  const ticks = scope.ticks.flatMap((counter): readonly Counter[] => {
    const [advancing] = countersOf(pmu, counter === 'cycle' ? instead : 'instructions');
    return advancing === undefined ? [counter] : [advancing];
  });
  return { ...scope, events, ticks: [...new Set(ticks)] };
}

/**
 * A PMU with the widths of a small one. A `counter_width` of 63 stays one bit below a 64-bit counter, as in the seed; 64 is
 * a whole word. A narrower counter comes round before a count does: it is one bit below a word, and all of a word is counted.
 */
function inSmall(pmu: Pmu, { pmu: small, ticks }: Pick<Scope, 'pmu' | 'ticks'>): Pmu {
  // Of counters with several widths, the narrowest that advances is asked about.
  const width = ticks.length > 0 ? Math.min(...ticks.map((counter) => widthOf(pmu, counter))) : pmu.counterWidth;
  // Where no time passes, it is not asked what a counter holds.
  const counterBits = ticks.length > 0 || width === 63 ? small.wordBits : 1;
  const isNarrow = width < ENDLESS && ticks.length > 0;
  const wordBits = isNarrow ? counterBits + 1 : counterBits;
  const ofRegister = pmu.xlen < pmu.wordBits ? Math.max(1, counterBits >> 1) : wordBits;
  const { counterBits: _, ...numbers } = pmu;
  return {
    ...numbers,
    wordBits,
    intBits: small.intBits,
    ...(isNarrow && { counterBits }),
    counterWidth: width === 63 ? Math.max(1, counterBits - 1) : counterBits,
    xlen: Math.min(isNarrow && small.xlen === counterBits ? wordBits : small.xlen, ofRegister),
  };
}

/** Kinds of event that general counters alone count, and the counters of each: every set of them that the maps name is there. */
function countedByGeneral(pmu: Pmu): Map<Attribute, readonly Counter[]> {
  const isFixed = (counter: Counter) => (COUNTERS as readonly Counter[]).includes(counter);
  const counted = new Map<Attribute, readonly Counter[]>();
  const met = new Set<string>();
  for (const kind of Object.keys(EVERY_ATTRIBUTE) as Attribute[]) {
    const counters = counts(pmu, kind) ? countersOf(pmu, kind) : [];
    const set = counters.toSorted().join();
    // Of the other events of the maps, one for each set of counters that none has so far.
    if (counters.length === 0 || counters.some(isFixed) || (!Object.hasOwn(ATTRIBUTES, kind) && met.has(set))) continue;
    met.add(set);
    counted.set(kind, counters);
  }
  return counted;
}

function generalCounters(pmu: Pmu): Model[] {
  const counted = countedByGeneral(pmu);
  const shared = [...counted.values()].some(({ length }) => length > 1);
  return shared ? givenOut(pmu, counted) : ofTheirOwn(pmu, counted);
}

/** One model for each general counter that the maps name: the events that it counts, while it advances. */
function ofTheirOwn(pmu: Pmu, counted: ReadonlyMap<Attribute, readonly Counter[]>): Model[] {
  const counters = new Set([...counted.values()].flat());
  return [...counters].map((counter) => {
    const kinds = [...counted.keys()].filter((kind) => counted.get(kind)!.includes(counter));
    const [first, second] = [0, 1].map((event) => kinds.filter((_, place) => place % 2 === event));
    const ticks = [counter];
    return {
      name: `counter-${counter}`,
      asks: `Do two events of ${kinds.join(' and ')} count on ${counter}, one at a time?`,
      scope: {
        ...SMALLEST,
        // A second event of the only kind, or of the other kinds.
        events: [first!, second!.length === 0 ? first! : second!],
        harts: 1,
        pmu: inSmall(pmu, { ...SMALLEST, ticks }),
        ticks,
        reopens: false,
      },
      environments: CORES_ONLY,
      properties: PROPERTIES,
    };
  });
}

/** What is asked where the driver gives general counters out: of so few that they run out. */
function givenOut(pmu: Pmu, counted: ReadonlyMap<Attribute, readonly Counter[]>): Model[] {
  const kinds = [...counted.keys()].sort((a, b) => counted.get(b)!.length - counted.get(a)!.length);
  const [ablest, choosiest] = [kinds[0]!, kinds.at(-1)!];
  const extremes = new Set([ablest, choosiest]);
  const few = enough([...counted.values()]);
  const all = new Set([...counted.values()].flat()).size;
  const there = `${few.join(' and ')} ${few.length === all ? 'are there' : `alone are there, of ${all}`}`;
  const left = limited(pmu, few);
  const scope = { ...SMALLEST, harts: 1, reopens: false };
  return [
    {
      name: 'counters-given-out',
      asks: `Who gets in when three events of ${[...extremes].join(' and ')} want a general counter, and ${there}?`,
      scope: {
        ...scope,
        events: [[ablest], [...extremes], [choosiest]],
        pmu: inSmall(left, scope),
      },
      environments: CORES_ONLY,
      properties: OF_SLOTS,
    },
    {
      name: 'counters-in-turn',
      asks: `Do an event of ${ablest} and one of ${kinds.join(' or ')} count what they should, where ${there}?`,
      scope: { ...scope, events: [[ablest], kinds], ticks: few, pmu: inSmall(left, { ...scope, ticks: few }) },
      environments: CORES_ONLY,
      properties: PROPERTIES,
    },
  ];
}

/** Few counters, two at least if there are, of which each kind of event can have one. */
function enough(choices: readonly (readonly Counter[])[]): Counter[] {
  const few: Counter[] = [];
  for (const counters of choices.toSorted((a, b) => a.length - b.length))
    if (!counters.some((counter) => few.includes(counter))) few.push(counters[0]!);
  if (few.length < 2)
    few.push(
      ...choices
        .flat()
        .filter((counter) => !few.includes(counter))
        .slice(0, 1),
    );
  return few.sort();
}

/** The PMU as if no other general counters were there, for the events that can do without them. */
function limited(pmu: Pmu, few: readonly Counter[]): Pmu {
  const cut = (entry: MapEntry): MapEntry => {
    if (!isCounted(entry)) return entry;
    const left = choices(entry).filter((idx) => few.includes(counterAt(idx)));
    return left.length === 0 ? entry : left;
  };
  const { hwEvents, cacheEvents, cacheMap, rawEvents } = pmu;
  const cutMap =
    cacheMap && Object.fromEntries(Object.entries(cacheMap).map(([config, entry]) => [config, cut(entry)]));
  return {
    ...pmu,
    hwEvents: hwEvents.map(cut),
    cacheEvents: cut(cacheEvents),
    ...(cutMap && { cacheMap: cutMap }),
    ...(rawEvents !== undefined && { rawEvents: cut(rawEvents) }),
  };
}
