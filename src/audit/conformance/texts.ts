import { counted } from '../../findings/counted.ts';
import type { Step } from '../../findings/finding.ts';
import { callbackText, type Detail, factInC, segments, whoDoes } from '../../findings/rows.ts';
import type { Place } from '../../findings/trace.ts';
import type { Difference } from '../../subject/conform.ts';
import type { Place as Line } from '../../subject/places.ts';
import type { Tested } from '../../subject/self-test.ts';
import { brokenCopies, type Compared, type ConformanceResult, outcomeOf } from './conformance-result.ts';

/** The words in which every report tells a conformance, whatever its format. */

/** What the comparison came to, in one sentence. */
export function summaryText({ compared, driver, seconds }: ConformanceResult): string {
  const found = compared.find(({ difference }) => difference !== undefined);
  if (found !== undefined)
    return `The model (${driver}) and the C part in ${scopeText(found)}, after ${counted(found.difference!.facts.length, 'fact')}.`;
  const sum = (of: (one: Compared) => number): number => compared.reduce((total, one) => total + of(one), 0);
  const states = counted(
    sum(({ covered }) => covered.states),
    'state',
  );
  const transitions = counted(
    sum(({ covered }) => covered.transitions),
    'transition',
  );
  return `${counted(compared.length, 'search')}, ${states}, ${transitions}, ${seconds.toFixed(0)} s: no difference.`;
}

export const scopeText = ({ model, environment }: Compared): string => `${model.name}, ${environment}`;

/** The outcome of one comparison, with the reason why it was cut short. */
export function outcomeText(one: Compared): string {
  const outcome = outcomeOf(one);
  return outcome === 'bounded' ? `bounded: ${one.covered.stoppedBy}` : outcome;
}

export const coveredText = ({ covered: { states, transitions } }: Compared): string =>
  `${counted(states, 'state')}, ${counted(transitions, 'transition')}`;

/** What was not searched to its end, one sentence each. */
export const stoppedTexts = ({ compared, interrupted }: ConformanceResult): string[] => [
  ...compared
    .filter((one) => outcomeOf(one) === 'bounded')
    .map((one) => `${scopeText(one)}: not searched to its end (${one.covered.stoppedBy}); that is no pass.`),
  ...(interrupted ? ['Interrupted: what was not compared by then is no pass.'] : []),
];

/** The shortest path to a difference: what the C does, of which the last fact is where they part. */
export function stepsOf({ facts, places, place: last }: Difference, detail: Detail): Step[] {
  const end = facts.length - 1;
  const rows: [number, number][] = [...segments(facts.slice(0, end), detail), [end, end + 1]];
  return rows.map(([from, to]) => {
    const place = places.slice(from, to).findLast((known) => known !== undefined) ?? (from === end ? last : undefined);
    return {
      position: from + 1,
      end: to,
      who: whoDoes(facts, from),
      what: to - from === 1 ? factInC(facts[from]!) : callbackText(facts.slice(from, to)),
      where: place === undefined ? '' : `${place.function || place.file}:${place.line}`,
      ...(place && { place: placeOf(place) }),
      changed: [],
      violates: from === end,
    };
  });
}

/** The line of the C as a range of one. */
export const placeOf = ({ file, line, function: name }: Line): Place => ({
  file,
  function: name,
  lines: [line, line],
});

/** A place as editors and terminals know it. */
export const lineText = ({ file, line, function: name }: Line): string => `${file}:${line} ${name}`.trimEnd();

/** How to follow a difference again. */
export const againText = ({ token }: Difference): string => `Again, fact by fact: --replay ${token}`;

/** What the broken copies say of the comparison, in one sentence; nothing where none was tried. */
export function selfTestText(tested: readonly Tested[]): string | undefined {
  if (tested.length === 0) return undefined;
  const broken = brokenCopies(tested);
  const missed = broken.filter(({ outcome }) => outcome === 'missed');
  if (broken.length === 0)
    return 'Self-test: no broken copy of this driver compiles, so that nothing says whether a difference is noticed.';
  const undecided = broken.filter((one) => one.outcome === 'undecided').length;
  const said = undecided === 0 ? '' : ` Of ${undecided} it is not known: a comparison was cut short.`;
  if (missed.length > 0)
    return `Self-test: ${missed.length} of ${broken.length} broken copies of this driver were NOT noticed.${said}`;
  if (undecided > 0) return `Self-test: ${broken.length} broken copies of this driver.${said}`;
  return `Self-test: ${broken.length} broken copies of this driver, each noticed.`;
}

/** What became of one broken copy. */
export function testedText({ outcome, model }: Tested): string {
  if (outcome === 'no mutant') return 'does not compile';
  if (outcome === 'undecided') return 'undecided: a comparison was cut short';
  return outcome === 'noticed' ? `noticed in ${model}` : 'MISSED';
}
