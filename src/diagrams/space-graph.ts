import type { AnyMachineSnapshot } from 'xstate';
import type { Fact, Role } from '../facts/index.ts';
import { factText, isAlarm } from './fact-text.ts';
import { type Graph, type GraphEdge, type GraphNode, type Line, type Span, small, wrapped } from './graph.ts';
import type { Passage, StateSpace } from './state-space.ts';

/** A state space as a graph; what a log goes through is drawn stronger. */
export function graphOfSpace(name: string, space: StateSpace, log: readonly Fact[] = []): Graph {
  const trail = log.length > 0 ? followPassages(space, log) : undefined;
  const visited = new Set(trail?.flatMap(({ from, to }) => [from, to]));
  const bundles = new Map<string, Passage[]>();
  for (const passage of space.passages) {
    const key = `${passage.from} ${passage.to}`;
    bundles.set(key, [...(bundles.get(key) ?? []), passage]);
  }
  const start: GraphNode = { id: 'start', shape: 'dot', label: [], fill: 'line' };
  return {
    name,
    direction: 'TB',
    children: [
      start,
      ...space.states.map(
        (_, number): GraphNode => ({
          id: `${number}`,
          shape: 'box',
          label: placeLines(space, number),
          fill: 'state',
          ...(visited.has(number) ? { strong: true } : {}),
        }),
      ),
    ],
    edges: [
      { from: 'start', to: '0', label: [] },
      ...[...bundles.values()].map(
        (bundle): GraphEdge => ({
          from: `${bundle[0]!.from}`,
          to: `${bundle[0]!.to}`,
          label: bundle.flatMap(({ facts }) => passageLines(space, facts)),
          ...(trail?.some((passage) => bundle.includes(passage)) ? { strong: true } : {}),
        }),
      ),
    ],
  };
}

/** The passages that a log takes, from the first state on. Throws a RangeError where it leaves what is drawn. */
function followPassages({ passages }: StateSpace, log: readonly Fact[]): Passage[] {
  const taken: Passage[] = [];
  let state = 0;
  for (let position = 0; position < log.length; ) {
    const here = passages.filter(({ from }) => from === state);
    const next = here.find(({ facts }) =>
      facts.every((fact, index) => position + index >= log.length || same(fact, log[position + index]!)),
    );
    if (next === undefined)
      throw new RangeError(`fact ${position + 1} of the log (${log[position]!.type}) leads out of the picture`);
    taken.push(next);
    state = next.to;
    position += next.facts.length;
  }
  return taken;
}

const same = (a: Fact, b: Fact): boolean => {
  const fields = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...fields].every(
    (field) => JSON.stringify(a[field as keyof Fact]) === JSON.stringify(b[field as keyof Fact]),
  );
};

/** What happens on the path: the call and its answer, or the facts by themselves. */
function passageLines({ product }: StateSpace, facts: readonly Fact[]): Line[] {
  const several = product.system.countOf('event') > 1;
  const first = facts[0]!;
  const last = facts.at(-1)!;
  const who = several && 'event' in first ? `event ${first.event}: ` : '';
  const where = product.system.countOf('hart') > 1 && 'hart' in first ? ` on hart ${first.hart}` : '';
  const ends = facts.length > 1 && 'answer' in last;
  // The answer stands beside its call; what comes after another fact is said as a whole.
  const isCall = first.type === last.type.replace('.return', '.call');
  const answer = !ends ? '' : isCall ? factText(last).slice(factText(last).indexOf(' →')) : ` … ${factText(last)}`;
  const alarms = new Set(
    facts
      .slice(1)
      .filter(({ type }) => isAlarm(type))
      .map(factText),
  );
  return [
    ...wrapped(
      `${who}${subject(first)}${factText(first)}${where}${answer}`,
      isAlarm(first.type) ? 'broken' : 'ink',
      34,
    ),
    ...[...alarms].flatMap((alarm) => wrapped(alarm, 'broken')),
  ];
}

/** What a fact that is no call is about. */
function subject({ type }: Fact): string {
  const [about, what] = type.split('.');
  if (what === undefined || what === 'call' || what === 'return' || about === 'event' || about === 'hart') return '';
  return type.startsWith('prev_count') || type.startsWith('count') || type.startsWith('slots.write') ? '' : `${about} `;
}

/** A state in short: where each event is, and what is shared. */
function placeLines({ product, states }: StateSpace, number: number): Line[] {
  const { parts } = product.system;
  const several = product.system.countOf('event') > 1;
  const shown = parts.map((part, place) => ({ ...part, place })).sort((a, b) => orderOf(a) - orderOf(b));
  return shown.flatMap(({ role, index, place }): Line[] => {
    const snapshot = product.tables[place]!.snapshots[states[number]![place]!]!;
    const line = DESCRIBED[role]?.(snapshot, index, several);
    return line === undefined ? [] : [line];
  });
}

/** Each event with its driver, then what harts have, then what all share. */
function orderOf({ role, index }: { readonly role: Role; readonly index: number }): number {
  const place = ['lifecycle', 'driver', 'slots', 'reservation', 'activeEvents'].indexOf(role);
  return place < 2 ? 2 * index + place : 1000 * place + index;
}

type Describe = (snapshot: AnyMachineSnapshot, index: number, several: boolean) => Line | undefined;

const faint = (text: string): Line => small([{ text, colour: 'faint' }]);

/** What is shown of the machines of each role. */
const DESCRIBED: { readonly [R in Role]?: Describe } = {
  lifecycle: ({ value, context }, index, several) => {
    const spans: Span[] = [
      { text: `${several ? `event ${index} ` : ''}${valueText(value)}`, colour: 'ink', bold: true },
    ];
    return context.attribute ? [...spans, { text: ` ${context.attribute}`, colour: 'faint', small: true }] : spans;
  },
  driver: (snapshot) => (snapshot.hasTag('idle') ? undefined : faint(`in ${valueText(snapshot.value)}`)),
  slots: ({ context }) =>
    faint(
      `n_events ${context.nEvents} [${(context.events as (number | null)[]).map((event) => event ?? '–').join(' ')}]`,
    ),
  reservation: ({ context }) =>
    faint(`perf_irq ${context.perfIrq}${context.owner === null ? '' : `, mutex of ${context.owner}`}`),
  activeEvents: ({ context }) => faint(`active_events ${context.value}`),
};

/** A state value as words: `active stopped plain`; regions side by side. */
function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  const regions = Object.entries(value as Record<string, unknown>);
  return regions.map(([name, inner]) => `${regions.length > 1 ? '' : `${name} `}${valueText(inner)}`).join(', ');
}
