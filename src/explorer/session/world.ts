import type { DriverMachine } from '../../../machines/drivers.ts';
import { type Environment, type Model, modelIn, PROPERTIES, propertyOf } from '../../../models/index.ts';
import type { Fact, Property, System } from '../../facts/index.ts';
import { canBeAsked } from '../../replay/log-verdicts.ts';
import { askedWhereShown, INFERRED } from '../../replay/shown.ts';
import { type Subject, systemOf } from '../../replay/subject.ts';
import { type DescribedPort, driverOf } from './drivers.ts';

/** What is asked: a model, or what a kernel's trace is of. */
export type ModelInfo = Pick<Model, 'name' | 'asks' | 'environments'>;

/** The machines of a subject, with what a session asks of them again and again. */
export interface World {
  readonly subject: Subject;
  readonly model: ModelInfo;
  readonly driver: DriverMachine;
  readonly system: System;
  /** Every fact that the indices allow, in the order in which choices are numbered. */
  readonly bare: readonly Fact[];
  /** The properties that the model decides and this environment can be asked. */
  readonly properties: readonly Property[];
}

/**
 * Puts the machines of a subject together; `inferred`: the facts of its log in which a count rests on values that no line of a
 * recording shows. Throws a RangeError if there is no such model, environment or driver.
 */
export function worldOf(subject: Subject, inferred: ReadonlySet<Fact> = new Set()): World {
  const driver = driverOf(subject);
  const system = systemOf(subject, driver);
  const model = modelInfoOf(subject);
  const asked =
    subject.trace === undefined
      ? modelIn(driver.models, subject.model).properties.map(propertyOf)
      : PROPERTIES.filter((property) => canBeAsked(property, system));
  return {
    subject: {
      ...subject,
      ...(inferred.size > 0 && { undecided: [...new Set([...(subject.undecided ?? []), INFERRED])] }),
      ...(driver.port && describedBy(driver.port)),
    },
    model,
    driver: driver.machine,
    system,
    bare: system.bareFacts(),
    properties: askedWhereShown(
      asked.filter(({ needsContract }) => needsContract === undefined || subject.environment !== 'any-order'),
      inferred,
    ),
  };
}

const describedBy = ({ description, config }: DescribedPort): Pick<Subject, 'port' | 'config'> => ({
  port: description,
  ...(config && { config }),
});

/** What a subject asks. Throws a RangeError if there is no such model. */
export function modelInfoOf(subject: Subject): ModelInfo {
  const { model, trace, environment } = subject;
  if (trace === undefined) return modelIn(driverOf(subject).models, model);
  // An event of the model stands for one of the kernel's after another.
  const size = `${counted(trace.events, 'event')} at a time on ${counted(trace.harts, 'hart')}`;
  // The facts inside the callbacks were inferred for the very perf core that the trace was held against.
  return {
    name: model,
    asks: `What did a kernel do? A recording of ${size}`,
    environments: [environment as Environment],
  };
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** The environment that a model is asked in, if the one that is wanted is not among them. */
export const environmentIn = ({ environments }: ModelInfo, wanted: string): Environment =>
  environments.find((environment) => environment === wanted) ?? environments[0]!;
