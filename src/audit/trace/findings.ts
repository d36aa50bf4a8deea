import { counted } from '../../findings/counted.ts';
import type { Finding, Rule, Step } from '../../findings/finding.ts';
import { disagreementText } from '../../store/disagreement.ts';
import { acceptingText } from '../../trace/accepting.ts';
import type { BrokenProperty } from '../../trace/properties.ts';
import { previousText, type TraceRefusal } from '../../trace/refusal.ts';
import { propertyOf } from '../property.ts';
import { atText, callbackText, type Found, momentText, orderTexts, rangeText, ticksText, worstText } from './texts.ts';

/** What a refused trace violates. */
export const CONFORMS: Rule = {
  id: 'conforms',
  statement: 'The kernel does what the model says',
  severity: 'high',
  source: '',
  consequence: 'Either the model is wrong, or the kernel, or another driver or perf core ran.',
};

/** So many of the callbacks that violate a property are shown. */
const MOST_SHOWN = 8;

const common = { reach: '', reachable: true, cores: [], properties: {} };

/** A machine that does not agree with the trace, as a finding with both values. */
export const refusalFinding = (file: string, found: TraceRefusal & Found): Finding => ({
  ...common,
  id: `conforms/line-${found.line}`,
  rule: CONFORMS,
  cause: `${callbackText(found)}: ${disagreementText(found)}`,
  place: lineOf(file, found),
  where: `${file}, refused at ${atText(found)}`,
  remarks: [
    ...orderTexts(found),
    ...[previousText(found), found.accepting && acceptingText(found.accepting)].filter((text) => text !== undefined),
    'Nothing after it is judged.',
  ],
  counterexamples: [],
  sides: [
    ['the model says', found.expected],
    ['the trace shows', found.found],
  ],
});

/** Each property that was violated as a finding, with the callbacks that violate it. */
export function brokenFindings(file: string, scope: string, broken: readonly (BrokenProperty & Found)[]): Finding[] {
  const groups = new Map<string, (BrokenProperty & Found)[]>();
  for (const one of broken) {
    const alike = groups.get(one.property);
    if (alike === undefined) groups.set(one.property, [one]);
    else alike.push(one);
  }
  return [...groups].map(([property, breaks]) => brokenFinding(file, scope, property, breaks));
}

function brokenFinding(
  file: string,
  scope: string,
  property: string,
  breaks: readonly (BrokenProperty & Found)[],
): Finding {
  const first = breaks[0]!;
  const id = `${property}/line-${first.line}`;
  const shown = breaks.slice(0, MOST_SHOWN);
  const more = shown.length < breaks.length ? `, of which the first ${shown.length} are shown` : '';
  return {
    ...common,
    id,
    rule: propertyOf(property),
    cause: `${callbackText(first)} violates ${property}, with ${first.fact}`,
    place: lineOf(file, first),
    where: `${file}, first at ${atText(first)}`,
    remarks: [`In this trace: ${worstText(breaks)}.`],
    counterexamples: [
      {
        id: `${id}/log`,
        rule: property,
        title: 'Where it is violated',
        scope,
        others: [],
        length: `${counted(breaks.length, 'time')}${more}`,
        steps: () => shown.map((one) => stepOf(file, one)),
        lasts: true,
        ending: shown.length === 1 ? 'this callback violates it' : 'each of these callbacks violates it',
      },
    ],
  };
}

function stepOf(file: string, found: BrokenProperty & Found): Step {
  const { line, scn, place, fact, ticks, least, most, until } = found;
  return {
    position: line,
    end: line,
    who: '',
    what: `${callbackText(found)}: ${fact}`,
    where: place === undefined ? scn : momentText(place),
    place: lineOf(file, found),
    changed: [
      ...(least !== undefined && most !== undefined ? [rangeText({ least, most })] : []),
      ...(ticks === undefined || least !== undefined ? [] : [ticksText(BigInt(ticks))]),
      ...(until === undefined ? [] : [`holds again from line ${until} on`]),
    ],
    violates: true,
  };
}

const lineOf = (file: string, { line }: Found) => ({ file, function: '', lines: [line, line] as const });
