import type { Fact, FactType, Property, Verdict } from '../facts/index.ts';
import type { Has } from './subject.ts';

const isCall = ({ type }: Fact): boolean => type.endsWith('.call');

/** What only real code can break. These are decided on the C beside the properties of `models/properties`. */
export const SUBJECT_PROPERTIES: readonly Property[] = [
  {
    id: 'no-crash',
    statement: 'no callback crashes or hangs',
    severity: 'high',
    source: 'the C itself, run',
    consequence: 'The kernel oopses, or a CPU is stuck with interrupts off.',
    speaksOf: isCall,
    vacuousWhen: 'nothing is called',
    clauses: [{ kind: 'whenever', facts: ['crash' as FactType], holds: () => false }],
  },
  {
    id: 'no-undefined-behaviour',
    statement: 'no undefined behaviour, beside an index that index-in-bounds finds',
    severity: 'high',
    source: 'ISO C; the sanitizers of the compiler',
    consequence: 'What the compiled driver does then is up to the compiler.',
    speaksOf: isCall,
    vacuousWhen: 'nothing is called',
    clauses: [{ kind: 'whenever', facts: ['undefined' as FactType], holds: () => false }],
  },
];

const NEEDS: Readonly<Record<string, readonly (readonly [keyof Has, string])[]>> = (() => {
  const count = ['activeEvents', 'no reference count of its events'] as const;
  const owner = ['perfIrq', 'no perf_irq that says who holds the PMC'] as const;
  const slots = ['slots', 'no events[] for each CPU'] as const;
  return {
    'references-balance': [count],
    'reserved-while-live': [owner],
    'released-when-idle': [owner],
    'foreign-owner-kept': [owner],
    'busy-is-true': [owner],
    drains: [count],
    'slots-match-count': [slots, ['nEvents', 'no n_events for each CPU'] as const],
    'slot-owner': [slots],
    'init-all-or-nothing': [count],
    'index-in-bounds': [slots],
  };
})();

/** What else a property says is asked of a driver that lacks what it needs: it can be broken, but does not hold. */
const ASKED_IN_PART: readonly string[] = ['init-all-or-nothing', 'index-in-bounds'];

/** Why a property cannot be decided on a driver: what it needs and the driver lacks. Undefined if it can. */
export function lack(id: string, has: Has): string | undefined {
  const missing = NEEDS[id]?.find(([what]) => !has[what])?.[1];
  return missing && `the driver has ${missing}`;
}

/** Whether some of a property is asked of a driver that lacks what the rest of it needs. */
export const isAskedInPart = (id: string): boolean => ASKED_IN_PART.includes(id);

/** The driver asked for something that the harness does not know, and answered as it could. */
interface Unknown {
  readonly type: 'unknown';
  readonly what: string;
}

const isUnknown = (fact: unknown): fact is Unknown => (fact as Unknown).type === 'unknown';

/**
 * A verdict, as far as what happened is known here: a counterexample is one only if nothing in it was unknown, and no property
 * holds in a scope in which something was. `happened` is every fact of the search,
 * `atBoot` what was unknown before it: all may hang on that.
 */
export function asFarAsKnown(verdict: Verdict, happened: readonly Fact[], atBoot?: string): Verdict {
  const met = verdict.verdict === 'violated' ? verdict.counterexample.facts : happened;
  const names = new Set((met as readonly unknown[]).filter(isUnknown).map(({ what }) => what));
  if (atBoot !== undefined) names.add(`${atBoot}, which the driver reads while it boots`);
  if (names.size === 0) return verdict;
  return { verdict: 'bounded', reason: `not known here: ${[...names].join(', ')}` };
}
