/** What a suite looks at in a driver, as the macros that name it, in C. */
export type KunitNames = Readonly<Record<string, string>>;

/** The names of the posted driver. */
export const POSTED_NAMES: KunitNames = {
  PATHS_PMU: 'riscv_pmu->pmu',
  PATHS_ACTIVE_EVENTS: 'atomic_read(&riscv_active_events)',
  PATHS_CLEAR_ACTIVE_EVENTS: 'atomic_set(&riscv_active_events, 0)',
  'PATHS_N_EVENTS(hart)': '(per_cpu_ptr(&cpu_hw_events, hart)->n_events)',
  'PATHS_SLOTS(hart)': '(per_cpu_ptr(&cpu_hw_events, hart)->events)',
  PATHS_N_SLOTS: 'ARRAY_SIZE(this_cpu_ptr(&cpu_hw_events)->events)',
  PATHS_PERF_IRQ: 'perf_irq',
  PATHS_HANDLER: 'perf_irq_t',
};

/** What the search for names (`probe` of a driver's text) found of a driver. */
interface Found {
  readonly PERF_IRQ?: string;
  readonly ACTIVE_EVENTS?: string;
  readonly 'BOOKKEEPING(hart)'?: string;
  readonly N_EVENTS?: string;
  readonly EVENTS?: string;
}

/** The names of the driver with this text; what it does not have has no name. Throws a RangeError if it defines no `struct pmu`. */
export function namesOf(text: string, found: Found): KunitNames {
  const pmu = /\bstruct\s+pmu\s+(\w+)\s*=\s*\{/.exec(text)?.[1];
  if (pmu === undefined)
    throw new RangeError('the driver has no `struct pmu NAME = {` that a suite could name: define PATHS_PMU yourself');
  const { PERF_IRQ, ACTIVE_EVENTS, N_EVENTS, EVENTS, 'BOOKKEEPING(hart)': all } = found;
  // What is found through the harness alone is not there in a kernel.
  const bookkeeping = all?.includes('shim_') ? undefined : all;
  const kind = ACTIVE_EVENTS && new RegExp(`\\brefcount_t\\s+${ACTIVE_EVENTS}\\b`).test(text) ? 'refcount' : 'atomic';
  return {
    PATHS_PMU: `(&${pmu})`,
    ...(ACTIVE_EVENTS && {
      PATHS_ACTIVE_EVENTS: `${kind}_read(&${ACTIVE_EVENTS})`,
      PATHS_CLEAR_ACTIVE_EVENTS: `${kind}_set(&${ACTIVE_EVENTS}, 0)`,
    }),
    ...(bookkeeping && N_EVENTS && { 'PATHS_N_EVENTS(hart)': `(${bookkeeping}->${N_EVENTS})` }),
    ...(bookkeeping &&
      EVENTS && {
        'PATHS_SLOTS(hart)': `(${bookkeeping}->${EVENTS})`,
        PATHS_N_SLOTS: `ARRAY_SIZE(${bookkeeping.replace(/\bhart\b/g, '0')}->${EVENTS})`,
      }),
    ...(PERF_IRQ && { PATHS_PERF_IRQ: PERF_IRQ, PATHS_HANDLER: `typeof(${PERF_IRQ})` }),
  };
}

/** The macros, where the file that includes the suite does not define its own. */
export const namesText = (
  names: KunitNames,
): string => `/* What is looked at; what has no name here is not. Define PATHS_PMU, and what else there is, before this for another driver. */
#ifndef PATHS_PMU
${Object.entries(names)
  .map(([name, value]) => `#define ${name} ${value}\n`)
  .join('')}#endif
`;
