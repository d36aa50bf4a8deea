import { modelIn } from '../../../models/index.ts';
import { causeOf } from '../../audit/cause.ts';
import { causeSource, causeText, placeText } from '../../audit/texts.ts';
import type { Property } from '../../facts/index.ts';
import { whoDoes } from '../../findings/rows.ts';
import type { Place } from '../../findings/trace.ts';
import { isAboutAllLogs } from '../../replay/log-verdicts.ts';
import { driverOf } from './drivers.ts';
import type { Timeline } from './timeline.ts';

/** What a person is told first of a log that violates a property. */
export interface Violated {
  readonly property: Property;
  /** After how many facts it is violated. */
  readonly at: number;
  /** Who does the last of them: `hart 0`, `task of event 1`. */
  readonly who: string;
  /** Whether it is violated only while a call is in flight. */
  readonly isInFlight: boolean;
}

/** Why, and where in the C. */
export interface Cause {
  readonly text: string;
  /** As a person writes it. */
  readonly where: string;
  readonly place?: Place;
}

/** A log longer than this is no counterexample of a search: its cause would be long in coming. */
const LONGEST = 2000;

/** Where a log violates a property that is looked at; undefined if it does not, as far as it is folded. */
export function violatedIn({ world, broken, brokenInFlight, facts }: Timeline, id: string): Violated | undefined {
  const property = world.properties.find((one) => one.id === id);
  const lasting = broken.get(id);
  const at = lasting ?? brokenInFlight.get(id);
  if (property === undefined || at === undefined) return undefined;
  return { property, at, who: at === 0 ? 'nobody' : whoDoes(facts, at - 1), isInFlight: lasting === undefined };
}

/** The cause of a violation, as an audit finds it; undefined where a log alone does not tell it. */
export async function causeIn({ world, facts }: Timeline, { property, at }: Violated): Promise<Cause | undefined> {
  const { subject, driver } = world;
  if (subject.trace !== undefined || at > LONGEST || isAboutAllLogs(property)) return undefined;
  const { scope, environments } = modelIn(driverOf(subject).models, subject.model);
  const environment = environments.find((one) => one === subject.environment);
  // With another width, the scope is not the one of the log.
  if (environment === undefined || subject.wordBits !== undefined) return undefined;
  const cause = await causeOf(property, facts.slice(0, at), scope, environment, driver);
  const place = causeSource(cause);
  return { text: causeText(cause), where: placeText(cause), ...(place && { place }) };
}
