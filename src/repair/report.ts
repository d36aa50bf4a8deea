import pc from 'picocolors';
import { DECISIONS, type Decision, type DecisionName } from '../../machines/driver/decisions.ts';
import { ENVIRONMENTS, type Environment, PROPERTIES } from '../../models/index.ts';
import { range } from '../findings/rows.ts';
import type { Effect } from './effects.ts';
import type { Repair } from './repair.ts';

/** What is reported of a repair. */
type Reported = Omit<Repair, 'concerns'>;

/** The terminal report of a repair: the smallest sets of changes, what each property needs, and what makes things worse. */
export function repairReport(driver: string, repair: Reported, seconds: number): string {
  const parts = [summary(driver, repair, seconds)];
  const [first, ...others] = repair.smallest;
  if (first !== undefined && first.length > 0) parts.push(...setText(first, others));
  if (repair.alone.length + repair.leftOut.length > 0) parts.push(needsTable(repair));
  const worse = repair.alone.filter(({ kind }) => kind === 'breaks');
  if (worse.length > 0)
    parts.push([pc.bold('Alone, these changes violate what was not violated'), ...effectLines(worse)].join('\n'));
  return `${parts.join('\n\n')}\n`;
}

const counted = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;

function summary(driver: string, { broken, smallest, searches }: Reported, seconds: number): string {
  const [first] = smallest;
  const said = ((): string => {
    if (!broken) return 'no property is violated, and nothing needs repair.';
    if (first === undefined) return 'no set of the known changes makes every property hold.';
    const which =
      smallest.length === 1
        ? 'no other set of so few does'
        : `so do ${counted(smallest.length - 1, 'other set')} of as many`;
    return `with ${counted(first.length, 'change')} no property is violated any more; with fewer, some always is, and ${which}.`;
  })();
  return `${pc.bold(`Driver ${driver}`)}: ${said}\n${searches.toLocaleString('en')} searches in ${seconds.toFixed(1)} s.`;
}

function setText(first: readonly DecisionName[], others: readonly (readonly DecisionName[])[]): string[] {
  const width = Math.max(...first.map(({ length }) => length));
  return [
    [
      pc.bold(others.length === 0 ? 'The smallest set of changes' : 'A smallest set of changes'),
      ...first.flatMap((name) => changeLines(name, width)),
    ].join('\n'),
    ...others.map((other) =>
      [
        pc.bold('Another one'),
        ` with ${other.filter((name) => !first.includes(name)).join(', ')} in place of ${first.filter((name) => !other.includes(name)).join(', ')}`,
      ].join('\n'),
    ),
  ];
}

function changeLines(name: DecisionName, width: number): string[] {
  const { instead, function: where, lines, precedent }: Decision = DECISIONS[name];
  const margin = ' '.repeat(width + 3);
  return [
    ` ${name.padEnd(width)}  ${instead}`,
    pc.dim(`${margin}${where}, perf_event.c:${range(lines)}`),
    ...(precedent === undefined ? [] : [pc.dim(`${margin}as in ${precedent}`)]),
  ];
}

/** For each property that was violated: which changes mend it by themselves, and which of the set it cannot do without. */
function needsTable({ alone, leftOut }: Reported): string {
  const rows = new Map<string, Environment[]>();
  for (const { id } of PROPERTIES)
    for (const environment of ENVIRONMENTS) {
      const changes = (effects: readonly Effect[], kind: Effect['kind']): DecisionName[] =>
        effects
          .filter((one) => one.property === id && one.environment === environment && one.kind === kind)
          .map(({ change }) => change);
      const cells = [id, changes(alone, 'mends').join(' or '), changes(leftOut, 'breaks').join(', ')];
      if (cells[1] === '' && cells[2] === '') continue;
      const row = JSON.stringify(cells);
      rows.set(row, [...(rows.get(row) ?? []), environment]);
    }
  const table = [...rows].map(([row, where]) => {
    const [id, by, needed] = JSON.parse(row) as [string, string, string];
    return [id, where.join(', '), by, needed];
  });
  const head = ['property', 'callers', 'mended alone by', 'the set cannot do without'];
  const widths = head.map((title, column) =>
    Math.max(...[title, ...table.map((row) => row[column]!)].map((cell) => cell.length)),
  );
  const line = (cells: readonly string[]): string =>
    ` ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd();
  return [pc.bold('Which change mends which property'), pc.dim(line(head)), ...table.map(line)].join('\n');
}

/** One line for each change: the properties, and for which callers. */
function effectLines(effects: readonly Effect[]): string[] {
  return [...new Set(effects.map(({ change }) => change))].map(
    (change) => ` ${change}: ${propertiesText(effects.filter((one) => one.change === change))}`,
  );
}

/** Properties, each with the callers for whom something is said of it. */
export function propertiesText(said: readonly Pick<Effect, 'property' | 'environment'>[]): string {
  return [...new Set(said.map(({ property }) => property))]
    .map((id) => {
      const where = said.filter(({ property }) => property === id).map(({ environment }) => environment);
      return `${id} ${pc.dim(`(${where.join(', ')})`)}`;
    })
    .join(', ');
}
