import { PROPERTIES, propertyOf } from '../../models/index.ts';
import type { Property } from '../check/index.ts';
import { SUBJECT_PROPERTIES } from '../subject/properties.ts';
import type { Auditee } from './auditee.ts';

/** The id, if it is that of a promise of which an audit can ask. Throws a RangeError that lists the ids if it is not. */
export function propertyIn({ everywhere = [] }: Auditee, id: string): string {
  if (everywhere.some((property) => property.id === id)) return id;
  if (SUBJECT_PROPERTIES.some((property) => property.id === id))
    throw new RangeError(`${id} is asked of C that runs: name it with --source`);
  return propertyOf(id).id;
}

/** The promise of that id: one of the models, or one that only real code can break. Throws a RangeError if there is none. */
export function promiseOf(id: string): Property {
  const found = [...PROPERTIES, ...SUBJECT_PROPERTIES].find((property) => property.id === id);
  if (found === undefined) throw new RangeError(`there is no property ${id}`);
  return found;
}
