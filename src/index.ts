/** The library: the vocabulary, the composition, the search, the machines, the models, path tests, ports, repairs and the traces of kernels. */
export * from '../machines/drivers.ts';
export * from '../machines/index.ts';
export * from '../models/index.ts';
export * from './diagrams/index.ts';
export * from './engine/check/index.ts';
export * from './engine/compose/index.ts';
export * from './facts/index.ts';
export * from './paths/index.ts';
export * from './porting/index.ts';
export { type Repair, repair } from './repair/repair.ts';
export * from './trace/index.ts';
