export * from './claim.ts';
export * from './fold.ts';
export type { Local } from './learnt-machine.ts';
export { appendLearnt, initialLocals, type Locals, learntMachine } from './locals.ts';
export * from './projection.ts';
export * from './step.ts';
export * from './system.ts';
