import { propertyOf as modelPropertyOf, PROPERTIES } from '../../models/index.ts';
import type { Property } from '../facts/index.ts';
import { SUBJECT_PROPERTIES } from '../subject/properties.ts';
import type { AuditTarget } from './audit-target.ts';

/** The id, if it is that of a property of which an audit can ask. Throws a RangeError that lists the ids if it is not. */
export function propertyIn({ everywhere = [] }: AuditTarget, id: string): string {
  if (everywhere.some((property) => property.id === id)) return id;
  if (SUBJECT_PROPERTIES.some((property) => property.id === id))
    throw new RangeError(`${id} is asked of C that runs: name it with --source`);
  return modelPropertyOf(id).id;
}

/** The property of that id: one of the models, or one that only real code can break. Throws a RangeError if there is none. */
export function propertyOf(id: string): Property {
  const found = [...PROPERTIES, ...SUBJECT_PROPERTIES].find((property) => property.id === id);
  if (found === undefined) throw new RangeError(`there is no property ${id}`);
  return found;
}
