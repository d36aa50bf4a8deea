import { DRIVERS, type DriverMachine, type DriverName } from '../../../machines/drivers.ts';
import { type Environment, type Model, modelOf, propertyOf } from '../../../models/index.ts';
import type { Property } from '../../check/property.ts';
import type { System } from '../../compose/index.ts';
import type { Fact } from '../../facts/index.ts';
import { type Subject, systemOf } from '../../replay/subject.ts';

/** The machines of a subject, with what a session asks of them again and again. */
export interface World {
  readonly subject: Subject;
  readonly model: Model;
  readonly driver: DriverMachine;
  readonly system: System;
  /** Every fact that the indices allow, in the order in which choices are numbered. */
  readonly bare: readonly Fact[];
  /** The promises that the model decides and this environment can be asked. */
  readonly properties: readonly Property[];
}

/** Puts the machines of a subject together. Throws a RangeError if there is no such model, environment or driver. */
export function worldOf(subject: Subject): World {
  if (subject.config !== undefined)
    throw new RangeError(
      `${subject.driver} is described in ${subject.config.file}, and only modelled drivers are explored`,
    );
  const model = modelOf(subject.model);
  const system = systemOf(subject);
  const asked = model.properties.map(propertyOf);
  return {
    subject,
    model,
    driver: DRIVERS[subject.driver as DriverName],
    system,
    bare: system.bareFacts(),
    properties: asked.filter(({ needsContract }) => needsContract === undefined || subject.environment !== 'any-order'),
  };
}

/** The environment that a model is asked in, if the one that is wanted is not among them. */
export const environmentIn = ({ environments }: Model, wanted: string): Environment =>
  environments.find((environment) => environment === wanted) ?? environments[0]!;
