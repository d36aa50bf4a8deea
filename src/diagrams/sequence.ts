import type { Counterexample, Fact } from '../facts/index.ts';
import { factText, isAlarm } from './fact-text.ts';

/** A line of life in a sequence diagram: a task, a hart, or something that they share. */
export interface Lane {
  readonly id: string;
  readonly title: string;
  readonly kind: 'task' | 'hart' | 'shared';
}

/** One fact in a sequence diagram. */
export interface Step {
  /** Its position in the log, from 1; absent for what only says what ran before. */
  readonly number?: number;
  readonly text: string;
  /** The lane that does it. */
  readonly lane: string;
  /** The shared lane that it is done to; absent if the fact is the lane's own. */
  readonly to?: string;
  /** A call begins, or ends, on the lane. */
  readonly call?: 'begins' | 'ends';
  readonly alarm: boolean;
  /** The step that violates the property. */
  readonly breaks: boolean;
}

/** Facts as messages between lanes. */
export interface Sequence {
  readonly title: string;
  readonly lanes: readonly Lane[];
  readonly steps: readonly Step[];
  /** What is wrong after the last step, in words. */
  readonly violated?: string;
}

/** More facts than this in one diagram cannot be looked at. */
export const DRAWABLE = 500;

export interface SequenceOptions {
  readonly title?: string;
  /** How the last fact violates a property: see `Counterexample`. Without it, no step is marked. */
  readonly breaks?: Counterexample['breaks'];
  /** The property that is violated, for the mark. */
  readonly property?: string;
  /** How many facts, from the first, are not drawn: they say whose callbacks run where the diagram begins. */
  readonly skip?: number;
  /** The position in the log, from 1, of each of the facts; by default, they are the log. */
  readonly numberOf?: (index: number) => number | undefined;
}

const VIOLATED = {
  fact: 'this step breaks',
  state: 'after this step, violated:',
  never: 'from here on, out of reach:',
  stuck: 'nothing can happen any more:',
} as const satisfies Record<Counterexample['breaks'], string>;

/** A log as a sequence diagram: a lane for each task and hart, and for what they share, as far as the log meets it. */
export function sequenceDiagram(
  facts: readonly Fact[],
  { title = '', breaks, property = 'a property', skip = 0, numberOf = (index) => index + 1 }: SequenceOptions = {},
): Sequence {
  const lanes = new Map<string, Lane>();
  /** The hart on which an event's callback runs: what it does there names only the event. */
  const runsOn = new Map<number, Lane>();
  const steps = facts.map((fact, index): Step => {
    const [, what] = fact.type.split('.');
    const call = what === 'call' ? 'begins' : what === 'return' ? 'ends' : undefined;
    const event = 'event' in fact ? fact.event : -1;
    const actor = runsOn.get(event) ?? actorOf(fact);
    if (call === 'begins' && actor.kind === 'hart') runsOn.set(event, actor);
    if (call === 'ends') runsOn.delete(event);
    const shared = sharedOf(fact);
    if (index >= skip) for (const lane of shared === undefined ? [actor] : [actor, shared]) lanes.set(lane.id, lane);
    const number = numberOf(index);
    return {
      ...(number !== undefined && { number }),
      text: call !== undefined && actor.kind === 'hart' ? `event ${event}: ${factText(fact)}` : factText(fact),
      lane: actor.id,
      ...(shared === undefined ? {} : { to: shared.id }),
      ...(call === undefined ? {} : { call }),
      alarm: isAlarm(fact.type),
      breaks: breaks !== undefined && index === facts.length - 1,
    };
  });
  return {
    title,
    lanes: [...lanes.values()].sort((a, b) => rank(a) - rank(b) || a.id.localeCompare(b.id, 'en')),
    steps: steps.slice(skip),
    ...(breaks === undefined ? {} : { violated: `${VIOLATED[breaks]} ${property}` }),
  };
}

const SHARED = {
  active_events: 'riscv_active_events',
  mutex: 'pmc_reserve_mutex',
  perf_irq: 'perf_irq (the PMC)',
} as const;

/** From left to right: who acts, then what all share, then what one hart or one event has. */
const LANES = ['task', 'foreign', 'hart', 'active_events', 'mutex', 'perf_irq', 'slots', 'counters', 'event'];

const rank = ({ id }: Lane): number => LANES.indexOf(id.split(' ')[0]!);

/** Who does it: the hart for what runs on one, the task that opens and closes the event for the rest. */
function actorOf(fact: Fact): Lane {
  if (fact.type.startsWith('foreign.')) return { id: 'foreign', title: 'another owner', kind: 'task' };
  if ('hart' in fact) return { id: `hart ${fact.hart}`, title: `hart ${fact.hart}`, kind: 'hart' };
  const event = 'event' in fact ? fact.event : 0;
  return { id: `task ${event}`, title: `task of event ${event}`, kind: 'task' };
}

/** What it is done to. */
function sharedOf(fact: Fact): Lane | undefined {
  const [name] = fact.type.split('.');
  if (name === 'active_events' || name === 'mutex' || name === 'perf_irq')
    return { id: name, title: SHARED[name], kind: 'shared' };
  if (name === 'foreign') return { id: 'perf_irq', title: SHARED.perf_irq, kind: 'shared' };
  if ((name === 'slots' || name === 'n_events') && 'hart' in fact)
    return { id: `slots ${fact.hart}`, title: `cpu_hw_events of hart ${fact.hart}`, kind: 'shared' };
  if ((name === 'csr' || fact.type === 'hart.tick') && 'hart' in fact)
    return { id: `counters ${fact.hart}`, title: `counters of hart ${fact.hart}`, kind: 'shared' };
  if ((name === 'prev_count' || name === 'count' || name === 'userpage') && 'event' in fact)
    return { id: `event ${fact.event}`, title: `count of event ${fact.event}`, kind: 'shared' };
  return undefined;
}
