import { type Answer, type Counter, PERF_COUNT_HW, PERF_TYPE } from './constants.ts';
import { MAPPED_ATTRIBUTES, type MappedAttribute, UNSUPPORTED } from './mapped-attributes.ts';

/** One kind of event that user space can ask for: the attribute, and what the contract says of it. */
export interface AttributeKind {
  /** `attr.type`. */
  readonly type: number;
  /** `attr.config`. */
  readonly config: number;
  /** The counter that counts it; absent if no counter of this PMU can. */
  readonly counter?: Counter;
  /** Set when the event asks for samples, or for a frequency. */
  readonly sampling?: true;
  /** Set when the event asks for a filter or a modifier that the counters do not have. */
  readonly modifier?: true;
  /** The answers of `event_init` that keep the contract (the comment at `event_init` in `include/linux/perf_event.h`). */
  readonly answers: readonly Answer[];
}

/** For this PMU, and it can never be honoured. */
const IMPOSSIBLE = ['EOPNOTSUPP', 'EINVAL'] as const;
/** Not for this PMU: any other answer ends the search for the PMU that could take it. */
const NOT_OURS = ['ENOENT'] as const;

/** Every kind of attribute that the environments offer, by name. */
export const ATTRIBUTES = {
  cycles: { type: PERF_TYPE.HARDWARE, config: PERF_COUNT_HW.CPU_CYCLES, counter: 'cycle', answers: [0] },
  instructions: { type: PERF_TYPE.HARDWARE, config: PERF_COUNT_HW.INSTRUCTIONS, counter: 'instret', answers: [0] },
  /** A generic hardware event that the map lists as unsupported. */
  'cache-misses': { type: PERF_TYPE.HARDWARE, config: PERF_COUNT_HW.CACHE_MISSES, answers: UNSUPPORTED },
  /** A generic hardware event of the ABI that lies beyond the end of the map. */
  'stalled-cycles': { type: PERF_TYPE.HARDWARE, config: PERF_COUNT_HW.STALLED_CYCLES_FRONTEND, answers: UNSUPPORTED },
  /** A hardware config that no ABI knows. */
  'invalid-config': { type: PERF_TYPE.HARDWARE, config: 4096, answers: ['EINVAL', 'ENOENT'] },
  cache: { type: PERF_TYPE.HW_CACHE, config: 0, answers: UNSUPPORTED },
  raw: { type: PERF_TYPE.RAW, config: 1, answers: ['EOPNOTSUPP', 'EINVAL', 'ENOENT'] },
  software: { type: PERF_TYPE.SOFTWARE, config: 0, answers: NOT_OURS },
  tracepoint: { type: PERF_TYPE.TRACEPOINT, config: 1, answers: NOT_OURS },
  breakpoint: { type: PERF_TYPE.BREAKPOINT, config: 0, answers: NOT_OURS },
  'unknown-type': { type: 9999, config: 0, answers: NOT_OURS },
  /** Cycles, sampled at a frequency: the base PMU has no interrupt to do it with. */
  sampling: {
    type: PERF_TYPE.HARDWARE,
    config: PERF_COUNT_HW.CPU_CYCLES,
    counter: 'cycle',
    sampling: true,
    answers: IMPOSSIBLE,
  },
  'sampling-instructions': {
    type: PERF_TYPE.HARDWARE,
    config: PERF_COUNT_HW.INSTRUCTIONS,
    counter: 'instret',
    sampling: true,
    answers: IMPOSSIBLE,
  },
  /** Cycles of user mode alone (`exclude_kernel`): the base counters have no privilege filter. */
  'exclude-kernel': {
    type: PERF_TYPE.HARDWARE,
    config: PERF_COUNT_HW.CPU_CYCLES,
    counter: 'cycle',
    modifier: true,
    answers: IMPOSSIBLE,
  },
  /** Instructions outside the idle task (`exclude_idle`): the base counters cannot tell. */
  'exclude-idle': {
    type: PERF_TYPE.HARDWARE,
    config: PERF_COUNT_HW.INSTRUCTIONS,
    counter: 'instret',
    modifier: true,
    answers: IMPOSSIBLE,
  },
} as const satisfies Record<string, AttributeKind>;

/** The name of a kind of event. @public */
export type Attribute = keyof typeof ATTRIBUTES | MappedAttribute;

/** Every kind that an event can have, the ones of {@link ATTRIBUTES} first. */
export const EVERY_ATTRIBUTE: Readonly<Record<Attribute, AttributeKind>> = { ...ATTRIBUTES, ...MAPPED_ATTRIBUTES };

/** The kind of that name, with its optional parts. */
export const attributeKind = (attribute: Attribute): AttributeKind => EVERY_ATTRIBUTE[attribute];
