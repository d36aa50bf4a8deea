import type { Invocation, Log } from 'sarif';
import { byCause } from '../findings/finding.ts';
import type { Report } from '../findings/report.ts';
import { VERSION } from '../version.ts';
import { messageOf, resultOf } from './sarif/result.ts';
import { ruleIdOf, ruleOf } from './sarif/rules.ts';

export interface SarifOptions {
  /** Also what only a caller without a contract reaches, as notes. */
  readonly guards?: true;
}

/**
 * A report as SARIF 2.1.0 (a static analysis log, as GitHub and editors read it): a rule for what is wrong, a result for each
 * cause at its place in the C, with all that it violates, and its counterexamples as code flows. What was cut short is a warning
 * of the run.
 *
 * @public
 */
export function toSarif(report: Report, { guards }: SarifOptions = {}): Log {
  const { command, subject, reservations } = report;
  const groups = byCause(report.findings).filter((group) => guards || group.some(({ reachable }) => reachable));
  const ids = [...new Set(groups.map(ruleIdOf))];
  const rules = ids.map((id) => ruleOf(groups.filter((group) => ruleIdOf(group) === id).flat()));
  return {
    version: '2.1.0',
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    runs: [
      {
        tool: {
          driver: {
            name: 'Hartproof',
            version: VERSION,
            semanticVersion: VERSION,
            informationUri: 'https://github.com/hartproof/hartproof',
            rules,
          },
        },
        automationDetails: { id: `hartproof/${command}/${subject}/` },
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the sources.' } } },
        columnKind: 'utf16CodeUnits',
        invocations: [invocationOf(reservations)],
        results: groups.map((group) => resultOf(group, ids.indexOf(ruleIdOf(group)), report)),
      },
    ],
  };
}

/** An invocation with a warning for each thing that was not searched to its end. */
const invocationOf = (reservations: readonly string[]): Invocation => ({
  executionSuccessful: true,
  ...(reservations.length > 0 && {
    toolExecutionNotifications: reservations.map((text) => ({ level: 'warning' as const, message: messageOf(text) })),
  }),
});
