import type { Log, ReportingDescriptor, Result, ThreadFlowLocation } from 'sarif';
import { invocationsOf, locationOf, logOf, toolOf } from '../../reports/sarif-log.ts';
import type { Difference } from '../../subject/conform.ts';
import type { Place } from '../../subject/places.ts';
import type { Tested } from '../../subject/self-test.ts';
import { brokenCopies, type Compared, type ConformanceResult } from './conformance-result.ts';
import { ADVICE, againText, scopeText, selfTestText, stepsOf, stoppedTexts } from './telling.ts';

const RULES = [
  {
    id: 'conforms',
    shortDescription: { text: 'The model and the C do the same' },
    fullDescription: { text: `After the same facts both do the same fact next, and look the same. ${ADVICE}` },
    defaultConfiguration: { level: 'error' },
  },
  {
    id: 'self-test',
    shortDescription: { text: 'Each broken copy of the driver is noticed' },
    fullDescription: { text: 'What breaks unnoticed here, the comparison does not see in the driver either.' },
    defaultConfiguration: { level: 'warning' },
  },
] as const satisfies readonly ReportingDescriptor[];

/**
 * The conformance as SARIF 2.1.0: the difference as a result at its line, with the shortest path to it as a code flow, and a result
 * for each broken copy that was missed, at the line that it breaks. What was cut short is a warning of the run.
 */
export function toSarif(conformed: ConformanceResult): Log {
  const { compared, tested, driver, file } = conformed;
  const missed = tested.filter(({ outcome }) => outcome === 'missed');
  const unknown = tested.some(({ outcome }) => outcome === 'undecided') || brokenCopies(tested).length === 0;
  const untested = tested.length > 0 && unknown ? [selfTestText(tested)!] : [];
  return logOf({
    tool: toolOf([...RULES]),
    automationDetails: { id: `hartproof/conform/${driver}/` },
    columnKind: 'utf16CodeUnits',
    invocations: invocationsOf([...stoppedTexts(conformed), ...untested]),
    results: [...compared.flatMap((one) => differenceOf(one, file)), ...missed.map((one) => missedOf(one, file))],
  });
}

function differenceOf(one: Compared, file: string): Result[] {
  const { difference } = one;
  if (difference === undefined) return [];
  const { what, model, c, place } = difference;
  const flow = flowOf(difference);
  return [
    {
      ...ruled(0),
      message: {
        text: `In ${scopeText(one)} they differ in ${what}. Model: ${model}. C: ${c}. ${againText(difference)}`,
      },
      // Where no tool can tell the line, the file stands for it.
      locations: [place === undefined ? locationIn(file, 1) : locationAt(place)],
      ...(flow.length > 0 && {
        codeFlows: [{ message: { text: `The shortest path: ${scopeText(one)}.` }, threadFlows: [{ locations: flow }] }],
      }),
      properties: { model: one.model.name, environment: one.environment, token: difference.token },
    },
  ];
}

/** The way along the lines of the C. What has no line (a call, time, another owner) is told with the next step that has one. */
function flowOf(difference: Difference): ThreadFlowLocation[] {
  const flow: ThreadFlowLocation[] = [];
  let before: string[] = [];
  for (const { who, what, place, parts } of stepsOf(difference, 'facts')) {
    before.push(`${who}: ${what}.${parts ? ` Here the model differs: ${difference.model}` : ''}`);
    if (place === undefined) continue;
    flow.push({
      executionOrder: flow.length,
      importance: parts ? 'essential' : 'important',
      location: { ...locationAt(place), message: { text: before.join(' Then ') } },
    });
    before = [];
  }
  return flow;
}

const missedOf = ({ mutant: { line, does } }: Tested, file: string): Result => ({
  ...ruled(1),
  message: { text: `A copy of the driver that ${does} here was not noticed.` },
  locations: [locationIn(file, line)],
});

const ruled = (ruleIndex: 0 | 1) => ({
  ruleId: RULES[ruleIndex].id,
  ruleIndex,
  level: RULES[ruleIndex].defaultConfiguration.level,
});

const locationAt = ({ file, line, function: name }: Place) => locationOf({ file, function: name, lines: [line, line] });

const locationIn = (file: string, line: number) => locationAt({ file, line, function: '' });
