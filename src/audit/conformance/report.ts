import { counted } from '../../findings/counted.ts';
import type { Counterexample, Finding, Rule } from '../../findings/finding.ts';
import type { Report, Table } from '../../findings/report.ts';
import type { Difference } from '../../subject/conform.ts';
import type { Tested } from '../../subject/self-test.ts';
import { brokenCopies, type Compared, type ConformanceResult, outcomeOf } from './conformance-result.ts';
import { suitesOf } from './suites.ts';
import {
  againText,
  lineText,
  outcomeText,
  placeOf,
  scopeText,
  selfTestText,
  stepsOf,
  stoppedTexts,
  summaryText,
  testedText,
} from './texts.ts';

const CONFORMS: Rule = {
  id: 'conforms',
  statement: 'After the same facts the model and the C do the same fact next, and look the same',
  severity: 'high',
  source: '',
  consequence: 'Either the model is wrong, or this is another driver than the one that it models.',
};

const SELF_TEST: Rule = {
  id: 'self-test',
  statement: 'Each broken copy of the driver is noticed',
  severity: 'medium',
  source: '',
  consequence: 'What breaks unnoticed here, the comparison does not see in the driver either.',
};

/** A comparison of a model with C, as a report: the difference, and each broken copy that was missed, are findings. */
export function reportOf(result: ConformanceResult): Report {
  const { compared, tested, driver, file } = result;
  const missed = tested.filter(({ outcome }) => outcome === 'missed');
  const unknown = tested.some(({ outcome }) => outcome === 'undecided') || brokenCopies(tested).length === 0;
  return {
    command: 'conform',
    subject: file,
    title: `${file} against the model ${driver}`,
    summary: [summaryText(result)],
    reservations: [...stoppedTexts(result), ...(tested.length > 0 && unknown ? [selfTestText(tested)!] : [])],
    notes: [],
    legend: [],
    rules: [CONFORMS, SELF_TEST],
    findings: [...compared.flatMap(differenceFinding), ...missed.map((one) => missedFinding(one, file))],
    tables: [comparedTable(compared), ...(tested.length > 0 ? [selfTestTable(tested)] : [])],
    closing: [],
    suites: () => suitesOf(result),
    json: () => toJson(result),
  };
}

/** The machine-readable conformance. Fields are only ever added to a version. */
const toJson = ({ compared, tested, seconds, driver, file }: ConformanceResult) => ({
  schema: 'hartproof.conform/1',
  driver,
  file,
  scopes: compared.map(({ model, environment, covered, difference }) => ({
    model: model.name,
    environment,
    covered,
    difference,
  })),
  selfTest: tested.map(({ mutant: { does, line }, outcome, model }) => ({ does, line, outcome, model })),
  seconds,
});

function differenceFinding(one: Compared): Finding[] {
  const { difference } = one;
  if (difference === undefined) return [];
  const { what, model, c, place, token } = difference;
  return [
    {
      id: `conforms/${one.model.name}.${one.environment}`,
      rule: CONFORMS,
      cause: `the model and the C differ in ${what}, in ${scopeText(one)}`,
      ...(place && { place: placeOf(place) }),
      where: place === undefined ? '' : lineText(place),
      reach: '',
      reachable: true,
      cores: [],
      remarks: [],
      counterexamples: difference.facts.length === 0 ? [] : [counterexampleOf(one, difference)],
      sides: [
        ['model', model],
        ['C', c],
      ],
      again: againText(difference),
      properties: { model: one.model.name, environment: one.environment, token },
    },
  ];
}

const counterexampleOf = (one: Compared, difference: Difference): Counterexample => ({
  id: `conforms/${one.model.name}.${one.environment}/log`,
  rule: CONFORMS.id,
  title: 'Shortest path',
  scope: scopeText(one),
  others: [],
  length: counted(difference.facts.length, 'fact'),
  steps: (detail) => stepsOf(difference, detail),
  lasts: true,
  ending: `here they differ in ${difference.what}`,
  facts: difference.facts,
});

const missedFinding = ({ mutant: { line, does } }: Tested, file: string): Finding => ({
  id: `self-test/${line}`,
  rule: SELF_TEST,
  cause: `a copy of the driver that ${does} here was not noticed`,
  place: { file, function: '', lines: [line, line] },
  where: `${file}:${line}`,
  reach: '',
  reachable: true,
  cores: [],
  remarks: [],
  counterexamples: [],
  properties: {},
});

const TONE = { equal: 'holds', different: 'violated', bounded: 'bounded' } as const;

/** Each scope that was compared; environments in which a model came to the very same share a row. */
function comparedTable(compared: readonly Compared[]): Table {
  const rows = new Map<string, { one: Compared; environments: string[] }>();
  for (const one of compared) {
    const { states, transitions } = one.covered;
    const key = JSON.stringify([one.model.name, outcomeText(one), states, transitions]);
    const row = rows.get(key) ?? { one, environments: [] };
    row.environments.push(one.environment);
    rows.set(key, row);
  }
  return {
    id: 'compared',
    title: 'What was compared',
    head: ['scope', 'environment', 'outcome', 'states', 'transitions'],
    numbers: 2,
    rows: [...rows.values()].map(({ one, environments }) => [
      { text: one.model.name },
      { text: environments.join(' ') },
      { text: outcomeText(one), tone: TONE[outcomeOf(one)] },
      { text: one.covered.states.toLocaleString('en') },
      { text: one.covered.transitions.toLocaleString('en') },
    ]),
    notes: [],
  };
}

const TESTED = { noticed: 'holds', missed: 'violated', 'no mutant': 'vacuous', undecided: 'bounded' } as const;

const selfTestTable = (tested: readonly Tested[]): Table => ({
  id: 'self-test',
  title: 'Broken copies of the driver',
  lead: selfTestText(tested)!,
  head: ['broken copy', 'outcome'],
  numbers: 0,
  rows: tested.map((one) => [
    { text: `line ${one.mutant.line}: ${one.mutant.does}` },
    { text: testedText(one), tone: TESTED[one.outcome] },
  ]),
  notes: [],
});
