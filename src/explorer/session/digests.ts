import type { Subject } from '../../replay/subject.ts';

/** Under what name the digest of a subject's machines is kept. */
export const digestKey = ({ model, environment, driver, wordBits = 0 }: Subject): string =>
  [model, environment, driver, wordBits].join(' ');
