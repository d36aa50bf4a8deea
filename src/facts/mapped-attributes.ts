import type { AttributeKind } from './attributes.ts';
import { PERF_COUNT_HW, PERF_TYPE } from './constants.ts';

/** `PERF_COUNT_HW_CACHE_*`: the rows of a cache map, in the order of the ABI. */
export const CACHES = ['L1D', 'L1I', 'LL', 'DTLB', 'ITLB', 'BPU', 'NODE'] as const;
export const CACHE_OPS = ['read', 'write', 'prefetch'] as const;
export const CACHE_RESULTS = ['access', 'miss'] as const;

/** A cache event, by its place in the map: `DTLB-read-miss`. */
export type CacheEvent = `${(typeof CACHES)[number]}-${(typeof CACHE_OPS)[number]}-${(typeof CACHE_RESULTS)[number]}`;

/** `attr.config` of each cache event. */
export const CACHE_CONFIGS = Object.fromEntries(
  CACHES.flatMap((cache, row) =>
    CACHE_OPS.flatMap((op, place) =>
      CACHE_RESULTS.map((result, last) => [`${cache}-${op}-${result}`, row | (place << 8) | (last << 16)]),
    ),
  ),
) as Readonly<Record<CacheEvent, number>>;

const OTHER_HARDWARE = {
  'cache-references': PERF_COUNT_HW.CACHE_REFERENCES,
  branches: PERF_COUNT_HW.BRANCH_INSTRUCTIONS,
  'branch-misses': PERF_COUNT_HW.BRANCH_MISSES,
  'bus-cycles': PERF_COUNT_HW.BUS_CYCLES,
  'stalled-cycles-backend': PERF_COUNT_HW.STALLED_CYCLES_BACKEND,
  'ref-cycles': PERF_COUNT_HW.REF_CPU_CYCLES,
} as const;

/** For this PMU, valid, but not supported; a PMU may also leave the event to another one. */
export const UNSUPPORTED = ['EOPNOTSUPP', 'ENOENT'] as const;

export type MappedAttribute = keyof typeof OTHER_HARDWARE | CacheEvent;

/** The other events of the maps, by name: asked for where a PMU counts them on counters that no event of `ATTRIBUTES` has. */
export const MAPPED_ATTRIBUTES = Object.fromEntries([
  ...Object.entries(OTHER_HARDWARE).map(([name, config]) => [
    name,
    { type: PERF_TYPE.HARDWARE, config, answers: UNSUPPORTED },
  ]),
  ...Object.entries(CACHE_CONFIGS).map(([name, config]) => [
    name,
    { type: PERF_TYPE.HW_CACHE, config, answers: UNSUPPORTED },
  ]),
]) as Readonly<Record<MappedAttribute, AttributeKind>>;
