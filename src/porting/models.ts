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
  isCounted,
  type MapEntry,
  type Pmu,
} from '../facts/index.ts';

const PROPERTIES = [...new Set([...OF_COUNTING, ...OF_SLOTS])];

/** The models, asked of another PMU: its maps and features, with the small widths of each model; and what its general counters ask for. */
export function modelsFor(pmu: Pmu): Model[] {
  const ofBoth = MODELS.map((model) => ({ ...model, scope: { ...model.scope, pmu: inSmall(pmu, model.scope) } }));
  return [...ofBoth, ...generalCounters(pmu)];
}

/**
 * A PMU with the widths of a small one. A `counter_width` of 63 stays one bit below a 64-bit counter, as in the seed; 64 is
 * a whole word. A narrower counter comes round before a count does: it is one bit below a word, and all of a word is counted.
 */
function inSmall(pmu: Pmu, { pmu: small, ticks }: Pick<Scope, 'pmu' | 'ticks'>): Pmu {
  // Where no time passes, it is not asked what a counter holds.
  const counterBits = ticks.length > 0 || pmu.counterWidth === 63 ? small.wordBits : 1;
  const isNarrow = pmu.counterBits !== undefined && ticks.length > 0;
  const wordBits = isNarrow ? counterBits + 1 : counterBits;
  const ofRegister = pmu.xlen < pmu.wordBits ? Math.max(1, counterBits >> 1) : wordBits;
  const { counterBits: _, ...numbers } = pmu;
  return {
    ...numbers,
    wordBits,
    intBits: small.intBits,
    ...(isNarrow && { counterBits }),
    counterWidth: pmu.counterWidth === 63 ? Math.max(1, counterBits - 1) : counterBits,
    xlen: Math.min(isNarrow && small.xlen === counterBits ? wordBits : small.xlen, ofRegister),
  };
}

/** The kinds of event that general counters alone count, and the counters of each. */
function countedByGeneral(pmu: Pmu): Map<Attribute, readonly Counter[]> {
  const isFixed = (counter: Counter) => (COUNTERS as readonly Counter[]).includes(counter);
  const kinds = (Object.keys(ATTRIBUTES) as Attribute[]).filter((kind) => answersOn(pmu, kind).includes(0));
  const counted = kinds.map((kind) => [kind, countersOf(pmu, kind)] as const);
  return new Map(counted.filter(([, counters]) => counters.length > 0 && !counters.some(isFixed)));
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
  const all = pmu.numCounters - COUNTERS.length;
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
  return { ...pmu, hwEvents: pmu.hwEvents.map(cut), cacheEvents: cut(pmu.cacheEvents) };
}
