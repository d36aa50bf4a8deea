import { type Answer, COUNTERS, ERRNO, PERF_COUNT_HW } from './constants.ts';

/** What counts an event: the index of its counter, or of each counter that could be given to it; none where that is not known. */
export type Counting = number | readonly number[];

/** A map entry: what counts the event, or the error that `event_init` answers. */
export type MapEntry = Counting | Exclude<Answer, 0>;

/** Whether a map says that an event can be counted. */
export const isCounted = (entry: MapEntry | undefined): entry is Counting =>
  entry !== undefined && typeof entry !== 'string';

/** The indices of the counters that could count an event. */
export const choices = (counting: Counting): readonly number[] =>
  typeof counting === 'number' ? [counting] : counting;

/** `PERF_PMU_CAP_NO_INTERRUPT` (no samples) and `PERF_PMU_CAP_NO_EXCLUDE` (no `exclude_*`). */
export interface Capabilities {
  readonly noInterrupt: boolean;
  readonly noExclude: boolean;
}

/**
 * The numbers of a PMU (`struct riscv_pmu`), and the widths of the machine that it sits in. Widths are in bits.
 *
 * @public
 */
export interface Pmu {
  /** `num_counters`: how many events `add` lets in. */
  readonly numCounters: number;
  /** The length of `events[]` (`RISCV_MAX_COUNTERS`). */
  readonly maxCounters: number;
  /** `hw_events`, indexed by `attr.config`; its length is `max_events`. */
  readonly hwEvents: readonly MapEntry[];
  /** What `map_cache_event` answers: one entry, since the base PMU answers every cache event alike. */
  readonly cacheEvents: MapEntry;
  /** What it answers where that is not the same for every cache event, by `attr.config`. */
  readonly cacheMap?: Readonly<Record<number, MapEntry>>;
  /** The widths of counters in bits, where they are not all the same: the others have `counterWidth`. */
  readonly widths?: Readonly<Record<string, number>>;
  /** Set where the driver is for RV32 as well as for RV64. */
  readonly eitherXlen?: true;
  /** Whether the PMU has an overflow interrupt: `irq` is not -1. */
  readonly interrupt: boolean;
  /** Whether the counters can leave out modes of privilege, as `exclude_*` asks. */
  readonly filters: boolean;
  /** What the map says of every raw event; refused with `EOPNOTSUPP` if left out. */
  readonly rawEvents?: MapEntry;
  /** What `pmu.capabilities` says, of which the core refuses by itself what they exclude. */
  readonly capabilities?: Capabilities;
  /** Set where the counters can be written. */
  readonly writable?: true;
  /** `counter_width`: how many bits of a delta `read` keeps. */
  readonly counterWidth: number;
  /** The width of `prev_count` (a `u64`), and of a hart's counters where `counterBits` does not say otherwise. */
  readonly wordBits: number;
  /** The width of the counters, where they come round before a count does. */
  readonly counterBits?: number;
  /** How many bits one `csr_read` returns: as many as a word on RV64, half on RV32. */
  readonly xlen: number;
  /** The width of `int` and `atomic_t`. */
  readonly intBits: number;
}

/** The seed's `riscv_base_pmu` on RV64. */
export const RISCV_BASE_PMU: Pmu = {
  numCounters: COUNTERS.length,
  maxCounters: COUNTERS.length,
  hwEvents: Array.from({ length: PERF_COUNT_HW.BUS_CYCLES + 1 }, (_, config) =>
    config === PERF_COUNT_HW.CPU_CYCLES ? 0 : config === PERF_COUNT_HW.INSTRUCTIONS ? 1 : 'EOPNOTSUPP',
  ),
  cacheEvents: 'ENOENT',
  interrupt: false,
  filters: false,
  counterWidth: 63,
  wordBits: 64,
  xlen: 64,
  intBits: 32,
};

/** The width below which a counter comes round while somebody counts: at a gigahertz, 2^63 cycles are three centuries. */
export const ENDLESS = 63;

/** What the cache map of a PMU says of an event. */
export const cacheEntry = ({ cacheMap, cacheEvents }: Pmu, config: number): MapEntry =>
  cacheMap?.[config] ?? cacheEvents;

/** How many bits a counter of a PMU has. */
export const widthOf = ({ widths, counterWidth }: Pmu, counter: string): number => widths?.[counter] ?? counterWidth;

/**
 * The PMU in small, for a search: the same maps and the same proportions, with `wordBits` for 64.
 * `counter_width` stays one bit below a word, as in the seed; on RV32 a CSR is half a word.
 */
export function scaled(pmu: Pmu, wordBits: number, rv32 = false): Pmu {
  return { ...pmu, wordBits, counterWidth: wordBits - 1, xlen: rv32 ? wordBits / 2 : wordBits };
}

/** Throws a RangeError that names the field, if these numbers describe no PMU. */
export function checkPmu(pmu: Pmu): Pmu {
  const fail = (field: string, reason: string): never => {
    throw new RangeError(`PMU: ${field}: ${reason}`);
  };
  if (!(pmu.numCounters >= 1)) fail('numCounters', 'a PMU has at least one counter');
  if (pmu.maxCounters < pmu.numCounters) fail('maxCounters', `events[] must hold all ${pmu.numCounters} counters`);
  if (pmu.counterWidth < 1 || pmu.counterWidth > 64) fail('counterWidth', 'must be 1 to 64 bits');
  if (pmu.wordBits < 1 || pmu.wordBits > 64) fail('wordBits', 'must be 1 to 64 bits');
  if (pmu.xlen < 1 || pmu.xlen > pmu.wordBits) fail('xlen', 'must be 1 bit to one word');
  if (pmu.counterBits !== undefined && !(pmu.counterBits >= 1 && pmu.counterBits < pmu.wordBits))
    fail('counterBits', 'must be at least 1 bit, and less than a word');
  for (const [config, entry] of pmu.hwEvents.entries()) checkEntry(`hwEvents[${config}]`, entry);
  checkEntry('cacheEvents', pmu.cacheEvents);
  if (pmu.rawEvents !== undefined) checkEntry('rawEvents', pmu.rawEvents);
  for (const [config, entry] of Object.entries(pmu.cacheMap ?? {})) checkEntry(`cacheMap[${config}]`, entry);
  return pmu;

  function checkEntry(field: string, entry: MapEntry): void {
    if (typeof entry === 'string') {
      if (!(entry in ERRNO)) fail(field, `${entry} is no errno`);
      return;
    }
    for (const idx of choices(entry))
      if (!Number.isInteger(idx) || idx < 0 || idx >= pmu.maxCounters)
        fail(field, `counter ${idx} does not exist (0 to ${pmu.maxCounters - 1})`);
  }
}
