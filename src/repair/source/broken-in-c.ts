import { type Environment, propertyOf } from '../../../models/index.ts';
import { type Build, NoSubject, SourceAudit } from '../../subject/index.ts';
import type { Question } from '../ask.ts';

/** What the C of a driver breaks: the ids of the properties, by question (see {@link keyOf}). */
export type BrokenInC = ReadonlyMap<string, ReadonlySet<string>>;

/** The name of a question. */
export const keyOf = ({ model, environment }: Question): string => `${model.name}, ${environment}`;

/** Audits a compiled driver. Throws `NoSubject` if it does not boot, or a search stops early: what was not searched is no pass. */
export async function brokenInC(build: Build, questions: readonly Question[]): Promise<BrokenInC> {
  const audit = new SourceAudit(build);
  const broken = new Map<string, Set<string>>();
  try {
    for (const question of questions) {
      const { model, environment } = question;
      const { covered, verdicts } = await audit.decide(model, environment, model.properties.map(propertyOf));
      if (!covered.exhaustive) throw new NoSubject(`its audit stopped in ${keyOf(question)}: ${covered.stoppedBy}`);
      const found = [...verdicts].filter(([, { verdict }]) => verdict === 'violated').map(([id]) => id);
      broken.set(keyOf(question), new Set(found));
    }
  } finally {
    audit.close();
  }
  return broken;
}

/** The properties that are broken in an environment, in any of the questions. */
export function brokenIn(
  environment: Environment,
  questions: readonly Question[],
  broken: BrokenInC,
): ReadonlySet<string> {
  return new Set(
    questions
      .filter((question) => question.environment === environment)
      .flatMap((question) => [...(broken.get(keyOf(question)) ?? [])]),
  );
}
