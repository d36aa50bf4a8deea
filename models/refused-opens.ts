import { CORES, offersType } from '../machines/cores.ts';
import { ATTRIBUTES, type Attribute, attributeKind } from '../src/facts/index.ts';
import { CORES_ONLY, type Model, OF_OPENING } from './model.ts';
import { SMALLEST } from './scope.ts';

const refused = (Object.keys(ATTRIBUTES) as Attribute[]).filter(
  (attribute) => !attributeKind(attribute).answers.includes(0),
);

/** One model for each kind of event that should be refused: so each way out of `event_init` is told apart. */
export const refusedOpens: readonly Model[] = refused.map((attribute) => ({
  name: `refused-open-${attribute}`,
  asks: `What does an open of kind ${attribute} leave behind?`,
  scope: { ...SMALLEST, events: [[attribute, 'cycles']] },
  environments: CORES_ONLY.filter((core) => offersType(CORES[core], attributeKind(attribute).type)),
  properties: OF_OPENING,
}));

export const refusedBesideLive: Model = {
  name: 'refused-beside-live',
  asks: 'And what does it do to another event that is live, or is opened or closed at the same time?',
  scope: { ...SMALLEST, events: [['raw', 'cache-misses', 'cache', 'unknown-type'], ['cycles']] },
  environments: CORES_ONLY,
  // What drains is asked of each kind alone: here one kind that does not would hide the others.
  properties: OF_OPENING.filter((id) => id !== 'no-admission-of-the-impossible' && id !== 'drains'),
};
