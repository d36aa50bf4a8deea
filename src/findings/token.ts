import { createHash } from 'node:crypto';
import type { Finding } from './finding.ts';

/** What a token begins with wherever a person reads it. */
const PREFIX = 'hp:';

/** Letters of a token: among the findings of a report, no two have the same. */
const LENGTH = 6;

/** The short name of a finding, the same in every run, format and command: `hp:3f9a1c`. */
export const tokenOf = (id: string): string =>
  PREFIX + createHash('sha256').update(plain(id)).digest('hex').slice(0, LENGTH);

/** An id as it is in the name of a log. */
export const plain = (id: string): string => id.replace(/[^\w-]+/g, '.');

/** Whether a person means this finding: by its token, its id, or the beginning of one of them. */
export function isNamed(id: string, name: string): boolean {
  const token = name.startsWith(PREFIX) ? name : PREFIX + name;
  return tokenOf(id).startsWith(token) || id.startsWith(name);
}

/** A cause of a report, by its number (from 1), and its findings. */
export interface Named {
  readonly number: number;
  readonly findings: readonly Finding[];
}

/**
 * The findings that a person names: by the number of their cause, or by a token or an id of one, or the beginning of it.
 * Several causes where the beginning fits several; none where it fits none.
 */
export function namedIn(causes: readonly (readonly Finding[])[], name: string): Named[] {
  const numbered = causes.map((findings, index) => ({ number: index + 1, findings }));
  if (/^\d{1,3}$/.test(name)) {
    const found = numbered.filter(({ number }) => number === Number(name));
    if (found.length > 0) return found;
  }
  return numbered.flatMap(({ number, findings: all }) => {
    // The first of a cause stands for all of it.
    if (isNamed(all[0]!.id, name)) return [{ number, findings: all }];
    const findings = all.filter(({ id }) => isNamed(id, name));
    return findings.length === 0 ? [] : [{ number, findings }];
  });
}
