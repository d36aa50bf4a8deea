export { BrokenLine } from './broken-line.ts';
export * from './check.ts';
export {
  type CallbackLine,
  type MarkLine,
  type ParsedTrace,
  parseTrace,
  type Snapshot,
  type TraceLine,
} from './line.ts';
export type { BrokenProperty, Undecided } from './properties.ts';
export * from './recording/index.ts';
export type { TraceRefusal } from './refusal.ts';
export { indexTrace } from './trace-index.ts';
