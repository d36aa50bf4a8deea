import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { UNKNOWN } from '../../../src/engine/check/answers.ts';
import { LinearMemory, sharedIntegers } from '../../../src/engine/check/linear-memory.ts';
import { mark } from '../../../src/engine/check/reach-targets.ts';
import { loopsIn } from './linear-loops.ts';

const memory = LinearMemory.create()!;
const loops = loopsIn(memory, 1);

/** Where the tables of a question stand: its root, its node, and what is seen in each state of the field. */
const QUESTION = 600;
const NODE = 8;
const SEEN = 64;

/** Whether the field of a state, of 8 bits, answers a question: each sees another remainder. */
const isGoal = (state: number, goal: number): boolean => (state & 255) % (goal + 3) === 1;

/** Tables in which nothing is answered yet; what is asked of them is computed, and counted. */
function questions(goals: number, movesOutAfter: number) {
  const fresh = memory.allocate(goals * QUESTION).fill(UNKNOWN);
  const arena = { memory: fresh };
  const addresses = Array.from({ length: goals }, (_, goal) => goal * QUESTION + 4);
  for (const [goal, address] of addresses.entries()) {
    arena.memory[address] = address + NODE;
    arena.memory.set([address + SEEN, 0, 0, 255, goal + 3], address + NODE);
    arena.memory.fill(0, address + NODE + 5, address + NODE + 5 + goal + 3);
    arena.memory[address + NODE + 5 + 1] = 1;
  }
  let computed = 0;
  const compute = (address: number, state: number): number => {
    const goal = (address - 4) / QUESTION;
    arena.memory[address + SEEN + (state & 255)] = (state & 255) % (goal + 3);
    // What does not fit into the memory any more lies outside; what it left there is somebody else's.
    if (++computed === movesOutAfter) {
      const out = sharedIntegers(fresh.length);
      out.set(fresh);
      fresh.fill(0x7f7f7f7f);
      arena.memory = out;
    }
    return isGoal(state, goal) ? 1 : 0;
  };
  return { arena, addresses, compute };
}

test('goals are marked as each state says, also where the tables are moved out of the memory on the way', () => {
  const inputs = fc.record({
    values: fc.array(fc.nat({ max: 400 }), { minLength: 50, maxLength: 300 }),
    goals: fc.integer({ min: 1, max: 8 }),
    first: fc.nat({ max: 20 }),
    movesOutAfter: fc.nat({ max: 100 }),
    isLinear: fc.boolean(),
  });
  fc.assert(
    fc.property(inputs, ({ values, goals, first, movesOutAfter, isLinear }) => {
      const place = isLinear ? (length: number) => memory.allocate(length) : sharedIntegers;
      // 0 is a number that was not given; a state has its highest bit set.
      const states = place(values.length);
      states.set(values.map((value) => (value > 300 ? 0 : value | (1 << 31))));
      const room = place(Math.ceil(values.length / 4));
      const reached = new Uint8Array(room.buffer, room.byteOffset, values.length).fill(64);
      const { arena, addresses, compute } = questions(goals, movesOutAfter);
      mark(
        { addresses, reached },
        { arena, states, base: 0, words: 1, loops },
        first,
        values.length,
        (address, state) => compute(address, states[state]!),
      );
      const bits = (state: number): number =>
        state === 0 ? 255 : addresses.reduce((sum, _, goal) => (isGoal(state, goal) ? sum | (1 << goal) : sum), 0);
      assert.equal(
        [...reached],
        [...states].map((state, index) => (index < first ? 64 : bits(state))),
      );
      memory.free(states);
      memory.free(room);
    }),
  );
});

test.run();
