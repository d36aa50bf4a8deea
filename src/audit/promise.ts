import { PROPERTIES } from '../../models/index.ts';
import type { Property } from '../check/index.ts';
import { SUBJECT_PROPERTIES } from '../subject/properties.ts';

/** The promise of that id: one of the models, or one that only real code can break. Throws a RangeError if there is none. */
export function promiseOf(id: string): Property {
  const found = [...PROPERTIES, ...SUBJECT_PROPERTIES].find((property) => property.id === id);
  if (found === undefined) throw new RangeError(`there is no property ${id}`);
  return found;
}
