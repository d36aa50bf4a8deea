import { ATTRIBUTES, type Attribute, RISCV_BASE_PMU } from '../src/facts/index.ts';
import { CORES_ONLY, type Model, OF_OPENING, OF_SLOTS } from './model.ts';
import { type Scope, SMALLEST } from './scope.ts';

/** Opens that are refused, as many as one likes: a number that is the same after one is taken away. */
const NO_END = Number.MAX_VALUE;

const opening = [
  ...OF_OPENING.filter((id) => !['recovers', 'drains', 'no-deadlock'].includes(id)),
  'foreign-owner-kept',
  'busy-is-true',
];

/** Where time does not pass, words take few values, however wide they are: so they are as wide as they are. */
const AT_64_BITS: Scope = { ...SMALLEST, pmu: RISCV_BASE_PMU };

/** What is proved for any number of events: each of any of these kinds, opened and closed again and again. */
export const anyOpens: Model = {
  name: 'any-opens',
  asks: 'Do any number of threads keep the reservation, that open and close events of cycles as often as they like?',
  scope: { ...AT_64_BITS, foreign: true },
  environments: CORES_ONLY,
  properties: opening,
};

export const anyKinds: Model = {
  name: 'any-kinds',
  asks: 'And of every kind that there is, also those that are refused?',
  scope: { ...AT_64_BITS, events: [Object.keys(ATTRIBUTES) as Attribute[]], foreign: true },
  environments: CORES_ONLY,
  properties: opening,
};

export const anySlots: Model = {
  name: 'any-slots',
  asks: 'Do any number of events on any number of harts keep the slots?',
  scope: { ...AT_64_BITS, harts: 1 },
  environments: CORES_ONLY,
  properties: OF_SLOTS.filter((id) => id !== 'no-deadlock'),
};

/** What `hartproof prove` asks. @public */
export const PROOFS: readonly Model[] = [anyOpens, anyKinds, anySlots];

/**
 * The scope of a model with so many events, and about half as many harts: each event of every kind that one of the model's can
 * have, opened again after it is gone, and refused as often as one likes. A scope without harts stays so.
 */
export function scaledTo({ scope }: Pick<Model, 'scope'>, size: number): Scope {
  const kinds = [...new Set(scope.events.flat())];
  return {
    ...scope,
    events: Array.from({ length: Math.max(size, scope.group) }, () => kinds),
    harts: scope.harts === 0 ? 0 : Math.ceil(size / 2),
    oddOpens: NO_END,
    reopens: true,
  };
}
