import { UNKNOWN } from './arena.ts';
import { ASKED, type Moves, recordLength, type Shape } from './moves.ts';
import type { Sorted, Sorter } from './sorter.ts';

/** How many successors are collected before they are looked up together; those of one state are never parted. */
export const BATCH = 1 << 7;

/** A part of the table with so many words for each of the sorted successors is fetched as a whole. */
const WARM = 4;

/** What the generated code reads and calls. Arrays may be replaced by others whenever it calls out. */
export interface Surroundings {
  /** The tables: see `moves.ts`. */
  readonly arena: { readonly memory: Int32Array };
  /** All packed states found so far, and the hash table over them: see `visited.ts`. */
  readonly states: Int32Array;
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
  /** The number of the packed state that starts at `at`, or -1. */
  find(packed: Int32Array, at: number): number;
  /** Puts the states from `first` to `end` into the empty hash table. */
  fill(first: number, end: number): void;
  /** Puts what is in one part of an old hash table into the new one. */
  move(old: Int32Array, oldTagShift: number, part: number): void;
}

/** Compiles what {@link generate} wrote. */
export const instantiate = (source: string, surroundings: Surroundings): Inner =>
  new Function('env', source)(surroundings) as Inner;

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

// The words of a state, well mixed. The upper bits say where to look in the hash table, the lower bits are its tag there.
function hash(${each((word) => `w${word}`, ', ')}) {
  let mixed = 0x9e3779b9;
  ${each((word) => `mixed = Math.imul(mixed ^ w${word}, 0x85ebca6b);\n  mixed ^= mixed >>> 15;`, '\n  ')}
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function expand(first, end) {
  const { out, starts } = env;
  let { states } = env;
  let tables = env.arena.memory;
  let n = 0;
  let state = first;
  const last = Math.min(end, first + ${BATCH});
  for (; state < last && n < ${BATCH * stride}; state++) {
    starts[state - first] = n;
    const at = state * ${words};
    ${each((word) => `const w${word} = states[at + ${word}];`)}
    if (w0 === 0) continue; // a number that no worker gave
    ${unpack.join('\n    ')}
    const before = n;
    let all = ${!reduce};
    let learnt = 1;
    attempt: while (learnt === 1) {
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
      learnt = env.learn(state, all);
      ({ states } = env);
      tables = env.arena.memory;
    }
    if (learnt !== 1) n = before;
    if (learnt < 0) break;
  }
  starts[state - first] = n;
  env.emitted = n;
  return state;
}

function add() {
  const { out, numbers, slots, states, about, tagShift } = env;
  const end = env.emitted;
  const length = slots.length;
  const scale = length / 4294967296;
  const room = length / env.parts;
  const tagMask = -1 << tagShift;
  for (let at = 0, n = 0; at < end; at += ${stride}, n++)
    numbers[n] = hash(${each((word) => `out[at + ${word}]`, ', ')});
  // A look at each place in advance, with nothing that depends on it: so the memory fetches many of them at once.
  let touched = 0;
  for (let at = 0, n = 0; at < end; at += ${stride}, n++) touched ^= slots[((numbers[n] >>> 0) * scale) | 0];
  env.touched = touched;
  let size = env.size;
  for (let at = 0, n = 0; at < end; at += ${stride}, n++) {
    ${each((word) => `const w${word} = out[at + ${word}];`)}
    const mixed = numbers[n];
    const tag = mixed << tagShift;
    let slot = ((mixed >>> 0) * scale) | 0;
    for (;;) {
      const entry = slots[slot];
      if (entry === 0) {
        const to = size * ${words};
        ${each((word) => `states[to + ${word}] = w${word};`)}
        slots[slot] = tag | (size + 1);
        numbers[n] = size;
        env.size = size + 1;
        const invariants = (about[out[at + ${words}]] | env.insistent) & env.open;
        if (invariants !== 0) env.ask(size, invariants);
        size++;
        break;
      }
      if (((entry ^ tag) & tagMask) === 0) {
        const number = (entry & ~tagMask) - 1;
        const known = number * ${words};
        if (${each((word) => `states[known + ${word}] === w${word}`, ' && ')}) {
          numbers[n] = number;
          break;
        }
      }
      if (++slot % room === 0) slot -= room;
    }
  }
}

function sort(sorter, states) {
  const { out, starts } = env;
  const { entries, heads, length, limit } = sorter;
  const shift = Math.clz32(env.parts) + 1; // what is left of a hash is the part of the table
  let full = false;
  let { count } = sorter;
  let at = 0;
  for (let state = 0; state < states; state++) {
    sorter.starts[sorter.states + state] = count;
    for (const end = starts[state + 1]; at < end; at += ${stride}) {
      ${each((word) => `const w${word} = out[at + ${word}];`)}
      const part = hash(${each((word) => `w${word}`, ', ')}) >>> shift;
      const to = heads[part];
      ${each((word) => `entries[to + ${word}] = w${word};`)}
      entries[to + ${words}] = count++;
      heads[part] = to + ${stride};
      if (to - part * length > limit) full = true;
    }
  }
  sorter.states += states;
  sorter.count = count;
  sorter.starts[sorter.states] = count;
  return full;
}

function insert(sorted, part) {
  const { slots, states, tagShift } = env;
  const { entries, numbers } = sorted;
  const first = part * sorted.length;
  const stop = sorted.heads[part];
  sorted.heads[part] = first;
  const scale = slots.length / 4294967296;
  const room = slots.length / env.parts;
  const tagMask = -1 << tagShift;
  const end = room * (part + 1);
  let touched = 0;
  // The part is fetched from its beginning to its end, which is faster than here and there.
  if ((stop - first) * ${WARM} > room) for (let slot = end - room; slot < end; slot += 16) touched ^= slots[slot];
  let size = env.size;
  for (let at = first; at < stop; at += ${stride}) {
    ${each((word) => `const w${word} = entries[at + ${word}];`)}
    const mixed = hash(${each((word) => `w${word}`, ', ')});
    const tag = mixed << tagShift;
    let slot = ((mixed >>> 0) * scale) | 0;
    for (;;) {
      const entry = slots[slot];
      if (entry === 0) {
        const to = size * ${words};
        ${each((word) => `states[to + ${word}] = w${word};`)}
        slots[slot] = tag | (size + 1);
        numbers[entries[at + ${words}]] = size;
        if (env.open !== 0) env.ask(size, env.open);
        if (++size === env.end) {
          env.refill();
          size = env.size;
        }
        break;
      }
      if (((entry ^ tag) & tagMask) === 0) {
        const number = (entry & ~tagMask) - 1;
        const known = number * ${words};
        if (${each((word) => `states[known + ${word}] === w${word}`, ' && ')}) {
          numbers[entries[at + ${words}]] = number;
          break;
        }
      }
      if (++slot === end) slot -= room;
    }
  }
  env.size = size;
  env.touched = touched;
}

function find(packed, at) {
  const { slots, states, tagShift } = env;
  ${each((word) => `const w${word} = packed[at + ${word}];`)}
  const mixed = hash(${each((word) => `w${word}`, ', ')});
  const tag = mixed << tagShift;
  const tagMask = -1 << tagShift;
  const room = slots.length / env.parts;
  let slot = ((mixed >>> 0) * (slots.length / 4294967296)) | 0;
  for (;;) {
    const entry = slots[slot];
    if (entry === 0) return -1;
    if (((entry ^ tag) & tagMask) === 0) {
      const number = (entry & ~tagMask) - 1;
      const known = number * ${words};
      if (${each((word) => `states[known + ${word}] === w${word}`, ' && ')}) return number;
    }
    if (++slot % room === 0) slot -= room;
  }
}

function fill(from, end) {
  const { slots, states, tagShift } = env;
  const scale = slots.length / 4294967296;
  const room = slots.length / env.parts;
  for (let number = from; number < end; number++) {
    const at = number * ${words};
    if (states[at] === 0) continue;
    const mixed = hash(${each((word) => `states[at + ${word}]`, ', ')});
    let slot = ((mixed >>> 0) * scale) | 0;
    while (slots[slot] !== 0) if (++slot % room === 0) slot -= room;
    slots[slot] = (mixed << tagShift) | (number + 1);
  }
}

function move(old, oldTagShift, part) {
  const { slots, states, tagShift, mixes } = env;
  const scale = slots.length / 4294967296;
  const room = slots.length / env.parts;
  const oldRoom = old.length / env.parts;
  const end = room * (part + 1);
  const mask = ~(-1 << oldTagShift);
  for (let from = part * oldRoom; from < (part + 1) * oldRoom; from += ${BATCH}) {
    const count = Math.min(${BATCH}, (part + 1) * oldRoom - from);
    for (let n = 0; n < count; n++) {
      const at = ((old[from + n] & mask) - 1) * ${words};
      mixes[n] = at < 0 ? 0 : hash(${each((word) => `states[at + ${word}]`, ', ')});
    }
    for (let n = 0; n < count; n++) {
      const number = old[from + n] & mask;
      if (number === 0) continue;
      let slot = ((mixes[n] >>> 0) * scale) | 0;
      while (slots[slot] !== 0) if (++slot === end) slot -= room;
      slots[slot] = (mixes[n] << tagShift) | number;
    }
  }
}

return { expand, add, sort, insert, find, fill, move };
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
