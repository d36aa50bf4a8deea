/** How many successors are collected before they are looked up together; those of one state are never parted. */
export const BATCH = 1 << 7;

/** A part of the table with so many words for each of the sorted successors is fetched as a whole. */
const WARM = 4;

/** The hash of a state of so many words, as source of a function `hash` of them: the upper bits say to which part of a table it belongs. */
export function hashLoop(words: number): string {
  const names = Array.from({ length: words }, (_, word) => `w${word}`);
  return `// The words of a state, well mixed. The upper bits say where to look in the hash table, the lower bits are its tag there.
function hash(${names.join(', ')}) {
  let mixed = 0x9e3779b9;
  ${names.map((name) => `mixed = Math.imul(mixed ^ ${name}, 0x85ebca6b);\n  mixed ^= mixed >>> 15;`).join('\n  ')}
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
`;
}

/** The loops over the hash table of `state-store.ts`, as source, for states of so many words: see `Inner` for what they do. */
export function tableLoops(words: number): string {
  const each = (text: (word: number) => string, separator = ' '): string =>
    Array.from({ length: words }, (_, word) => text(word)).join(separator);
  const stride = words + 1;
  return `${hashLoop(words)}
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
  const { entries, heads, parts, length, limit, starts: firsts } = sorter;
  const shift = Math.clz32(env.parts) + 1; // what is left of a hash is the part of the table
  let full = false;
  let { count } = sorter;
  let at = 0;
  for (let state = 0; state < states; state++) {
    firsts[sorter.states + state] = count;
    for (const end = starts[state + 1]; at < end; at += ${stride}) {
      ${each((word) => `const w${word} = out[at + ${word}];`)}
      const part = hash(${each((word) => `w${word}`, ', ')}) >>> shift;
      const to = heads[part];
      ${each((word) => `entries[to + ${word}] = w${word};`)}
      parts[count++] = part;
      heads[part] = to + ${stride};
      if (to - part * length > limit) full = true;
    }
  }
  sorter.states += states;
  sorter.count = count;
  firsts[sorter.states] = count;
  return full;
}

function read(sorter, first, stop, numbers) {
  const { entries, heads, parts } = sorter;
  for (let successor = first, n = 0; successor < stop; successor++, n++) {
    const part = parts[successor];
    numbers[n] = entries[heads[part] + ${words}];
    heads[part] += ${stride};
  }
}

// Hashes a batch of successors, and looks at the states that they may be: nothing waits for the answer, so the memory fetches many at once.
function lookAhead(entries, first, end) {
  const { slots, states, tagShift, mixes } = env;
  const scale = slots.length / 4294967296;
  const tagMask = -1 << tagShift;
  let touched = 0;
  for (let at = first, n = 0; at < end; at += ${stride}, n++) {
    const mixed = hash(${each((word) => `entries[at + ${word}]`, ', ')});
    mixes[n] = mixed;
    const entry = slots[((mixed >>> 0) * scale) | 0];
    if (((entry ^ (mixed << tagShift)) & tagMask) === 0 && entry !== 0) touched ^= states[((entry & ~tagMask) - 1) * ${words}];
  }
  env.touched = touched;
}

function insert(sorted, part) {
  const { slots, states, tagShift, mixes } = env;
  const { entries } = sorted;
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
  env.touched = touched;
  let size = env.size;
  for (let from = first; from < stop; from += ${BATCH * stride}) {
    const to = Math.min(stop, from + ${BATCH * stride});
    lookAhead(entries, from, to);
    for (let at = from, n = 0; at < to; at += ${stride}, n++) {
      ${each((word) => `const w${word} = entries[at + ${word}];`)}
      const mixed = mixes[n];
      const tag = mixed << tagShift;
      let slot = ((mixed >>> 0) * scale) | 0;
      for (;;) {
        const entry = slots[slot];
        if (entry === 0) {
          const place = size * ${words};
          ${each((word) => `states[place + ${word}] = w${word};`)}
          slots[slot] = tag | (size + 1);
          entries[at + ${words}] = size;
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
            entries[at + ${words}] = number;
            break;
          }
        }
        if (++slot === end) slot -= room;
      }
    }
  }
  env.size = size;
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

function fill(states, from, end) {
  const { slots, tagShift } = env;
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

function move({ slots: old, tagShift: oldTagShift }, part) {
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
`;
}
