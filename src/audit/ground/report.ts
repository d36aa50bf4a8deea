import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { counted } from '../../findings/counted.ts';
import type { Finding, Step } from '../../findings/finding.ts';
import { linesIn } from '../../findings/lines.ts';
import type { Case, CaseOutcome, Report, Table, Tone } from '../../findings/report.ts';
import { tokenOf } from '../../findings/token.ts';
import type { GroundAudit, GroundFinding, GroundVerdict } from '../../subject/ground/audit.ts';
import { GROUND_PROPERTIES } from '../../subject/ground/properties/index.ts';
import { type Compared, comparedText } from '../baseline.ts';
import { changesOf, seenAlong } from './changes.ts';
import { toGroundJson } from './json.ts';
import { coreText, hardwareText, idOf, notAskedText, placeText, stepRows, stepsText } from './texts.ts';

/** An audit of any driver's C as a report. */
export function reportOf(audit: GroundAudit, compared?: Compared): Report {
  const { build, findings, pmu, unbound, device, searched, milliseconds, notes, verdicts } = audit;
  const [file = ''] = build.files;
  const textAt = textsOf(build);
  const states = searched.reduce((sum, one) => sum + one.states, 0);
  const violated = new Set(findings.map(({ property }) => property.id)).size;
  const stopped = searched.flatMap(({ scope, stoppedBy }) =>
    stoppedBy === undefined ? [] : [`${scope}: not searched to its end (${stoppedBy}); that is no pass.`],
  );
  return {
    command: 'audit',
    subject: file,
    title: `driver ${file}`,
    summary: [
      `${violated} of ${verdicts.size} properties are violated, with the headers of Linux ${build.tree.version}.`,
      ...(pmu === undefined
        ? []
        : [
            `Bound to ${device ?? 'a device that it makes itself'}; searched ${pmu.name} in ${counted(searched.length, 'scope')}: ${states.toLocaleString('en')} states in ${(milliseconds / 1000).toFixed(1)} s.`,
          ]),
    ],
    milliseconds,
    reservations: [
      ...(pmu === undefined ? [`No device could be bound, and nothing was searched: ${unbound}.`] : []),
      ...stopped,
    ],
    notes: [hardwareText(audit), ...notes, ...(compared === undefined ? [] : comparedText(compared))],
    legend: [],
    rules: GROUND_PROPERTIES,
    findings: findings.map((finding) => findingOf(finding, audit, compared)),
    tables: [verdictTable(audit)],
    closing: [],
    textAt,
    lineAt: linesIn(textAt),
    seen: { core: 'Linux 6.12', headers: `Linux ${build.tree.version}`, config: build.config },
    suites: () => [
      {
        name: file,
        seconds: milliseconds / 1000,
        properties: { states },
        cases: [...verdicts].map((one) => caseOf(one, audit)),
      },
    ],
    json: () => toGroundJson(audit, compared),
  };
}

/** A finding as it is told while the search goes on: shorter logs of it, and the kinds of events, may still come. */
export const foundSoFar = (finding: GroundFinding): Finding => findingOf(finding, { kinds: [] }, undefined);

function findingOf(finding: GroundFinding, audit: Pick<GroundAudit, 'kinds'>, compared: Compared | undefined): Finding {
  const { property, text, place, core, scope, steps } = finding;
  const id = idOf(finding);
  const at = place && { file: place.file, function: place.function, lines: [place.line, place.line] as const };
  const shown = stepRows(finding, audit);
  const rows = shown.map(({ text: what, from, to }): Step => {
    const violates = to === steps.length;
    return {
      ...{ position: from + 1, end: from + 1, who: '', what, where: '', changed: [], violates },
      differs: changesOf(finding, from, to),
      ...(violates && at && { place: at }),
    };
  });
  return {
    id,
    rule: property,
    cause: text,
    // A text of which no clause can be made.
    ...(/^with | in \w+$/.test(text) && { question: `Can this happen here: ${text}?` }),
    ...(at && { place: at }),
    where: placeText(finding),
    reach: coreText(finding).trim(),
    reachable: true,
    cores: [],
    ...(compared && { known: compared.known.has(id) }),
    ...(core !== undefined && { isNote: true }),
    remarks: [],
    counterexamples: [
      {
        id: `${id}/log`,
        rule: property.id,
        title: 'Shortest path',
        scope,
        others: [],
        length: counted(steps.length, 'call'),
        steps: () => rows,
        lasts: true,
        ending: 'this call violates the property.',
        seen: seenAlong(finding),
      },
    ],
    properties: {
      findingId: id,
      scope,
      ...(finding.isOnRv32 && { xlen: 32 }),
      ...(core !== undefined && { core: `${core}+` }),
    },
  };
}

/** The texts of the driver's files, each read once; undefined for one that is gone since. */
function textsOf({ tree, files }: GroundAudit['build']): NonNullable<Report['textAt']> {
  const texts = new Map<string, string | undefined>();
  return (file) => {
    if (file === undefined || !files.includes(file)) return undefined;
    if (!texts.has(file)) texts.set(file, textOf(resolve(tree.root, file)));
    return texts.get(file);
  };
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const TONE: Record<string, Tone> = { violated: 'violated', holds: 'holds', vacuous: 'vacuous' };

/** The verdict on each property, with the reason of one that is open. */
const verdictTable = (audit: GroundAudit): Table => ({
  id: 'held',
  title: 'What every property came to',
  head: ['property', 'verdict'],
  numbers: 0,
  rows: [...audit.verdicts].map(([id, { verdict }]) => [
    { text: id },
    { text: verdict, tone: TONE[verdict] ?? 'bounded' },
  ]),
  notes: [...audit.verdicts].flatMap(([id, verdict]) => {
    if (verdict.verdict === 'bounded') return [`${id} is bounded: ${verdict.reason}.`];
    const notAsked = notAskedText(audit, id);
    return notAsked === undefined ? [] : [`${id} is not asked: ${notAsked}.`];
  }),
});

type Decided = readonly [property: string, verdict: GroundVerdict];

function caseOf([id, verdict]: Decided, audit: GroundAudit): Case {
  const outcome = outcomeOf(id, verdict, audit);
  const place = audit.findings.find(({ property }) => property.id === id)?.place;
  const at = place && { file: place.file, line: place.line };
  return { classname: audit.build.files[0]!, name: id, ...at, ...(outcome && { outcome }) };
}

function outcomeOf(id: string, verdict: GroundVerdict, audit: GroundAudit): CaseOutcome | undefined {
  switch (verdict.verdict) {
    case 'holds':
      return undefined;
    case 'vacuous':
      return { kind: 'skipped', message: `vacuous: ${notAskedText(audit, id) ?? 'it was never asked'}` };
    case 'violated': {
      const found = audit.findings.filter(({ property }) => property.id === id);
      const text = found.flatMap((finding) => [finding.text, placeText(finding), ...stepsText(finding, audit)]);
      const [first] = found;
      return {
        kind: 'failure',
        type: first?.property.severity ?? 'high',
        message: first === undefined ? id : `${idOf(first)} (${tokenOf(idOf(first))}): ${first.text}`,
        text: text.join('\n'),
      };
    }
    default:
      return {
        kind: 'error',
        type: verdict.verdict,
        message: 'reason' in verdict ? `not decided: ${verdict.reason}` : 'not certain',
      };
  }
}
