import { DECISIONS, type DecisionName } from '../../machines/driver/decisions.ts';
import {
  type Capabilities,
  COUNTERS,
  type Counter,
  choices,
  counterAt,
  ENDLESS,
  ERRNO,
  indexOfCounter,
  isCounted,
  type MapEntry,
  PERF_COUNT_HW,
  type Pmu,
} from '../facts/index.ts';
import { type CacheMap, isErrno, readCacheMap, ZERO } from './cache-map.ts';

/** The generic hardware events of the ABI by the names that `perf list` has for them, in the order of `PERF_COUNT_HW_*`. */
export const HARDWARE_EVENTS = [
  'cycles',
  'instructions',
  'cache-references',
  'cache-misses',
  'branches',
  'branch-misses',
  'bus-cycles',
  'stalled-cycles-frontend',
  'stalled-cycles-backend',
  'ref-cycles',
] as const;

export type HardwareEvent = (typeof HARDWARE_EVENTS)[number];

/** A PMU and its driver, as a porter describes them. */
export interface PmuDescription {
  /** A name for the reports. */
  readonly name: string;
  /**
   * How many general counters there are beside `cycle` and `instret`: they are `hpmcounter3` and so on (0 to 29); or their
   * names, where there are gaps between them.
   */
  readonly generalCounters: number | readonly string[];
  /**
   * `counter_width`: how many bits of a difference between two readings count (1 to 64); of all counters, of the two base ones
   * and of the general ones, or of each by its name.
   */
  readonly counterWidth: number | Readonly<Record<string, number>>;
  /** How many bits one `csr_read` returns; either, where the driver is for both and it is left out. */
  readonly xlen?: 32 | 64;
  /** `hw_events`: for each event up to the last that the map lists, what counts it. */
  readonly hwEvents: { readonly [E in HardwareEvent]?: Counts };
  /** `cache_events`: every row, or one errno with which the driver answers them all. */
  readonly cacheEvents: string | CacheMap;
  /** What counts a raw event, whatever it asks for; or the errno with which the driver answers them all. EOPNOTSUPP if left out. */
  readonly rawEvents?: Counts;
  /** `pmu.capabilities`: what the PMU cannot do, so that the core refuses it by itself. None if left out. */
  readonly capabilities?: readonly CapabilityName[];
  /** Whether a counter that overflows raises an interrupt. */
  readonly interrupt: boolean;
  /** Whether the counters can leave out modes of privilege. */
  readonly filters: boolean;
  /** Whether the counters can be written: then `start` writes where they begin. False if left out. */
  readonly writable?: boolean;
  /**
   * How an event gets its counter: it is the one of the event, as posted (`by-event`), or `add` gives it the first free one
   * that can count it and keeps a bitmap of those that it gave (`bitmap`). As posted if left out.
   */
  readonly allocation?: keyof typeof ALLOCATION;
  /** What the driver does when a counter overflows: nothing, as posted, or it updates the count and starts anew. */
  readonly overflow?: keyof typeof OVERFLOW;
  /** What else the driver does otherwise than the posted one, by the names of `machines/driver/decisions.ts`. */
  readonly decisions: readonly DecisionName[];
}

/** A counter, an errno, the counters of which the driver gives the event one, or `general` for all general ones. */
export type Counts = string | readonly string[];

/** The capabilities of a PMU by their names in the kernel, without `PERF_PMU_CAP_`. */
const CAPABILITIES = { NO_INTERRUPT: 'interrupt', NO_EXCLUDE: 'filters' } as const;
export type CapabilityName = keyof typeof CAPABILITIES;

const ALLOCATION = { 'by-event': [], bitmap: ['givesOutCounters'] } as const satisfies Record<string, DecisionName[]>;
const OVERFLOW = { none: [], handled: ['handlesOverflow'] } as const satisfies Record<string, DecisionName[]>;
/** The fields that say what these decisions are. */
const OWN_FIELD: { readonly [D in DecisionName]?: string } = {
  givesOutCounters: "allocation: 'bitmap'",
  writesCounter: 'writable: true',
  handlesOverflow: "overflow: 'handled'",
};
/** A description that was checked, as the models take it. @experimental */
export interface Port {
  readonly name: string;
  readonly pmu: Pmu;
  readonly decisions: readonly DecisionName[];
  /** The description itself, which a log keeps as data. */
  readonly description: PmuDescription;
}

/** A description that describes no PMU: which field, and why. */
export class BadDescription extends RangeError {
  constructor(
    readonly field: string,
    readonly reason: string,
  ) {
    super(`PMU description: ${field}: ${reason}`);
  }
}

function refuse(field: string, reason: string): never {
  throw new BadDescription(field, reason);
}

/** Checks the description of a PMU and its driver. Throws {@link BadDescription}. @public */
export function definePmu(description: PmuDescription): Port {
  const { name, xlen, interrupt, filters } = description;
  if (typeof name !== 'string' || !/^[\w.-]+$/.test(name)) refuse('name', 'must be a word of letters, digits, - and .');
  const general = readGeneral(description.generalCounters);
  if (xlen !== undefined && xlen !== 32 && xlen !== 64) refuse('xlen', 'must be 32 or 64');
  const decisions = readBehaviour(description);

  const counters: readonly Counter[] = [...COUNTERS, ...general];
  const { counterWidth, widths } = readWidths(description.counterWidth, counters);
  // events[] and num_counters reach to the last counter, over gaps.
  const numCounters = Math.max(...counters.map(indexOfCounter)) + 1;
  const counterNamed = (field: string, named: unknown): number => {
    const idx = counters.includes(named as Counter) ? indexOfCounter(named as Counter) : -1;
    if (idx === -1)
      refuse(
        field,
        `${named} is neither a counter (${counters.join(', ')}) nor an errno (${Object.keys(ERRNO).join(', ')})`,
      );
    return idx;
  };
  const entryOf = (field: string, entry: unknown): MapEntry => {
    if (entry === undefined) return refuse(field, `is missing: ${ZERO}`);
    if (typeof entry === 'string' && isErrno(entry)) return entry;
    if (entry !== 'general' && !Array.isArray(entry)) return counterNamed(field, entry);
    const choice = entry === 'general' ? general : entry;
    if (choice.length === 0) refuse(field, 'no counter is there that could count it');
    if (!decisions.includes('givesOutCounters'))
      refuse(field, "names more than one counter, of which only a driver with allocation: 'bitmap' chooses one");
    const idxs = choice.map((named: unknown) => counterNamed(field, named));
    if (new Set(idxs).size < idxs.length) refuse(field, 'names a counter twice');
    return idxs;
  };
  const generalEntryOf = (kind: string) => (field: string, entry: unknown) => {
    const read = entryOf(field, entry);
    const fixed = isCounted(read) ? choices(read).find((idx) => idx < COUNTERS.length) : undefined;
    if (fixed !== undefined) refuse(field, `${counterAt(fixed)} is a fixed counter, and counts no ${kind} event`);
    return read;
  };
  const cacheEntryOf = generalEntryOf('cache');
  const cacheMap =
    typeof description.cacheEvents === 'string'
      ? undefined
      : readCacheMap(description.cacheEvents, cacheEntryOf, refuse);
  const { rawEvents } = description;
  const capabilities = readCapabilities(description);
  const pmu: Pmu = {
    numCounters,
    maxCounters: numCounters,
    hwEvents: readHardwareMap(description.hwEvents, entryOf),
    cacheEvents: cacheMap?.[0] ?? cacheEntryOf('cacheEvents', description.cacheEvents),
    ...(cacheMap && { cacheMap }),
    ...(rawEvents !== undefined && { rawEvents: generalEntryOf('raw')('rawEvents', rawEvents) }),
    ...(capabilities && { capabilities }),
    interrupt,
    filters,
    counterWidth,
    wordBits: 64,
    xlen: xlen ?? 64,
    ...(xlen === undefined && { eitherXlen: true }),
    ...(widths && { widths }),
    intBits: 32,
    ...(description.writable && { writable: true }),
    ...(counterWidth < ENDLESS && { counterBits: counterWidth }),
  };
  return { name, pmu, decisions, description };
}

/** Everything that the driver does otherwise than the posted one. */
function readBehaviour(description: PmuDescription): DecisionName[] {
  const { interrupt, filters, writable = false, decisions } = description;
  const { allocation = 'by-event', overflow = 'none' } = description;
  for (const [field, value] of Object.entries({ interrupt, filters, writable }))
    if (typeof value !== 'boolean') refuse(field, 'must be true or false');
  oneOf('allocation', allocation, ALLOCATION);
  oneOf('overflow', overflow, OVERFLOW);
  if (overflow === 'handled' && !interrupt) refuse('overflow', 'cannot be handled where there is no interrupt');
  if (overflow === 'handled' && !writable)
    refuse('overflow', 'cannot be handled by a driver that cannot write where the counter begins (writable)');
  if (!Array.isArray(decisions)) refuse('decisions', 'must be a list of names');
  for (const decision of decisions as readonly DecisionName[]) {
    if (typeof decision !== 'string' || !Object.hasOwn(DECISIONS, decision))
      refuse('decisions', `there is no decision ${decision}; there are ${Object.keys(DECISIONS).join(', ')}`);
    if (OWN_FIELD[decision] !== undefined) refuse('decisions', `${decision} is what ${OWN_FIELD[decision]} says`);
  }
  const writes: DecisionName[] = writable ? ['writesCounter'] : [];
  return [...decisions, ...ALLOCATION[allocation], ...writes, ...OVERFLOW[overflow]];
}

/** What the core refuses by itself; undefined if nothing is said of it. */
function readCapabilities(description: PmuDescription): Capabilities | undefined {
  const { capabilities } = description;
  if (capabilities === undefined) return undefined;
  if (!Array.isArray(capabilities)) refuse('capabilities', 'must be a list of names');
  for (const name of capabilities as readonly CapabilityName[]) {
    oneOf('capabilities', name, CAPABILITIES);
    const field = CAPABILITIES[name];
    if (description[field]) refuse('capabilities', `${name} says that there is no such thing as ${field}: true has`);
  }
  return { noInterrupt: capabilities.includes('NO_INTERRUPT'), noExclude: capabilities.includes('NO_EXCLUDE') };
}

/** The general counters, in their order. */
function readGeneral(described: PmuDescription['generalCounters']): Counter[] {
  if (!Array.isArray(described)) {
    wholeNumber('generalCounters', described, 0, 29);
    return Array.from({ length: described as number }, (_, general) => counterAt(COUNTERS.length + general));
  }
  const known = Array.from({ length: 29 }, (_, general) => counterAt(COUNTERS.length + general));
  for (const named of described as unknown[])
    if (!known.includes(named as Counter))
      refuse('generalCounters', `${JSON.stringify(named)} is no general counter (hpmcounter3 to hpmcounter31)`);
  if (new Set(described).size < described.length) refuse('generalCounters', 'names a counter twice');
  return known.filter((counter) => described.includes(counter));
}

/** The width of most counters, and those of each where they are not the same. */
function readWidths(described: PmuDescription['counterWidth'], counters: readonly Counter[]) {
  if (typeof described !== 'object' || described === null) {
    wholeNumber('counterWidth', described, 1, 64);
    return { counterWidth: described as number };
  }
  const isBase = (counter: Counter): boolean => (COUNTERS as readonly Counter[]).includes(counter);
  for (const [name, bits] of Object.entries(described)) {
    if (name !== 'base' && name !== 'general' && !counters.includes(name as Counter))
      refuse(`counterWidth.${name}`, `there is no such counter; there are base, general, ${counters.join(', ')}`);
    wholeNumber(`counterWidth.${name}`, bits, 1, 64);
  }
  const widths = Object.fromEntries(
    counters.map((counter) => {
      const bits = described[counter] ?? described[isBase(counter) ? 'base' : 'general'];
      return [counter, bits ?? refuse('counterWidth', `the width of ${counter} is missing`)];
    }),
  );
  const counterWidth = Math.max(...Object.values(widths));
  return Object.values(widths).every((bits) => bits === counterWidth) ? { counterWidth } : { counterWidth, widths };
}

function oneOf(field: string, value: unknown, known: object): void {
  if (typeof value !== 'string' || !Object.hasOwn(known, value))
    refuse(field, `must be ${Object.keys(known).join(' or ')}, not ${JSON.stringify(value)}`);
}

function readHardwareMap(
  map: PmuDescription['hwEvents'],
  entryOf: (field: string, entry: unknown) => MapEntry,
): MapEntry[] {
  if (typeof map !== 'object' || map === null) refuse('hwEvents', 'must be a map of events');
  for (const event of Object.keys(map))
    if (!(HARDWARE_EVENTS as readonly string[]).includes(event))
      refuse(`hwEvents.${event}`, `there is no such event; there are ${HARDWARE_EVENTS.join(', ')}`);
  const length = HARDWARE_EVENTS.findLastIndex((event) => Object.hasOwn(map, event)) + 1;
  if (length === 0) refuse('hwEvents', 'lists no event');
  const entries = HARDWARE_EVENTS.slice(0, length).map((event) => entryOf(`hwEvents.${event}`, map[event]));
  for (const [config, entry] of entries.entries())
    for (const idx of isCounted(entry) ? choices(entry) : []) {
      if (idx >= COUNTERS.length) continue;
      const event = HARDWARE_EVENTS[config]!;
      const twin = HARDWARE_EVENTS[entries.findIndex((other) => isCounted(other) && choices(other).includes(idx))]!;
      if (twin !== event)
        refuse(`hwEvents.${event}`, `${counterAt(idx)} is a fixed counter, and counts ${twin} already`);
      const owner = idx === 0 ? PERF_COUNT_HW.CPU_CYCLES : PERF_COUNT_HW.INSTRUCTIONS;
      if (config !== owner)
        refuse(`hwEvents.${event}`, `${counterAt(idx)} is a fixed counter, and counts ${HARDWARE_EVENTS[owner]} only`);
    }
  return entries;
}

function wholeNumber(field: string, value: unknown, from: number, to: number): void {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < from || value > to)
    refuse(field, `must be a whole number from ${from} to ${to}, not ${JSON.stringify(value)}`);
}
