import type { Log, Result } from 'sarif';
import { invocationsOf, locationOf, logOf, toolOf } from '../../reports/sarif-log.ts';
import type { GroundAudit, GroundFinding } from '../../subject/ground/audit.ts';
import { GROUND_PROPERTIES } from '../../subject/ground/properties/index.ts';
import { coreText, idOf, stepsText } from './tell.ts';

const LEVEL = { high: 'error', medium: 'warning', low: 'note' } as const;

/** The findings as SARIF 2.1.0: a rule for each property, a result for each finding at its place in the C. */
export function toGroundSarif(audit: GroundAudit): Log {
  const rules = GROUND_PROPERTIES.map(({ id, statement, consequence, severity, source }) => ({
    id,
    shortDescription: { text: statement },
    fullDescription: { text: consequence },
    help: { text: `${statement}.\n\n${consequence}\n\nSource: ${source}.` },
    defaultConfiguration: { level: LEVEL[severity] },
  }));
  const resultOf = (finding: GroundFinding): Result => {
    const { property, text, place, core } = finding;
    const file = place?.file ?? audit.build.files[0]!;
    const line = place?.line ?? 1;
    return {
      ruleId: property.id,
      ruleIndex: rules.findIndex(({ id }) => id === property.id),
      level: core === undefined ? LEVEL[property.severity] : 'note',
      message: {
        text: `${text}. ${property.consequence}${coreText(finding)} The shortest path: ${stepsText(finding, audit).join('; ')}.`,
      },
      locations: [locationOf({ file, function: place?.function ?? '', lines: [line, line] })],
      partialFingerprints: { 'hartproofFinding/v1': idOf(finding) },
    };
  };
  const { unbound, searched, build } = audit;
  const stopped = searched.flatMap(({ scope, stoppedBy }) =>
    stoppedBy === undefined ? [] : [`${scope}: ${stoppedBy}`],
  );
  return logOf({
    tool: toolOf(rules),
    automationDetails: { id: `hartproof/audit/${build.files[0]}/` },
    columnKind: 'utf16CodeUnits',
    invocations: invocationsOf(unbound === undefined ? stopped : [`nothing was searched: ${unbound}`, ...stopped]),
    results: audit.findings.map(resultOf),
  });
}
