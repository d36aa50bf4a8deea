import { statSync } from 'node:fs';
import type { LockStep } from '../diff/parted-on-ground.ts';
import { counted } from '../findings/counted.ts';
import type { Finding } from '../findings/finding.ts';
import { byCause } from '../findings/finding.ts';
import type { Report } from '../findings/report.ts';
import { wrap } from '../reports/wrap.ts';
import type { GroundBuild } from '../subject/ground/build.ts';
import { EXIT, orUsage, UsageError } from './exit.ts';
import { json } from './formats.ts';
import { interrupted, interruptible } from './interrupt.ts';
import { write } from './output.ts';
import { orNoSubject, type SourceOptions } from './source.ts';
import { statusLine } from './status.ts';

type Two<T> = readonly [T, T];

/**
 * The kernel trees with whose headers two sources are compiled: the one that is given, or in which each lies (a patch: in which one
 * works). Undefined where one of them has none whose headers serve. Throws a UsageError if the given one is no tree.
 */
export async function treesOf(
  sources: Two<string>,
  { tree, shim, header }: SourceOptions,
): Promise<Two<string> | undefined> {
  if (shim !== undefined || header !== undefined || sources.some((path) => statSync(path).isDirectory()))
    return undefined;
  const { readTree, serves, treeAround } = await import('../subject/ground/tree.ts');
  const roots = sources.map((path) => {
    const found =
      tree === undefined ? treeAround(path.endsWith('.c') ? path : 'a patch') : orUsage(() => readTree(tree));
    return found !== undefined && serves(found) ? found.root : undefined;
  });
  const [one, other] = roots;
  return one === undefined || other === undefined ? undefined : [one, other];
}

/** A driver as a file or a patch leaves it. */
interface Version {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly report: Report;
  readonly build: GroundBuild;
  /** Names the driver's file for people: its places name it as the compiler reads it. */
  readonly named: (text: string) => string;
}

/**
 * Compares two versions of any driver's C, compiled with the headers of kernel trees: the properties, the log of each finding that
 * only one has, and what was changed in the functions that it runs through. Returns the exit status.
 */
export async function diffOnGround(
  sources: Two<string>,
  names: Two<string>,
  trees: Two<string>,
  isJson: boolean,
): Promise<number> {
  const { versions, step } = await orNoSubject(() =>
    interruptible(async (signal) => {
      const first = await versionOf(sources[0], names[0], trees[0], signal);
      const versions = [first, await versionOf(sources[1], names[1], trees[1], signal)] as const;
      const { lockStep } = await import('../diff/parted-on-ground.ts');
      const step = await lockStep([versions[0].build, versions[1].build], signal);
      if (signal.aborted) throw interrupted();
      return { versions, step };
    }),
  );
  const [one, other] = versions;
  const { changesBetween } = await import('../diff/changed-lines.ts');
  const changes = changesBetween(sourceOf(one), sourceOf(other));
  const rows = propertiesOf(one.report, other.report);
  const apart = rows.filter(({ verdicts: [a, b] }) => a !== b);
  const only = [onlyIn(one.report, other.report), onlyIn(other.report, one.report)] as const;
  const functionsOf = (findings: readonly Finding[]): Set<string> =>
    new Set(
      findings.flatMap(({ place, counterexamples }) => [
        place?.function ?? '',
        ...counterexamples.flatMap(({ steps }) => steps('facts').map((step) => step.place?.function ?? '')),
      ]),
    );
  const through = functionsOf(only.flat());
  for (const place of step.parted?.places ?? []) if (place !== undefined) through.add(place.function);
  const onPath = changes.filter((change) => change.function !== undefined && through.has(change.function));
  if (isJson)
    await write(
      undefined,
      json({
        schema: 'hartproof.diff/1',
        drivers: names,
        properties: apart.map(({ property, verdicts }) => ({ property, verdicts })),
        only: only.map((findings) => findings.map(({ id, rule, cause }) => ({ id, property: rule.id, text: cause }))),
        ...step,
        changes: onPath,
      }),
    );
  else await write(undefined, await textOf(versions, apart, only, step, onPath, changes.length));
  const isSame = apart.length + only.flat().length === 0 && step.parted === undefined && step.bounded === undefined;
  return isSame ? EXIT.clean : EXIT.findings;
}

const sourceOf = ({ path, text }: Version) => ({ path, text, notes: [], headers: new Map<string, string>() });

async function versionOf(source: string, name: string, tree: string, signal: AbortSignal): Promise<Version> {
  const { readCheck } = await import('./check-input.ts');
  const { auditText, buildText, driversIn } = await import('./check-audit.ts');
  const { changes, ...where } = await readCheck(source, tree);
  const changed = changes.flatMap((change) => change.files);
  const files = new Map(changed.map(({ path, after }) => [path, after]));
  const { drivers } = await driversIn([...files.keys()], { files, ...where });
  const [driver] = drivers;
  if (driver === undefined) throw new UsageError(`${source}: no driver with a struct pmu is in it`);
  if (drivers.size > 1)
    throw new UsageError(`${source} has several drivers (${[...drivers.keys()].join(', ')}): compare them one by one`);
  const [path, { text }] = driver;
  const status = statusLine();
  status.show(`the properties of ${name}`);
  try {
    const driver = { path, files, ...where };
    const report = await auditText(driver, signal, ({ cause }) => status.show(`${name}: ${cause}`));
    if (signal.aborted) throw interrupted();
    const built = await buildText(driver);
    if (built === undefined) throw new UsageError(`${source}: the headers of ${where.root} do not serve`);
    return { name, path, text, report, build: built.build, named: built.named };
  } finally {
    status.clear();
  }
}

interface PropertyRow {
  readonly property: string;
  readonly verdicts: Two<string>;
}

/** What each property comes to in two reports. */
function propertiesOf(one: Report, other: Report): PropertyRow[] {
  const all = [...new Set([one, other].flatMap(({ rules }) => rules.map(({ id }) => id)))];
  return all.map((property) => ({ property, verdicts: [verdictIn(one, property), verdictIn(other, property)] }));
}

/** The worst verdict of a property in a report. */
function verdictIn({ findings, tables }: Report, property: string): string {
  if (findings.some(({ rule, reachable }) => rule.id === property && reachable)) return 'violated';
  const tones = tables.flatMap(({ rows }) =>
    rows.filter((row) => row[0]?.text === property).flatMap((row) => row.flatMap(({ tone }) => tone ?? [])),
  );
  return (['violated', 'bounded', 'holds', 'vacuous'] as const).find((tone) => tones.includes(tone)) ?? 'not asked';
}

/** The findings of a report that the other has not, which a perf core brings about. */
const onlyIn = ({ findings }: Report, other: Report): Finding[] =>
  findings.filter(({ id, reachable }) => reachable && !other.findings.some((known) => known.id === id));

async function textOf(
  versions: Two<Version>,
  apart: readonly PropertyRow[],
  only: readonly (readonly Finding[])[],
  step: LockStep,
  onPath: readonly import('../diff/changed-lines.ts').Change[],
  changed: number,
): Promise<string> {
  const { causeText } = await import('../reports/terminal/whole.ts');
  const { columns } = await import('../reports/terminal/table.ts');
  const { changeLines, groundPartedText } = await import('../diff/parted-report.ts');
  const { verdictTable } = await import('../diff/report.ts');
  const width = Math.min(columns(), 100);
  const names = [versions[0].name, versions[1].name] as const;
  const parts = [
    `${names.join(' and ')}: ${apart.length === 0 ? 'every property comes to the same' : 'these properties come to different verdicts'}.`,
    ...(apart.length === 0
      ? []
      : [
          verdictTable(
            apart.map(({ property, verdicts }) => [property, ...verdicts]),
            names,
            width,
          ),
        ]),
  ];
  for (const [index, findings] of only.entries())
    for (const [number, group] of byCause(findings).entries()) {
      const { report, name } = versions[index]!;
      parts.push(
        wrap(`Only ${name}:`, width),
        causeText(number + 1, group, report, { detail: 'callbacks', width, lines: true }),
      );
    }
  if (step.parted !== undefined) parts.push(groundPartedText(step.parted, versions));
  else if (step.bounded === undefined)
    parts.push('Call by call they answer and count alike, and tell the device the same.');
  if (onPath.length > 0)
    parts.push(
      [
        'What was changed in the functions that these logs run through:',
        ...onPath.flatMap((change) => changeLines(change, names)),
      ].join('\n'),
    );
  else if (changed > 0 && only.flat().length > 0)
    parts.push('None of the functions that these logs run through was changed.');
  else if (changed > 0 && apart.length === 0 && step.parted === undefined)
    parts.push(`Their texts differ in ${counted(changed, 'place')}, of which no property sees anything.`);
  if (step.bounded !== undefined)
    parts.push(
      wrap(
        `A search for a log was stopped before its end, and a difference may be missing here: ${step.bounded}.`,
        width,
      ),
    );
  return `${parts.join('\n\n')}\n`;
}
