export * from './attributes.ts';
export * from './constants.ts';
export * from './contract.ts';
export * from './form.ts';
export * from './mapped-attributes.ts';
export * from './pmu.ts';
export * from './vocabulary.ts';
export * from './word.ts';
