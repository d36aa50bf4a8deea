export * from './check.ts';
export {
  BrokenLine,
  type CallbackLine,
  type MarkLine,
  type ParsedTrace,
  parseTrace,
  type Seen,
  type TraceLine,
} from './line.ts';
export type { BrokenPromise, Undecided } from './promises.ts';
export * from './recording/index.ts';
export type { TraceRefusal } from './refusal.ts';
export { survey } from './survey.ts';
