import type { Xlen } from './flags.ts';

/**
 * The configuration that drivers are compiled with: what a driver of a PMU may lean on is there, what would bring
 * instructions of an architecture is not. A driver's own symbol comes with the driver.
 */
const BASE = `
RISCV SMP MMU HAS_IOMEM ARCH_HAS_PTE_SPECIAL FLATMEM SPARSEMEM_VMEMMAP
PERF_EVENTS HAVE_PERF_EVENTS HOTPLUG_CPU CPU_PM OF OF_IRQ OF_ADDRESS ACPI PCI PCI_MSI AUXILIARY_BUS IRQ_DOMAIN
GENERIC_MSI_IRQ GENERIC_IRQ_IPI GENERIC_SCHED_CLOCK COMMON_CLK HAVE_CLK HAVE_CLK_PREPARE RESET_CONTROLLER SYSFS SYSCTL PRINTK BUG MODULES SLUB TREE_RCU SRCU TREE_SRCU
THREAD_INFO_IN_TASK HAVE_ARCH_THREAD_STRUCT_WHITELIST CC_HAS_ASM_GOTO_OUTPUT DEBUG_SPINLOCK
ARM_PMU ARM_CCI400_PMU ARM_CCI400_COMMON ARM_CCI5xx_PMU RISCV_SBI RISCV_PMU RISCV_PMU_SBI RISCV_PMU_LEGACY RISCV_ISA_V_DEFAULT_ENABLE
`;

/** What hangs on how long a `long` is. */
const OF_XLEN = { 64: '64BIT ARCH_RV64I PHYS_ADDR_T_64BIT', 32: '32BIT ARCH_RV32I' } as const;

const VALUES: Readonly<Record<string, string>> = {
  NR_CPUS: '4',
  HZ: '250',
  PAGE_SHIFT: '12',
  THREAD_SIZE_ORDER: '2',
  LOG_BUF_SHIFT: '14',
  BASE_SMALL: '0',
};

/** The text of `generated/autoconf.h`, with what a user defines besides (`NAME`, `NAME=VALUE`), and without what a user undefines. `xlen`: how many bits a `long` has. */
export function autoconf(defines: readonly string[] = [], undefines: readonly string[] = [], xlen: Xlen = 64): string {
  const values = new Map([
    ...`${BASE} ${OF_XLEN[xlen]}`
      .split(/\s+/)
      .filter(Boolean)
      .map((name) => [name, '1'] as const),
    ...Object.entries(VALUES),
    ['PGTABLE_LEVELS', xlen === 64 ? '5' : '2'] as const,
    ...(xlen === 64 ? [] : [['PAGE_OFFSET', '0xc0000000'] as const]),
  ]);
  for (const define of defines) {
    const [, name, value] = /^CONFIG_(\w+)(?:=(.*))?$/.exec(define) ?? [];
    if (name !== undefined) values.set(name, value === undefined || value === 'y' ? '1' : value);
  }
  return [...values]
    .filter(([name, value]) => value !== 'n' && !undefines.includes(`CONFIG_${name}`))
    .map(([name, value]) => `#define CONFIG_${name} ${value}\n`)
    .join('');
}
