/** The constants of Linux's perf interface, by their kernel names (`include/uapi/linux/perf_event.h`, `include/linux/perf_event.h`). */

/** Error numbers that an `event_init` or `add` can answer, as the kernel numbers them. */
export const ERRNO = {
  ENOENT: 2,
  EAGAIN: 11,
  EACCES: 13,
  EBUSY: 16,
  ENODEV: 19,
  EINVAL: 22,
  ENOSPC: 28,
  EOPNOTSUPP: 95,
} as const;

export type Errno = keyof typeof ERRNO;

/** What a callback answers: 0, or the name of the error whose negative it returned. */
export type Answer = 0 | Errno;

/** The answer that a C return value stands for (`-16` is `'EBUSY'`). Throws a RangeError on a value that is no errno of the interface. */
export function answerOf(returned: number): Answer {
  if (returned === 0) return 0;
  for (const [name, value] of Object.entries(ERRNO)) if (value === -returned) return name as Errno;
  throw new RangeError(`${returned} is not 0 or the negative of a known errno (${Object.keys(ERRNO).join(', ')})`);
}

/** Flags of `add`, `del`, `start` and `stop`. */
export const PERF_EF = { START: 1, RELOAD: 2, UPDATE: 4 } as const;

/** Bits of `hw.state`. */
export const PERF_HES = { STOPPED: 1, UPTODATE: 2 } as const;

/** `perf_event_attr.type`. */
export const PERF_TYPE = {
  HARDWARE: 0,
  SOFTWARE: 1,
  TRACEPOINT: 2,
  HW_CACHE: 3,
  RAW: 4,
  BREAKPOINT: 5,
} as const;

/** `perf_event_attr.config` of a `PERF_TYPE_HARDWARE` event. */
export const PERF_COUNT_HW = {
  CPU_CYCLES: 0,
  INSTRUCTIONS: 1,
  CACHE_REFERENCES: 2,
  CACHE_MISSES: 3,
  BRANCH_INSTRUCTIONS: 4,
  BRANCH_MISSES: 5,
  BUS_CYCLES: 6,
  STALLED_CYCLES_FRONTEND: 7,
  STALLED_CYCLES_BACKEND: 8,
  REF_CPU_CYCLES: 9,
} as const;

/** The counters of the RISC-V base PMU, in the order of their index (`RISCV_PMU_CYCLE`, `RISCV_PMU_INSTRET`). */
export const COUNTERS = ['cycle', 'instret'] as const;

/** A counter by the name of its CSR. @public */
export type Counter = (typeof COUNTERS)[number] | `hpmcounter${number}`;

/** The counter of that index (0 or more): after the base ones come `hpmcounter3` and so on (`RISCV_PMU_MHPMCOUNTER3` is 2). */
export const counterAt = (idx: number): Counter => COUNTERS[idx] ?? `hpmcounter${idx + 1}`;

/** The index of a counter: the other way round. */
export const indexOfCounter = (counter: Counter): number => {
  const base = (COUNTERS as readonly Counter[]).indexOf(counter);
  return base >= 0 ? base : Number(counter.slice('hpmcounter'.length)) - 1;
};
