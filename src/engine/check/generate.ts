import { UNKNOWN } from './answers.ts';
import { ASKED, type Moves, recordLength, type Shape } from './moves.ts';
import type { Sorted, Sorter } from './sorter.ts';
import type { OldTable } from './store.ts';
import { BATCH, tableLoops } from './table-loops.ts';

/** What the generated code reads and calls. Arrays may be replaced by others whenever it calls out. */
export interface Surroundings {
  readonly words: number;
  /** The tables: see `moves.ts`. */
  readonly arena: { readonly memory: Int32Array };
  /** The words of states, and the hash table over them: see `store.ts`. */
  readonly states: Int32Array;
  /** The number of the state whose words lie first. */
  readonly base: number;
  readonly slots: Int32Array;
  readonly tagShift: number;
  /** How many parts the hash table has: no state is put beyond the end of its part. */
  readonly parts: number;
  /** The number of the next new state; and, among workers, where the numbers that this one may give end. */
  size: number;
  readonly end: number;
  /** By fact: which invariants it can break. */
  readonly about: Int32Array;
  /** The invariants that are still open, and those of them that are asked of every new state, whatever led there. */
  readonly open: number;
  readonly insistent: number;
  /** The successors: the words of each, then the fact that leads there. `emitted` is how many entries are used. */
  readonly out: Int32Array;
  emitted: number;
  /** Where in `out` the successors of each expanded state start. */
  readonly starts: Int32Array;
  /** The number of the state that each successor is, once it is added. */
  readonly numbers: Int32Array;
  /** Room for the hashes of a batch. */
  readonly mixes: Int32Array;
  /** Computes what the tables lack to expand a state: 1 to try again, 0 to leave the state out, -1 to stop before it. */
  learn(state: number, all: boolean): number;
  /** A fact happens of which something is still to be asked; its record applies to one state of that component. */
  concern(state: number, fact: number, record: number, component: number): void;
  /** Nothing that is progress can happen. */
  stuck(state: number): void;
  /** Asks invariants, a bit each, of a new state. */
  ask(state: number, invariants: number): void;
  /** Gets more numbers for new states. */
  refill(): void;
}

/** The inner loops of a search. */
export interface Inner {
  /** Collects the successors of the states from `first` on, until the batch is full or the states end; returns the first that is left. */
  expand(first: number, end: number): number;
  /** Adds those of the batch that are new to the states. */
  add(): void;
  /** Sorts the batch, of so many states, by the parts of the hash table; answers whether there may be no room for another. */
  sort(sorter: Sorter, states: number): boolean;
  /** Adds those of the sorted successors of one part that are new to the states, and notes the number of each. */
  insert(sorted: Sorted, part: number): void;
  /** Reads the numbers that the successors from `first` to `stop` got, all before them having been read. */
  read(sorter: Sorter, first: number, stop: number, numbers: Int32Array): void;
  /** The number of the packed state that starts at `at`, or -1. */
  find(packed: Int32Array, at: number): number;
  /** Puts the packed states from number `first` to `end` into the empty hash table. */
  fill(packed: Int32Array, first: number, end: number): void;
  /** Puts what is in one part of an old hash table into the new one. */
  move(old: OldTable, part: number): void;
}

/** By the words of a state: the loops over the hash table, compiled. */
const tables = new Map<number, (surroundings: Surroundings) => Omit<Inner, 'expand'>>();

/** The loops over the hash table for states of so many words: compiled, and optimized, once for all searches. */
function tableLoopsOf(words: number, surroundings: Surroundings): Omit<Inner, 'expand'> {
  let loops = tables.get(words);
  if (loops === undefined) {
    const source = `'use strict';\n\n${tableLoops(words)}\nreturn { add, sort, insert, read, find, fill, move };\n`;
    loops = new Function('env', source) as () => Inner;
    tables.set(words, loops);
  }
  return loops(surroundings);
}

/** Compiles what {@link generate} wrote: the loops in some surroundings. */
export function compile(source: string): (surroundings: Surroundings) => Inner {
  const loops = new Function('env', 'tableLoopsOf', source) as (...given: unknown[]) => Inner;
  return (surroundings) => loops(surroundings, tableLoopsOf);
}

/**
 * The inner loops for one composition, as the source of a function of its {@link Surroundings}.
 * What an interpreter would look up for each state is written out once: which components take part in what,
 * where their fields lie, how many words a state has.
 */
export function generate(moves: Moves, reduce: boolean): string {
  const { words, fields } = moves.layout;
  const each = (text: (word: number) => string, separator = ' '): string =>
    Array.from({ length: words }, (_, word) => text(word)).join(separator);
  const unpack = fields.map(
    ({ word, shift, mask }, component) =>
      `const ${moves.components[component]!.name} = (w${word} >>> ${shift}) & ${mask};`,
  );
  const stride = words + 1;

  return `'use strict';

function expand(first, end) {
  const { out, starts } = env;
  let { states } = env;
  let tables = env.arena.memory;
  let n = 0;
  let state = first;
  const last = Math.min(end, first + ${BATCH});
  for (; state < last && n < ${BATCH * stride}; state++) {
    starts[state - first] = n;
    const at = (state - env.base) * ${words};
    ${each((word) => `const w${word} = states[at + ${word}];`)}
    if (w0 === 0) continue; // a number that no worker gave
    ${unpack.join('\n    ')}
    const before = n;
    let all = ${!reduce};
    let filled = 1;
    attempt: while (filled === 1) {
      n = before;
      let list = 0;
      let only = -1;
      let progress = false;
      lookUp: {${urgency(moves, reduce)}${expansions(moves)}
        if (n === before && only >= 0) {
          all = true; // the callback cannot go on by itself
          continue attempt;
        }
        if (!progress) env.stuck(state);
        break attempt;
      }
      // Something is not tabulated yet.
      filled = env.learn(state, all);
      ({ states } = env);
      tables = env.arena.memory;
    }
    if (filled !== 1) n = before;
    if (filled < 0) break;
  }
  starts[state - first] = n;
  env.emitted = n;
  return state;
}

return { ...tableLoopsOf(${words}, env), expand };
`;
}

/** Chooses the first component in which a callback runs with interrupts off. */
function urgency({ urgent, components }: Moves, reduce: boolean): string {
  const choices = urgent.flatMap((table, component) => {
    const entry = `tables[${table} + ${components[component]!.name}]`;
    return table === 0
      ? []
      : `if (${entry} !== 0) {
            if (${entry} < 0) break lookUp;
            only = ${component};
          }`;
  });
  if (!reduce || choices.length === 0) return '';
  return `
        if (!all) {
          ${choices.join(' else ')}
        }`;
}

/** The loops over the facts that each component initiates. */
function expansions(moves: Moves): string {
  return moves.components
    .map((_, component) => {
      const loops = moves.shapes.filter(({ initiator }) => initiator === component).map((shape) => loop(moves, shape));
      return `\n        if (only < 0 || only === ${component}) {${loops.join('')}\n        }`;
    })
    .join('');
}

/** The loop over the facts of one shape: see {@link Moves} for its lists. */
function loop({ layout, components }: Moves, shape: Shape): string {
  const { initiator, author, others, answerers, background, heads } = shape;
  const name = (component: number): string => components[component]!.name;
  const record = author < 0 ? 'list' : 'written';
  const answers = answerers.map(
    (component, index) => `
            const ${name(component)}Change = tables[tables[${record} + ${(author < 0 ? 2 : 1) + index}] + ${name(component)}];
            if (${name(component)}Change < 0) {
              if (${name(component)}Change === ${UNKNOWN}) break lookUp;
              continue; // it refuses
            }`,
  );
  const change = (component: number): string =>
    component === initiator && author < 0 ? 'tables[list + 1]' : `${name(component)}Change`;
  const successor = Array.from({ length: layout.words }, (_, word) => {
    const changes = [initiator, ...others].filter((component) => layout.fields[component]!.word === word).map(change);
    return `out[n + ${word}] = ${[`w${word}`, ...changes].join(' ^ ')};`;
  });
  const facts = author < 0 ? '' : `, with data of ${name(author)}`;
  return `
          // ${[initiator, ...others].map(name).join(', ')}${facts}
          list = tables[${heads} + ${name(initiator)}];
          if (list < 0) break lookUp;
          if (list !== 0) for (const end = tables[list++]; list < end; list += ${recordLength(shape)}) {${
            author < 0
              ? ''
              : `
            const written = tables[tables[list] + ${name(author)}];
            if (written < 0) break lookUp;`
          }${answers.join('')}
            const fact = tables[${record}];
            ${successor.join('\n            ')}
            out[n + ${layout.words}] = fact & ${~ASKED};
            n += ${layout.words + 1};${background ? '' : '\n            progress = true;'}
            if (fact < 0) env.concern(state, fact & ${~ASKED}, ${record}, ${author < 0 ? initiator : author});
          }`;
}
