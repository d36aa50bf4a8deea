import {
  type Attribute,
  attributeKind,
  type MappedAttribute,
  PERF_COUNT_HW,
  PERF_TYPE,
  type Word,
} from '../facts/index.ts';

/** The first number beyond the SOFTWARE events that the modelled kernels know (`PERF_COUNT_SW_BPF_OUTPUT` is the last). */
const SOFTWARE_END = 11;

/** What an open asks for beside its type and config, which a callback does not show. */
export interface Asks {
  /** Samples, or a frequency. */
  readonly sampling: boolean;
  /** An exclusion, or another modifier that the counters do not have. */
  readonly modifier: boolean;
}

/**
 * The kind of attribute that an event is, as the model knows kinds. `mapped` are the events of its maps that the PMU counts (see
 * {@link mappedOn}); what it does not count is told by how it is refused.
 */
export function kindOf(type: number, config: Word, asks: Asks, mapped: readonly MappedAttribute[]): Attribute {
  const found = mapped.find((name) => {
    const kind = attributeKind(name);
    return kind.type === type && kind.config === config;
  });
  return found ?? unmapped(type, config, asks);
}

function unmapped(type: number, config: Word, { sampling, modifier }: Asks): Attribute {
  switch (type) {
    case PERF_TYPE.HARDWARE:
      if (config === PERF_COUNT_HW.CPU_CYCLES) return sampling ? 'sampling' : modifier ? 'exclude-kernel' : 'cycles';
      if (config === PERF_COUNT_HW.INSTRUCTIONS)
        return sampling ? 'sampling-instructions' : modifier ? 'exclude-idle' : 'instructions';
      if (typeof config === 'string' || config > PERF_COUNT_HW.REF_CPU_CYCLES) return 'invalid-config';
      return config <= PERF_COUNT_HW.BUS_CYCLES ? 'cache-misses' : 'stalled-cycles';
    case PERF_TYPE.HW_CACHE:
      return 'cache';
    case PERF_TYPE.RAW:
      return 'raw';
    case PERF_TYPE.TRACEPOINT:
      return 'tracepoint';
    case PERF_TYPE.SOFTWARE:
      return typeof config === 'number' && config < SOFTWARE_END ? 'software' : 'unknown-type';
    case PERF_TYPE.BREAKPOINT:
      return 'breakpoint';
    default:
      return 'unknown-type';
  }
}

/** What the program's own note of a `perf_event_open` says that it asks for. */
export function asksOf(note: string): Asks {
  return { sampling: /\b(freq|period) \d/.test(note), modifier: /\b(exclude_\w+|precise_ip)\b/.test(note) };
}
