import type { Fact } from '../../facts/index.ts';
import { sameFact } from './same-fact.ts';

/** One path that things took: a log with a name. */
export interface Branch {
  readonly name: string;
  readonly facts: readonly Fact[];
}

/** Where a person is: in a branch, after so many facts of it. Branches are kept until they are dropped. */
export interface Session {
  readonly branches: readonly Branch[];
  readonly current: number;
  readonly at: number;
}

/** A session with one log, or none, at its end. */
export const startSession = (facts: readonly Fact[] = [], name = 'main'): Session => ({
  branches: [{ name, facts }],
  current: 0,
  at: facts.length,
});

export const currentBranch = ({ branches, current }: Session): Branch => branches[current]!;

/** Goes to a position of the branch; outside of it, to its nearest end. */
export function goTo(session: Session, at: number): Session {
  const { length } = currentBranch(session).facts;
  return { ...session, at: Math.max(0, Math.min(Math.trunc(at) || 0, length)) };
}

/**
 * Lets a fact happen here. At the end the branch grows; the fact that comes next in it anyway is a step;
 * any other one begins a new branch, and the old one is kept.
 */
export function take(session: Session, fact: Fact): Session {
  const { branches, current, at } = session;
  const { name, facts } = currentBranch(session);
  const next = facts[at];
  if (next !== undefined && sameFact(next, fact)) return { ...session, at: at + 1 };
  const grown = [...facts.slice(0, at), fact];
  if (next === undefined) return { ...session, branches: branches.with(current, { name, facts: grown }), at: at + 1 };
  return adopt(session, grown, `fork at ${at}`);
}

/** Adds a log as a branch of its own and goes to its end, or to a position; a branch with the same facts is taken as it is. */
export function adopt(session: Session, facts: readonly Fact[], name: string, at = facts.length): Session {
  const { branches } = session;
  const same = branches.findIndex((branch) => isSameLog(branch.facts, facts));
  if (same >= 0) return goTo({ ...session, current: same }, at);
  const blank = branches.length === 1 && branches[0]!.facts.length === 0;
  const kept = blank ? [] : branches;
  return goTo({ branches: [...kept, { name: unused(kept, name), facts }], current: kept.length, at: 0 }, at);
}

/** Goes to another branch: to the same position where both share their path, else to its end. */
export function switchTo(session: Session, branch: number): Session {
  const there = session.branches[branch];
  if (there === undefined) return session;
  const isShared = session.at <= sharedLength(currentBranch(session).facts, there.facts);
  return { ...session, current: branch, at: isShared ? session.at : there.facts.length };
}

/** Forgets a branch; the last one is emptied. */
export function drop(session: Session, branch: number): Session {
  if (session.branches.length === 1) return startSession();
  const branches = session.branches.filter((_, number) => number !== branch);
  if (branch !== session.current)
    return { ...session, branches, current: session.current - (branch < session.current ? 1 : 0) };
  const current = Math.min(branch, branches.length - 1);
  return { branches, current, at: branches[current]!.facts.length };
}

/** How many facts two logs begin with alike. */
export function sharedLength(a: readonly Fact[], b: readonly Fact[]): number {
  let shared = 0;
  while (shared < a.length && shared < b.length && sameFact(a[shared]!, b[shared]!)) shared++;
  return shared;
}

/** Whether two logs say the same. */
export const isSameLog = (a: readonly Fact[], b: readonly Fact[]): boolean =>
  a.length === b.length && sharedLength(a, b) === a.length;

/** The name, with a number if it is taken. */
function unused(branches: readonly Branch[], name: string): string {
  const taken = new Set(branches.map((branch) => branch.name));
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(`${name} (${number})`)) number++;
  return `${name} (${number})`;
}
