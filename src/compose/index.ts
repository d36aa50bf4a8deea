export * from './fold.ts';
export * from './step.ts';
export * from './system.ts';
