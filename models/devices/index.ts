import type { Device } from '../../machines/hardware/index.ts';
import { csky } from './csky.ts';
import { imx9Ddr } from './imx9-ddr.ts';
import { riscvCounters } from './riscv-counters.ts';
import { sbi, sbi1 } from './sbi.ts';
import { starlink } from './starlink.ts';

export { type BankOptions, counterBank } from './bank.ts';

/** The devices that are described here, by their names. @public */
export const DEVICES: readonly Device[] = [starlink, sbi, sbi1, csky, imx9Ddr, riscvCounters];
