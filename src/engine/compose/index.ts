export * from './claim.ts';
export type { CompiledMachine, Local } from './compiled-machine.ts';
export * from './enabled.ts';
export * from './fold.ts';
export { appendCompiled, compiledMachine, initialLocals, type Locals, localsAlong, localsOf } from './locals.ts';
export * from './projection.ts';
export * from './step.ts';
export * from './system.ts';
