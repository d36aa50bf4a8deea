import { noSuch } from '../src/outside/no-such.ts';
import { anyOrderCounting, anyOrderEvent, anyOrderOpens, anyOrderPair } from './any-order.ts';
import { fourThreads, threeThreads, twoThreads } from './concurrent-opens.ts';
import {
  contextSwitch,
  instructions,
  migration,
  rv32,
  rv32Instructions,
  stopAndStart,
  twoAlike,
  twoCounting,
} from './counting.ts';
import {
  foreignOwner,
  foreignOwnerOtherPmu,
  foreignOwnerThreeThreads,
  foreignOwnerTwoThreads,
} from './foreign-owner.ts';
import { groupOfTwo, groupThatCannotFit } from './groups.ts';
import type { Model } from './model.ts';
import { referenceWrap } from './reference-wrap.ts';
import { refusedBesideLive, refusedOpens } from './refused-opens.ts';
import { threeOnTwo, twoHarts, twoOfAKind } from './slots.ts';

/** Every model, in the order of a report. @public */
export const MODELS: readonly Model[] = [
  anyOrderEvent,
  anyOrderOpens,
  ...refusedOpens,
  refusedBesideLive,
  twoThreads,
  threeThreads,
  foreignOwner,
  foreignOwnerOtherPmu,
  foreignOwnerTwoThreads,
  referenceWrap,
  twoOfAKind,
  threeOnTwo,
  twoHarts,
  groupOfTwo,
  groupThatCannotFit,
  contextSwitch,
  migration,
  stopAndStart,
  instructions,
  twoAlike,
  rv32,
  rv32Instructions,
  anyOrderCounting,
  anyOrderPair,
  fourThreads,
  foreignOwnerThreeThreads,
  twoCounting,
];

/** The model of that name. Throws a RangeError that lists the names if there is none. @public */
export const modelOf = (name: string): Model => modelIn(MODELS, name);

/** The model of that name among some. Throws a RangeError that lists the names if there is none. */
export function modelIn(models: readonly Model[], name: string): Model {
  const model = models.find((candidate) => candidate.name === name);
  if (model === undefined)
    throw new RangeError(
      noSuch(
        'model',
        name,
        models.map((known) => known.name),
      ),
    );
  return model;
}

export type { Model } from './model.ts';
export { PROPERTIES, propertyOf } from './properties/index.ts';
export { compose, ENVIRONMENTS, type Environment, type Scope } from './scope.ts';
