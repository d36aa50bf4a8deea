import { transition } from 'xstate';
import { type LockFact, lock } from '../../../machines/core/lock.ts';
import type { Happening } from './machine.ts';

/** Something done to a lock that its machine refuses. */
export interface RefusedLock {
  readonly does: LockFact['type'];
  readonly kind: string;
  /** Where it is done. */
  readonly at: string;
  /** Where the lock was taken; of `owner waits`, the one that is waited for; undefined where nobody holds it. */
  readonly taken: string | undefined;
  /** Of a sleep: what is called. */
  readonly what?: string;
  /** Of a release: whether another call holds it. */
  readonly isAnothers: boolean;
}

type Snapshot = ReturnType<typeof lock.resolveState>;

interface Held {
  readonly snapshot: Snapshot;
  readonly kind: string;
  readonly at: string;
}

/** The snapshots after a fact, by snapshot and fact: a search does the same to its locks again and again. */
const KNOWN = new Map<string, Snapshot | null>();

function after(snapshot: Snapshot, fact: LockFact): Snapshot | null {
  const { spins, owner, waiter } = snapshot.context;
  const key = `${snapshot.value} ${spins} ${owner} ${waiter} ${JSON.stringify(fact)}`;
  let next = KNOWN.get(key);
  if (next === undefined) {
    next = snapshot.can(fact) ? transition(lock, snapshot, fact)[0] : null;
    KNOWN.set(key, next);
  }
  return next;
}

/** What a step did to locks that their machines refuse. */
export function refusedLocks(happenings: readonly Happening[]): readonly RefusedLock[] {
  const refused: RefusedLock[] = [];
  const held = new Map<number, Held>();
  for (const one of happenings) {
    if (one.type !== 'lock') continue;
    const { at, does, lock: number, kind, by } = one as unknown as Told;
    const own = held.get(number);
    const snapshot = own?.snapshot ?? freeOf(kind);
    const fact = { type: does, by, open: one.open === true, cutsIn: one.cutsIn === true } as LockFact;
    const next = after(snapshot, fact);
    const isAnothers = own !== undefined && own.snapshot.context.owner !== by;
    if (next === null) refused.push({ does, kind, at, taken: own?.at, isAnothers, ...whatOf(one) });
    else if (next.value === 'free') held.delete(number);
    else held.set(number, { snapshot: next, kind, at: does === 'take' ? at : (own?.at ?? at) });
    if (does === 'release') held.delete(number);
    if (does === 'wait' && own !== undefined)
      for (const [other, { snapshot: theirs, ...rest }] of held) {
        if (theirs.context.owner !== by) continue;
        const waits = { type: 'owner waits', of: own.snapshot.context.owner } as const;
        const then = after(theirs, waits);
        if (then === null) refused.push({ does: waits.type, kind, at, taken: own.at, isAnothers });
        else held.set(other, { snapshot: then, ...rest });
      }
  }
  return refused;
}

/** What the process tells of a lock. */
interface Told {
  readonly at: string;
  readonly does: LockFact['type'];
  readonly lock: number;
  readonly kind: string;
  readonly by: number;
}

const whatOf = ({ what }: Happening): { what?: string } => (what === undefined ? {} : { what: what as string });

const freeOf = (kind: string): Snapshot =>
  lock.resolveState({ value: 'free', context: { spins: kind === 'spinlock', owner: 0, waiter: 0 } });
