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
  asks: `What does an open of kind ${attribute} leave behind, beside an event that counts?`,
  scope: { ...SMALLEST, events: [[attribute, 'cycles'], ['cycles']] },
  environments: CORES_ONLY.filter((core) => offersType(CORES[core], attributeKind(attribute).type)),
  properties: OF_OPENING,
}));
