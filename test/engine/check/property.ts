import type { Clause, Property } from '../../../src/facts/index.ts';

/** A property for a test: only its clauses matter. */
export const property = (clauses: readonly Clause[], more: Partial<Property> = {}): Property => ({
  id: 'property',
  statement: 'a property',
  severity: 'low',
  source: 'the test',
  consequence: 'none',
  vacuousWhen: 'nothing happens',
  speaksOf: () => true,
  clauses,
  ...more,
});
