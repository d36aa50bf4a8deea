import type { DriverSource } from '../../src/subject/index.ts';

/**
 * The driver of 2018 and suites behind it as one file that today's kernel compiles, as a module or built in. The kernel's header
 * of the same name is another one now: the driver's own stands before it, behind a guard of its own.
 */
export const moduleText = ({ headers, text }: DriverSource, suites: readonly string[]): string =>
  [
    '#define CONFIG_RISCV_BASE_PMU 1',
    '#include <linux/module.h>',
    ...[...headers.values()].map((header) => header.replaceAll('_ASM_RISCV_PERF_EVENT_H', 'PERF_EVENT_2018_H')),
    text,
    'MODULE_LICENSE("GPL");',
    ...suites,
    '',
  ].join('\n');
