import { DECISIONS, type DecisionName } from '../../machines/driver/decisions.ts';
import { COUNTERS, type Counter, counterAt, ERRNO, type MapEntry, PERF_COUNT_HW, type Pmu } from '../facts/index.ts';
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
  /** How many general counters there are beside `cycle` and `instret`: they are `hpmcounter3` and so on (0 to 29). */
  readonly generalCounters: number;
  /** `counter_width`: how many bits of a difference between two readings count (1 to 64). */
  readonly counterWidth: number;
  /** How many bits one `csr_read` returns. */
  readonly xlen: 32 | 64;
  /** `hw_events`: for each event up to the last that the map lists, the counter that counts it, or an errno. */
  readonly hwEvents: { readonly [E in HardwareEvent]?: string };
  /** `cache_events`: every row, or one errno with which the driver answers them all. */
  readonly cacheEvents: string | CacheMap;
  /** Whether a counter that overflows raises an interrupt. */
  readonly interrupt: boolean;
  /** Whether the counters can leave out modes of privilege. */
  readonly filters: boolean;
  /** What the driver does otherwise than the posted one, by the names of `machines/driver/decisions.ts`. */
  readonly decisions: readonly DecisionName[];
}

/** A description that was checked, as the models take it. */
export interface Port {
  readonly name: string;
  readonly pmu: Pmu;
  readonly decisions: readonly DecisionName[];
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

/** Checks the description of a PMU and its driver. Throws {@link BadDescription}. */
export function definePmu(description: PmuDescription): Port {
  const { name, generalCounters, counterWidth, xlen, interrupt, filters, decisions } = description;
  if (typeof name !== 'string' || !/^[\w.-]+$/.test(name)) refuse('name', 'must be a word of letters, digits, - and .');
  wholeNumber('generalCounters', generalCounters, 0, 29);
  wholeNumber('counterWidth', counterWidth, 1, 64);
  if (xlen !== 32 && xlen !== 64) refuse('xlen', 'must be 32 or 64');
  for (const [field, value] of Object.entries({ interrupt, filters }))
    if (typeof value !== 'boolean') refuse(field, 'must be true or false');
  if (!Array.isArray(decisions)) refuse('decisions', 'must be a list of names');
  for (const decision of decisions)
    if (!Object.hasOwn(DECISIONS, decision))
      refuse('decisions', `there is no decision ${decision}; there are ${Object.keys(DECISIONS).join(', ')}`);

  const numCounters = COUNTERS.length + generalCounters;
  const counters = Array.from({ length: numCounters }, (_, idx) => counterAt(idx));
  const entryOf = (field: string, entry: unknown): MapEntry => {
    if (entry === undefined) return refuse(field, `is missing: ${ZERO}`);
    if (typeof entry === 'string' && isErrno(entry)) return entry;
    const idx = counters.indexOf(entry as Counter);
    if (idx === -1)
      refuse(
        field,
        `${entry} is neither a counter (${counters.join(', ')}) nor an errno (${Object.keys(ERRNO).join(', ')})`,
      );
    return idx;
  };
  const pmu: Pmu = {
    numCounters,
    maxCounters: numCounters,
    hwEvents: readHardwareMap(description.hwEvents, entryOf),
    cacheEvents:
      typeof description.cacheEvents === 'string'
        ? entryOf('cacheEvents', description.cacheEvents)
        : readCacheMap(description.cacheEvents, entryOf, refuse),
    interrupt,
    filters,
    counterWidth,
    wordBits: 64,
    xlen,
    intBits: 32,
  };
  return { name, pmu, decisions };
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
  for (const [config, entry] of entries.entries()) {
    if (typeof entry !== 'number' || entry >= COUNTERS.length) continue;
    const event = HARDWARE_EVENTS[config]!;
    const twin = HARDWARE_EVENTS[entries.indexOf(entry)]!;
    if (twin !== event)
      refuse(`hwEvents.${event}`, `${counterAt(entry)} is a fixed counter, and counts ${twin} already`);
    const owner = entry === 0 ? PERF_COUNT_HW.CPU_CYCLES : PERF_COUNT_HW.INSTRUCTIONS;
    if (config !== owner)
      refuse(`hwEvents.${event}`, `${counterAt(entry)} is a fixed counter, and counts ${HARDWARE_EVENTS[owner]} only`);
  }
  return entries;
}

function wholeNumber(field: string, value: unknown, from: number, to: number): void {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < from || value > to)
    refuse(field, `must be a whole number from ${from} to ${to}, not ${JSON.stringify(value)}`);
}
