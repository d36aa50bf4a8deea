import fc from 'fast-check';
import { worldOf } from '../../src/explorer/session/world.ts';
import type { Fact } from '../../src/facts/index.ts';
import { walk } from '../arbitraries/walks.ts';

/** Small worlds to explore, one of them with the words of hardware. */
export const THREADS = worldOf({ model: 'two-threads', environment: '4.16', driver: 'as-posted' });
export const WORLDS = [
  THREADS,
  worldOf({ model: 'migration', environment: 'current', driver: 'as-posted', wordBits: 64 }),
  worldOf({ model: 'any-order-pair', environment: 'any-order', driver: 'as-posted' }),
  worldOf({ model: 'group-of-two', environment: '5.10', driver: 'repaired' }),
];

/** A world, and a log of a random walk in it. */
export const explored = fc
  .tuple(fc.constantFrom(...WORLDS), fc.array(fc.nat(), { maxLength: 150, size: 'max' }))
  .map(([world, picks]) => ({ world, log: walk(world.system, picks) as readonly Fact[] }));
