export * from './evaluate.ts';
export * from './limits.ts';
export * from './property.ts';
export { check, type Progress, type SearchOptions } from './search.ts';
export * from './searches.ts';
export * from './verdict.ts';
