import type { Table } from '../findings/report.ts';

/** Of one property, why it came to what it did: `slot-owner is bounded: …`. */
const OF_ONE = /^([a-z0-9-]+) is ((?:bounded|vacuous|not asked)\b.*)$/s;

/**
 * The notes of a table, those that say the same of several properties as one.
 *
 * @returns `slot-owner, index-in-bounds are bounded: …`, and of all that stand in the table, `All of them are bounded: …`.
 */
export function notesOf({ notes, rows }: Pick<Table, 'notes' | 'rows'>): string[] {
  const groups = new Map<string, string[]>();
  for (const note of notes) {
    const [, property, said = note] = OF_ONE.exec(note) ?? [];
    const group = groups.get(said) ?? [];
    if (property !== undefined) group.push(property);
    groups.set(said, group);
  }
  return [...groups].map(([said, properties]) => {
    if (properties.length === 0) return said;
    if (properties.length === 1) return `${properties[0]} is ${said}`;
    return `${properties.length === rows.length ? 'All of them' : properties.join(', ')} are ${said}`;
  });
}
