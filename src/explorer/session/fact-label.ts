import { type Fact, type IndexField, WIRING } from '../../facts/index.ts';
import { factInC } from '../../findings/rows.ts';

/** A fact that happened or can happen, in the words of the C, with what it is about where those words do not say it. */
export function factLabel(fact: Fact): string {
  const text = factInC(fact);
  if (fact.type === 'hart.tick') return `hart ${fact.hart}: ${text}`;
  return 'event' in fact && !text.includes(`event ${fact.event}`) ? `event ${fact.event}: ${text}` : text;
}

/** A fact without the data that machines author: its type and its indices. */
export function bareLabel(fact: Fact): string {
  const fields = fact as unknown as Record<string, unknown>;
  const indices = (WIRING[fact.type].indices as readonly IndexField[]).map((field) => {
    const value = fields[field];
    return field === 'event' || field === 'hart' || field === 'flags' ? `${field} ${value}` : String(value);
  });
  return [fact.type, indices.join(', ')].filter((text) => text !== '').join(' ');
}

/** A fact beside who does it: a task is one event's, so that its event need not be named again. */
export function factBeside(who: string, fact: Fact): string {
  if (fact.type === 'hart.tick') return factInC(fact);
  return who.startsWith('task') ? factInC(fact) : factLabel(fact);
}
