import pc from 'picocolors';
import type { GroundAudit } from '../../subject/ground/audit.ts';
import { coreText, placeText, stepsText } from './tell.ts';

const SEVERITY = { high: pc.red, medium: pc.yellow, low: pc.cyan } as const;

/** The terminal report of an audit of any driver's C: what is violated and how, then what holds. */
export function groundReport(audit: GroundAudit): string {
  const { build, findings, pmu, unbound, device, searched, milliseconds, notes } = audit;
  const states = searched.reduce((sum, one) => sum + one.states, 0);
  const violated = new Set(findings.map(({ property }) => property.id)).size;
  const head = [
    `${pc.bold(`Driver ${build.files[0]}`)}, with the headers of Linux ${build.tree.version}: ${violated} of ${audit.verdicts.size} properties are violated.`,
    pmu === undefined
      ? pc.yellow(`No device could be bound, and nothing was searched: ${unbound}.`)
      : `Bound to ${device ?? 'a device that it makes itself'}; searched ${pmu.name} in ${searched.length} scopes: ${states.toLocaleString('en')} states in ${(milliseconds / 1000).toFixed(1)} s.`,
    'Nobody described its device: registers are memory that remembers, and no count is judged.',
    ...notes.map((note) => pc.dim(note)),
  ];
  const parts = [head.join('\n')];
  for (const [number, finding] of findings.entries()) {
    const { property, text, scope } = finding;
    const place = placeText(finding);
    parts.push(
      [
        `${pc.bold(`${number + 1}. ${text}.`)}${place === '' ? '' : `\n   ${pc.dim(place)}`}`,
        `   ${SEVERITY[property.severity](property.severity.toUpperCase())} ${pc.bold(property.id)}: ${property.statement}`,
        `   ${property.consequence}${coreText(finding)}`,
        pc.dim(`   Shortest path (${scope}):`),
        ...stepsText(finding, audit).map((line) => `     ${line}`),
      ].join('\n'),
    );
  }
  parts.push(verdictTable(audit));
  return `${parts.join('\n\n')}\n`;
}

const VERDICT = {
  violated: pc.red,
  holds: pc.green,
  bounded: pc.yellow,
  probable: pc.yellow,
  vacuous: pc.dim,
} as const;

function verdictTable({ verdicts }: GroundAudit): string {
  const width = Math.max(...[...verdicts.keys()].map(({ length }) => length));
  return [...verdicts]
    .map(([id, verdict]) => {
      const why = verdict.verdict === 'bounded' ? pc.dim(`  ${verdict.reason}`) : '';
      return `${id.padEnd(width)}  ${VERDICT[verdict.verdict](verdict.verdict)}${why}`;
    })
    .join('\n');
}
