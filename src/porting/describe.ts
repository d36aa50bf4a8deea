/** What `hartproof` is to a file that describes a PMU or a device: enough for that, and quick to load. */
export * from '../../machines/hardware/index.ts';
export { type BankOptions, counterBank } from '../../models/devices/bank.ts';
export * from './cache-map.ts';
export * from './define-pmu.ts';
