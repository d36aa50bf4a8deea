import { stepText } from '../../findings/finding.ts';
import type { Case, CaseOutcome, Suite } from '../../findings/report.ts';
import type { Tested } from '../../subject/self-test.ts';
import { brokenCopies, type Compared, type ConformanceResult, outcomeOf } from './conformance-result.ts';
import { againText, coveredText, lineText, outcomeText, selfTestText, stepsOf, testedText } from './texts.ts';

/**
 * The conformance as test suites: a test case for each model and environment, and for each broken copy of the driver.
 * A difference and a copy that is missed are failures; a search that was cut short is an error: it is no pass.
 */
export function suitesOf({ compared, tested, driver, file, seconds, interrupted }: ConformanceResult): Suite[] {
  const cases = compared.map((one): Case => {
    const outcome = outcomeIn(one);
    return {
      classname: `conform.${one.environment.replaceAll('.', '_')}`,
      name: one.model.name,
      seconds: one.covered.milliseconds / 1000,
      ...(outcome && { outcome }),
      output: coveredText(one),
    };
  });
  if (interrupted)
    cases.push({ classname: 'conform', name: 'all that was asked for', outcome: bounded('interrupted') });
  const suites: Suite[] = [{ name: `${file} against the model ${driver}`, seconds, properties: {}, cases }];
  if (tested.length > 0)
    suites.push({ name: 'self-test: broken copies of the driver', seconds: 0, properties: {}, cases: copies(tested) });
  return suites;
}

const bounded = (message: string): CaseOutcome => ({ kind: 'error', type: 'bounded', message });

function outcomeIn(one: Compared): CaseOutcome | undefined {
  const { difference } = one;
  if (outcomeOf(one) === 'bounded') return bounded(outcomeText(one));
  if (difference === undefined) return undefined;
  const { what, model, c, place } = difference;
  const lines = [
    ...stepsOf(difference, 'callbacks').map(
      (step) =>
        `${step.violates ? '✗' : ' '} ${step.position}. ${stepText(step)}${step.where === '' ? '' : ` (${step.where})`}`,
    ),
    what,
    `model: ${model}`,
    `C:     ${c}${place === undefined ? '' : ` (${lineText(place)})`}`,
    againText(difference),
  ];
  return { kind: 'failure', type: 'difference', message: `${what}: model: ${model}; C: ${c}`, text: lines.join('\n') };
}

/** A copy that does not compile is skipped; if none compiles, nothing was tested, and that is no pass. */
function copies(tested: readonly Tested[]): Case[] {
  const none = brokenCopies(tested).length === 0;
  return tested.map((one) => {
    const { mutant } = one;
    const outcome = none ? bounded(selfTestText(tested)!) : copyOutcome(one);
    const name = `line ${mutant.line}: ${mutant.does}`;
    return { classname: 'conform.self-test', name, ...(outcome && { outcome }) };
  });
}

function copyOutcome(one: Tested): CaseOutcome | undefined {
  if (one.outcome === 'noticed') return undefined;
  if (one.outcome === 'no mutant') return { kind: 'skipped', message: testedText(one) };
  if (one.outcome === 'undecided') return bounded(testedText(one));
  return { kind: 'failure', type: 'missed', message: 'this broken copy was not noticed' };
}
