import { initialState, type State, successors, violatedByFact, violatedInState } from '../../../src/engine/index.ts';
import { type CanReach, type Clause, type Fact, type Property, type System, WIRING } from '../../../src/facts/index.ts';
import { stateKey } from './interpreted.ts';
import { viewsOf } from './views.ts';

interface Node {
  readonly state: State;
  readonly depth: number;
  readonly steps: [fact: Fact, to: Node][];
}

/** Every state of a system as objects that point to each other, in the order of their depth. */
function graph(system: System): Node[] {
  const offers = system.bareFacts();
  const first: Node = { state: initialState(system), depth: 0, steps: [] };
  const nodes = new Map([[stateKey(first.state), first]]);
  for (const node of nodes.values())
    for (const [fact, state] of successors(system, node.state, offers)) {
      const key = stateKey(state);
      const to = nodes.get(key) ?? { state, depth: node.depth + 1, steps: [] };
      nodes.set(key, to);
      node.steps.push([fact, to]);
    }
  return [...nodes.values()];
}

/** The nodes from which one with the goal can be reached. */
function reaching(nodes: readonly Node[], isGoal: (node: Node) => boolean): Set<Node> {
  const reach = new Set(nodes.filter(isGoal));
  for (let before = -1; before !== reach.size; ) {
    before = reach.size;
    for (const node of nodes) if (node.steps.some(([, to]) => reach.has(to))) reach.add(node);
  }
  return reach;
}

/** How far away the breaks of a clause are: those that last, and those that are there only while a call is in flight. */
function nearest(system: System, nodes: readonly Node[], property: Property, clause: Clause) {
  const lasting: number[] = [];
  const inFlight: number[] = [];
  const alone = { ...property, clauses: [clause] };
  const isIdle = ({ state }: Node): boolean => system.ofRole('driver').every((part) => state[part]!.hasTag('idle'));
  const isFinal = ({ state }: Node): boolean =>
    system.ofRole('lifecycle').every((part) => state[part]!.hasTag('final'));
  const neverFrom = (reaches: CanReach, index: number): void => {
    const { from, goal } = reaches;
    const view = (state: State) => viewsOf(system, property, reaches, state)[index]!;
    const reach = reaching(nodes, ({ state }) => goal(view(state)));
    for (const node of nodes) if (!reach.has(node) && (from?.(view(node.state)) ?? true)) lasting.push(node.depth);
  };
  switch (clause.kind) {
    case 'always':
      for (const node of nodes)
        if (violatedInState(system, alone, node.state)) (isIdle(node) ? lasting : inFlight).push(node.depth);
      break;
    case 'whenever':
      for (const { state, depth, steps } of nodes)
        for (const [fact] of steps) if (violatedByFact(system, alone, state, fact)) lasting.push(depth + 1);
      break;
    case 'can reach':
      for (let index = 0; index < (clause.each === 'event' ? system.countOf('event') : 1); index++)
        neverFrom(clause, index);
      break;
    case 'no deadlock':
      for (const node of nodes)
        if (node.steps.every(([{ type }]) => WIRING[type].background === true) && !isFinal(node))
          lasting.push(node.depth);
  }
  return { lasting, inFlight };
}

/** The verdicts on a system by the plainest means there are: `3`, `[3]` (only in flight), `[3] 5` (it lasts after 5), `holds` or `vacuous`. */
export function naive(system: System, properties: readonly Property[]): Map<string, string> {
  const nodes = graph(system);
  const facts = nodes.flatMap(({ steps }) => steps.map(([fact]) => fact));
  const verdict = (property: Property): string => {
    const found = property.clauses.map((clause) => nearest(system, nodes, property, clause));
    const [lasting, inFlight] = [found.flatMap((one) => one.lasting), found.flatMap((one) => one.inFlight)];
    if (lasting.length + inFlight.length > 0) return breaksInShort(Math.min(...inFlight), Math.min(...lasting));
    return facts.some(property.speaksOf) ? 'holds' : 'vacuous';
  };
  return new Map(properties.map((property) => [property.id, verdict(property)]));
}

/** The lengths of the shortest logs to a break in flight and to one that lasts, in short; Infinity where there is none. */
const breaksInShort = (inFlight: number, lasting: number): string =>
  [...(inFlight < lasting ? [`[${inFlight}]`] : []), ...(lasting < Infinity ? [`${lasting}`] : [])].join(' ');
