import fc from 'fast-check';

/** Small graphs: the successors of each state, and the goals that it is itself, two bits. */
export const graph = fc.integer({ min: 1, max: 12 }).chain((size) => {
  const state = fc.nat({ max: size - 1 });
  return fc.record({
    successors: fc.array(fc.array(state, { maxLength: 4 }), { minLength: size, maxLength: size }),
    goals: fc.array(fc.nat({ max: 3 }), { minLength: size, maxLength: size }),
  });
});

/** The goals that each can reach: its own, and those of whoever it has a step to, until nothing is added. */
export function closure(successors: readonly (readonly number[])[], goals: readonly number[]): number[] {
  const reached = [...goals];
  for (let changed = true; changed; ) {
    changed = false;
    for (const [from, steps] of successors.entries())
      for (const to of steps)
        if ((reached[from]! | reached[to]!) !== reached[from]) {
          reached[from]! |= reached[to]!;
          changed = true;
        }
  }
  return reached;
}
