export * from './evaluate.ts';
export * from './property.ts';
export * from './search.ts';
export * from './verdict.ts';
