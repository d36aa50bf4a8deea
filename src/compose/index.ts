export * from './claim.ts';
export * from './fold.ts';
export * from './projection.ts';
export * from './step.ts';
export * from './system.ts';
