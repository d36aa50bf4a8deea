import Table from 'cli-table3';
import pc from 'picocolors';
import type { Comparison } from '../export/crosscheck.ts';
import { BORDERLESS, columns } from '../reports/terminal/table.ts';
import { wrap } from '../reports/wrap.ts';

/** One comparison, and of what. */
interface Compared {
  readonly model: { readonly name: string };
  readonly environment: string;
  readonly comparison: Comparison;
}

/** The comparisons as a table, and what differs, if anything does. `searches` is how often SPIN ran. */
export function comparisonReport(compared: readonly Compared[], searches: number): string {
  const table = new Table({
    head: ['model', 'environment', 'our states', "SPIN's states", 'verdicts', ''].map((title) => pc.dim(title)),
    colAligns: ['left', 'left', 'right', 'right', 'right', 'left'],
    style: { 'padding-left': 1, 'padding-right': 1, head: [], border: [] },
    chars: { ...BORDERLESS },
  });
  for (const { model, environment, comparison } of compared)
    table.push([
      model.name,
      environment,
      comparison.states.toLocaleString('en'),
      comparison.spinStates.toLocaleString('en'),
      verdictsText(comparison),
      comparison.agrees ? pc.green('agree') : pc.red('DIFFER'),
    ]);
  const differences = compared.flatMap(({ model, environment, comparison }) =>
    differencesOf(comparison).map((text) => pc.red(`${model.name}, ${environment}: ${text}`)),
  );
  const open = [...new Set(compared.flatMap(({ comparison }) => comparison.notCovered))];
  const agreed = compared.filter(({ comparison }) => comparison.agrees).length;
  return [
    table.toString(),
    '',
    ...differences,
    `${agreed} of ${compared.length} agree, in states and in verdicts. SPIN searched ${searches} different systems.`,
    ...(open.length === 0
      ? []
      : [wrap(`SPIN has no say in what must stay reachable (AG EF), which ${open.join(', ')} ask for.`, columns())]),
    '',
  ].join('\n');
}

/** The comparisons for a script. */
export function comparisonJson(compared: readonly Compared[], driver: string): string {
  const results = compared.map(({ model, environment, comparison }) => ({
    model: model.name,
    environment,
    ...comparison,
  }));
  return `${JSON.stringify({ schema: 'hartproof.crosscheck/1', driver, results }, null, 2)}\n`;
}

function verdictsText({ verdicts }: Comparison): string {
  const same = verdicts.filter(({ ours, spin }) => ours === spin);
  const violated = same.filter(({ ours }) => ours).length;
  return same.length === verdicts.length
    ? `${violated} violated, ${same.length - violated} kept`
    : `${verdicts.length - same.length} of ${verdicts.length} differ`;
}

function differencesOf({ states, spinStates, verdicts, closed }: Comparison): string[] {
  const said = (violated: boolean): string => (violated ? 'is violated' : 'is kept');
  return [
    ...(states === spinStates ? [] : [`we find ${states} states, SPIN ${spinStates}`]),
    ...(closed ? [] : ['SPIN reaches what our search never met (tables_closed)']),
    ...verdicts
      .filter(({ ours, spin }) => ours !== spin)
      .map(({ property, ours, spin }) => `${property} ${said(ours)}, we say; SPIN says it ${said(spin)}`),
  ];
}
