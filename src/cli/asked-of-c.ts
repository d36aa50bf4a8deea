import type { Attribute } from '../facts/index.ts';
import type { Build } from '../subject/index.ts';
import { type DriverChoice, type DriverOptions, driverAsked } from './driver-asked.ts';
import { say } from './output.ts';

/**
 * The driver that C is compared with, and the models to ask of the C: of the PMU that a file describes; without one, of what can be
 * learnt by asking the C. Of RV32 they ask where it is for it, or `everything` is asked. Throws a UsageError as {@link driverAsked} does.
 */
export async function askedOfC(build: Build, options: DriverOptions, everything: boolean): Promise<DriverChoice> {
  const asked = await driverAsked(options);
  if (asked.port !== undefined) return asked;
  const { answersOn, countersOf, EVERY_ATTRIBUTE } = await import('../facts/index.ts');
  const { modelsFor } = await import('../porting/index.ts');
  const { learnPmu } = await import('../subject/index.ts');
  const learnt = learnPmu(build);
  if (learnt.eitherXlen !== true && !everything)
    say(
      `RV32 is not asked: nothing in ${build.source.path} says that it is for it. To ask it, name rv32, or --config FILE`,
    );
  const unseen = (Object.keys(EVERY_ATTRIBUTE) as Attribute[]).filter(
    (kind) => answersOn(learnt, kind).includes(0) && countersOf(learnt, kind).length === 0,
  );
  if (unseen.length > 0)
    say(
      `what counts ${unseen.join(', ')} is not known: the count of such an event is not asked. To ask it, --config FILE`,
    );
  const pmu = everything ? { ...learnt, eitherXlen: true as const } : learnt;
  return { ...asked, pmu, models: modelsFor(pmu) };
}
