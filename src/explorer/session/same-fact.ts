import type { Fact } from '../../facts/index.ts';

/** The same fact twice? Facts are plain JSON, and authors write their fields in one order. */
export const sameFact = (a: Fact, b: Fact): boolean => a === b || canonical(a) === canonical(b);

const canonical = (fact: Fact): string =>
  JSON.stringify(Object.entries(fact).sort(([one], [other]) => (one < other ? -1 : 1)));
