import type { Clause, Property } from '../../src/check/index.ts';

/** A property for a test: only its clauses matter. */
export const promise = (clauses: readonly Clause[], more: Partial<Property> = {}): Property => ({
  id: 'promise',
  promise: 'a promise',
  severity: 'low',
  source: 'the test',
  consequence: 'none',
  vacuousWhen: 'nothing happens',
  speaksOf: () => true,
  clauses,
  ...more,
});
