import { type Counterexample, type Fact, isTick, plus, type Word } from '../facts/index.ts';
import { answerText, factText, isAlarm } from './fact-text.ts';
import { foldedSpans } from './sequence-folding.ts';

/** A line of life in a sequence diagram: a task, a hart, or something that they share. */
export interface Lane {
  readonly id: string;
  readonly title: string;
  readonly kind: 'task' | 'hart' | 'shared';
}

/** One fact in a sequence diagram, or a call or ticks that are folded to one step. */
export interface Step {
  /** Its position in the log, from 1; absent for what only says what ran before. */
  readonly number?: number;
  /** The position of its last fact, where it stands for several. */
  readonly end?: number;
  readonly text: string;
  /** The lane that does it. */
  readonly lane: string;
  /** The shared lane that it is done to; absent if the fact is the lane's own. */
  readonly to?: string;
  /** A call begins, or ends, on the lane, or is folded to this step. */
  readonly call?: 'begins' | 'ends' | 'folded';
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

/** More steps than this in one diagram cannot be looked at. */
export const DRAWABLE = 500;

export interface SequenceOptions {
  readonly title?: string;
  /** How the last fact violates a property: see `Counterexample`. Without it, no step is marked. */
  readonly breaks?: Counterexample['breaks'];
  /** The property that is violated, or several, for the mark, and for what stays unfolded. */
  readonly property?: string | readonly string[];
  /** Draws each fact as a step of its own. */
  readonly everyFact?: boolean;
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

/**
 * A log as a sequence diagram: a lane for each task and hart, and for what they share, as far as what is drawn meets it. A call that
 * nothing interrupts, and ticks in a row, are one step, where nothing in them is asked about.
 */
export function sequenceDiagram(facts: readonly Fact[], options: SequenceOptions = {}): Sequence {
  const { title = '', breaks, property = 'a property', skip = 0, everyFact = false } = options;
  const { numberOf = (index: number) => index + 1 } = options;
  const properties = typeof property === 'string' ? [property] : property;
  const lanes = new Map<string, Lane>();
  const each = stepsOf(facts, breaks !== undefined, numberOf);
  const drawn = facts.slice(skip);
  const spans = everyFact
    ? drawn.map((_, index) => [index, index + 1] as const)
    : foldedSpans(drawn, isAlarm, breaks === undefined ? undefined : properties);
  const steps = spans.map(([from, to]): Step => {
    const { step, actor, shared } = each[skip + from]!;
    const isFolded = to - from > 1;
    lanes.set(actor.id, actor);
    if (shared !== undefined && !(isFolded && step.call)) lanes.set(shared.id, shared);
    if (!isFolded) return step;
    const folded = step.call
      ? ({ text: `▸ ${step.text}${answerOf(drawn[to - 1]!)}`, call: 'folded' } as const)
      : { text: ticksText(drawn.slice(from, to).filter(isTick)) };
    const end = numberOf(skip + to - 1);
    return { ...step, ...folded, ...(end !== undefined && { end }) };
  });
  return {
    title,
    lanes: [...lanes.values()].sort((a, b) => rank(a) - rank(b) || a.id.localeCompare(b.id, 'en')),
    steps,
    ...(breaks === undefined ? {} : { violated: `${VIOLATED[breaks]} ${properties.join(', ')}` }),
  };
}

interface Placed {
  readonly step: Step;
  readonly actor: Lane;
  readonly shared: Lane | undefined;
}

/** Each fact as a step, and the lanes that it is of. */
function stepsOf(
  facts: readonly Fact[],
  isViolated: boolean,
  numberOf: (index: number) => number | undefined,
): Placed[] {
  /** The hart on which an event's callback runs: what it does there names only the event. */
  const runsOn = new Map<number, Lane>();
  return facts.map((fact, index) => {
    const [, what] = fact.type.split('.');
    const call = what === 'call' ? 'begins' : what === 'return' ? 'ends' : undefined;
    const event = 'event' in fact ? fact.event : -1;
    const actor = runsOn.get(event) ?? actorOf(fact);
    if (call === 'begins' && actor.kind === 'hart') runsOn.set(event, actor);
    if (call === 'ends') runsOn.delete(event);
    const shared = sharedOf(fact);
    const number = numberOf(index);
    const step: Step = {
      ...(number !== undefined && { number }),
      text: call !== undefined && actor.kind === 'hart' ? `event ${event}: ${factText(fact)}` : factText(fact),
      lane: actor.id,
      ...(shared === undefined ? {} : { to: shared.id }),
      ...(call === undefined ? {} : { call }),
      alarm: isAlarm(fact.type),
      breaks: isViolated && index === facts.length - 1,
    };
    return { step, actor, shared };
  });
}

/** What a call answers, after its name. */
const answerOf = (returned: Fact): string => ('answer' in returned ? ` = ${answerText(returned.answer)}` : '');

/** So many ticks, and how far each counter advances. */
function ticksText(ticks: readonly Fact<'hart.tick'>[]): string {
  const sums = new Map<string, Word>();
  for (const { counter, ticks: by } of ticks) sums.set(counter, plus(sums.get(counter) ?? 0, by, 64));
  return `${ticks.length} ticks: ${[...sums].map(([counter, sum]) => `${counter} +${sum}`).join(', ')}`;
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
