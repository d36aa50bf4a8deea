import { DRIVERS } from '../machines/drivers.ts';
import { compose, type Environment, MODELS, type Model, modelOf, propertyOf } from '../models/index.ts';
import type { Attribute, Property, System } from '../src/facts/index.ts';

/** One system to be searched, with what is asked of it. */
export interface Subject {
  readonly name: string;
  readonly system: System;
  readonly properties: readonly Property[];
}

const threads = (name: string, events: readonly (readonly Attribute[])[], foreign: boolean): Model => {
  const model = modelOf(foreign ? 'foreign-owner-three-threads' : 'three-threads');
  return { ...model, name, scope: { ...model.scope, events, foreign } };
};

const ALL: readonly Attribute[] = ['cycles', 'raw', 'cache-misses'];

/** Models that are measured and not audited. */
const MEASURED: readonly Model[] = [
  // Four threads that open and close at once, three of which also open what is refused, and another owner of the PMC.
  threads('large', [['cycles', 'raw'], ['cycles', 'raw'], ['cycles', 'cache-misses'], ['cycles']], true),
  // More than two hundred million states: not among what is compared, since it takes minutes.
  threads('huge', [['cycles', 'raw'], ['cycles', 'raw'], [...ALL], [...ALL]], true),
  // How a search grows with the scope.
  ...[2, 3, 4, 5].map((count) =>
    threads(
      `${count} threads`,
      Array.from({ length: count }, () => ['cycles']),
      false,
    ),
  ),
];

/**
 * What a name stands for: a measured or an audited model in the last of its environments, or all that the default audit asks; with one
 * property alone, as `large: no-deadlock`.
 */
export function subjects(name: string): Subject[] {
  const [whole = '', id] = name.split(': ');
  if (id !== undefined)
    return subjects(whole).map((one) => ({
      ...one,
      properties: one.properties.filter((property) => property.id === id),
    }));
  if (name === 'default')
    return MODELS.filter(({ deep }) => !deep).flatMap((model) =>
      model.environments.map((environment) => subject(model, environment)),
    );
  const model = MEASURED.find((measured) => measured.name === name) ?? modelOf(name);
  return [subject(model, model.environments.at(-1)!)];
}

const subject = (model: Model, environment: Environment): Subject => ({
  name: model.name,
  system: compose(model.scope, environment, DRIVERS['as-posted']),
  properties: model.properties.map(propertyOf),
});
