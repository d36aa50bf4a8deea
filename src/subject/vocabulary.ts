import type { Vocabulary } from '../engine/index.ts';
import { type Fact, PERF, type Role } from '../facts/index.ts';

/** The C itself, where it stands beside a model of it. */
export const SUBJECT = 'subject' as Role;

/** What C does beyond the vocabulary of perf: see `properties.ts`. */
const OF_C = {
  participants: ['driver'],
  everyone: [],
  indices: [],
  values: {},
  authors: {},
  background: false,
} as const;

/** The vocabulary of perf, with what only real code can do. */
export const PERF_IN_C: Vocabulary<Fact, Role> = {
  ...PERF,
  facts: { ...PERF.facts, crash: OF_C, undefined: OF_C },
  roles: { ...PERF.roles, [SUBJECT]: {} },
};
