import { CORES, type CoreName } from '../../machines/cores.ts';
import { type LifecycleInput, lifecycle } from '../../machines/lifecycle.ts';
import { ATTRIBUTES, type Attribute, type Errno, type Fact, PERF_EF } from '../facts/index.ts';
import { type Automaton, automatonOf, type NamedFact } from './automaton.ts';

/**
 * The automaton in the dialect of Linux's runtime verification (`tools/verification`, `rvgen` and `dot2c`),
 * whose reader splits lines at blanks: the states in one block, the initial edge, then the transitions, and nothing else.
 */
export function rvOf({ initial, states, final, transitions }: Automaton): string {
  const edges = new Map<string, string[]>();
  for (const { from, event, to } of transitions) {
    const ends = `"${from}" -> "${to}"`;
    edges.set(ends, [...(edges.get(ends) ?? []), event]);
  }
  const shape = (state: string): string => (final.includes(state) ? 'doublecircle' : 'circle');
  const lines = [
    'digraph state_automaton {',
    `\t{node [shape = plaintext, style=invis, label=""] "__init_${initial}"};`,
    ...states.map((state) => `\t{node [shape = ${shape(state)}] "${state}"};`),
    `\t"__init_${initial}" -> "${initial}";`,
    ...[...edges].map(([ends, events]) => `\t${ends} [ label = "${events.join('\\n')}" ];`),
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

/** The errors with which the lifecycle's calls can come back, as the contract knows them. */
export const ERRORS = {
  event_init: ['ENOENT', 'ENODEV', 'EBUSY', 'EINVAL', 'EOPNOTSUPP', 'EACCES'],
  add: ['ENOSPC', 'EAGAIN'],
} as const satisfies Record<string, readonly Errno[]>;

/**
 * The lifecycle of one event under a perf core, as an automaton for an in-kernel monitor. Kinds of event that the core treats alike
 * are one. It begins with an `event_init`, which is possible nowhere else: the second asking of one open is `event_init_again`. So
 * the kernel's generator begins to watch there. Where an event is gone nothing follows, and the handlers begin with another one.
 */
export function lifecycleAutomaton(core: CoreName): Automaton {
  const input: LifecycleInput = {
    core,
    offers: Object.keys(ATTRIBUTES) as Attribute[],
    // One such open shows where it leads: the states are told apart by their names alone.
    oddOpens: 1,
    reopens: false,
    grouped: CORES[core].throttlesGroups,
  };
  const automaton = automatonOf(lifecycle, input, alphabet());
  const { initial, transitions } = automaton;
  const again = ({ from, event }: { from: string; event: string }) => event === 'event_init' && from !== initial;
  return {
    ...automaton,
    transitions: transitions.map((one) => (again(one) ? { ...one, event: 'event_init_again' } : one)),
  };
}

function alphabet(): NamedFact[] {
  const event = 0;
  const hart = 0;
  const opens = (Object.keys(ATTRIBUTES) as Attribute[]).map(
    (attribute): NamedFact => ['event_init', { type: 'event_init.call', event, attribute }],
  );
  const failures = ERRORS.event_init.flatMap((errno) =>
    [false, true].map(
      (destroySet): NamedFact => [
        `event_init_${errno.toLowerCase()}`,
        { type: 'event_init.return', event, answer: errno, destroySet },
      ],
    ),
  );
  const flagged = CALL_EVENTS.map(
    ({ callback, flags, event: name }): NamedFact => [name, { type: `${callback}.call`, event, hart, flags } as Fact],
  );
  const returns = (['del', 'start', 'stop', 'read'] as const).map(
    (callback): NamedFact => [`${callback}_return`, { type: `${callback}.return`, event, hart }],
  );
  return [
    ...opens,
    ['event_init_ok', { type: 'event_init.return', event, answer: 0, destroySet: true }],
    ...failures,
    ...flagged,
    ['read', { type: 'read.call', event, hart }],
    ['add_ok', { type: 'add.return', event, hart, answer: 0 }],
    ...ERRORS.add.map(
      (errno): NamedFact => [`add_${errno.toLowerCase()}`, { type: 'add.return', event, hart, answer: errno }],
    ),
    ...returns,
    ['destroy', { type: 'destroy.call', event }],
    ['destroy_return', { type: 'destroy.return', event }],
  ];
}

/** The flags with which the contract lets a callback be called. */
const FLAGS = {
  add: [PERF_EF.START],
  del: [0],
  start: [0, PERF_EF.RELOAD],
  stop: [0, PERF_EF.UPDATE],
} as const;

const flagName = (flags: number): string =>
  Object.entries(PERF_EF)
    .filter(([, bit]) => (flags & bit) !== 0)
    .map(([name]) => name.toLowerCase())
    .join('_');

/** By callback and flags: the name of the automaton's event. One that always comes with the same flags needs no other name. */
export const CALL_EVENTS = (['add', 'del', 'start', 'stop'] as const).flatMap((callback) =>
  FLAGS[callback].map((flags) => ({
    callback,
    flags,
    event: flags === 0 || FLAGS[callback].length === 1 ? callback : `${callback}_${flagName(flags)}`,
  })),
);
