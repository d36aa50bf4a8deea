import type { Case, CaseOutcome, Suite } from '../../findings/report.ts';
import { disagreementText } from '../../store/disagreement.ts';
import type { Decided, Part } from './report.ts';
import { atText, boundedText, callbackText, orderTexts, worstText } from './texts.ts';

/**
 * A trace as test suites: a test case for whether it is what the model says, and one for each property.
 * What was not judged to its end, or not shown, is an error: it is no pass.
 */
export function suitesOf(
  file: string,
  scope: string,
  parts: readonly Part[],
  decided: readonly Decided[],
  accepted: boolean,
): Suite[] {
  const classname = `trace.${scope.replaceAll('.', '_').replaceAll(', ', '.')}`;
  const cases = decided.map((one): Case => {
    const outcome = outcomeOf(one);
    return { classname, name: one.property, ...(outcome && { outcome }) };
  });
  const outcome = accepted ? undefined : refusalIn(parts);
  const whole: Case = { classname, name: 'conforms', ...(outcome && { outcome }) };
  return [{ name: file, seconds: 0, properties: {}, cases: [whole, ...cases] }];
}

function refusalIn(parts: readonly Part[]): CaseOutcome {
  const refused = parts.flatMap((part) => part.refused ?? [])[0];
  if (refused === undefined) {
    const bounded = parts.flatMap((part) => part.bounded ?? [])[0];
    return notDecided(bounded === undefined ? 'not all callbacks could be judged' : boundedText(bounded));
  }
  const { expected, found } = refused;
  return {
    kind: 'failure',
    type: 'high',
    message: `refused at ${atText(refused)}: ${callbackText(refused)}: ${disagreementText(refused)}`,
    text: [`the model says: ${expected}`, `the trace shows: ${found}`, ...orderTexts(refused)].join('\n'),
  };
}

function outcomeOf({ verdict, broken }: Decided): CaseOutcome | undefined {
  switch (verdict) {
    case 'held':
      return undefined;
    case 'vacuous':
      return { kind: 'skipped', message: 'vacuous: nothing that it speaks of happened' };
    case 'violated':
      return {
        kind: 'failure',
        type: 'violated',
        message: `${worstText(broken)}, first at ${atText(broken[0]!)}`,
        text: broken.map((one) => `${atText(one)}: ${callbackText(one)}: ${one.fact}`).join('\n'),
      };
    case 'undecided':
      return notDecided('the trace does not show enough');
    case 'held so far':
      return notDecided('held in what was judged, which is not all');
  }
}

const notDecided = (message: string): CaseOutcome => ({ kind: 'error', type: 'bounded', message });
