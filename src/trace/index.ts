export * from './check.ts';
export { BrokenLine, type CallbackLine, type MarkLine, type ParsedTrace, parseTrace, type TraceLine } from './line.ts';
export type { BrokenPromise } from './promises.ts';
export type { TraceRefusal } from './refusal.ts';
