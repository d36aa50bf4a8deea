import type { Device } from '../../machines/hardware/index.ts';
import type { Baseline } from '../audit/baseline.ts';
import type { Report } from '../findings/report.ts';
import { noSuch } from '../outside/no-such.ts';
import type { Tree } from '../subject/ground/tree.ts';
import { auditAgain } from './again.ts';
import { baselineIn } from './baseline.ts';
import { EXIT, orUsage, positive, UsageError } from './exit.ts';
import {
  BASELINE_FORMATS,
  FORMATS,
  filesAsked,
  optionOf,
  type ReportAsked,
  reportOutputs,
  writeAll,
} from './formats.ts';
import { interruptible, mortal } from './interrupt.ts';
import { LOGS } from './logs.ts';
import { say, sayFound } from './output.ts';
import { orNoSubject } from './source.ts';
import { type StatusLine, statusLine } from './status.ts';

/** The options of an audit that mean something for any driver's C. */
export interface GroundAsked extends ReportAsked, Partial<Record<keyof typeof FORMATS, string>> {
  readonly source?: string;
  readonly tree?: string;
  readonly shim?: string;
  readonly define?: string[];
  readonly undefine?: string[];
  readonly property?: string[];
  readonly device?: string;
  readonly limit?: string;
  readonly environment?: string[];
  readonly header?: string;
  readonly config?: string | true;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly deep?: true;
  readonly steps?: true;
  readonly compact?: true;
  readonly disk?: string;
  readonly symmetry?: true;
  readonly partialOrder?: true;
  readonly keep?: string | false;
  readonly guards?: true;
  readonly perProperty?: true;
}

/** A driver's file, and the kernel tree with whose headers it is compiled. */
export interface GroundDriver {
  readonly file: string;
  readonly tree: Tree;
}

/** A driver in a `.c` file with the tree that is given, or in which it lies. Undefined where it is none, or the tree does not serve. */
export async function driverInFile({ source, tree, shim }: GroundAsked): Promise<GroundDriver | undefined> {
  if (source === undefined || !source.endsWith('.c') || shim !== undefined) return undefined;
  const { readTree, serves, treeAround } = await import('../subject/ground/tree.ts');
  const found = tree === undefined ? treeAround(source) : orUsage(() => readTree(tree));
  if (found === undefined) return undefined;
  if (serves(found)) return { file: source, tree: found };
  say(
    `${source} is compiled with the header of ours: Linux ${found.version} is older than 5.10, whose headers are the first that serve`,
  );
  return undefined;
}

/** The hardware that is asked for: one of ours by name, `none`, or a file that describes one. Undefined: whichever fits. */
async function deviceAsked({ device }: GroundAsked): Promise<Device | 'none' | undefined> {
  if (device === undefined || device === 'none') return device;
  const { DEVICES } = await import('../../models/devices/index.ts');
  const known = DEVICES.find(({ description }) => description.name === device);
  if (known !== undefined) return known;
  const names = [...DEVICES.map(({ description }) => description.name), 'none'];
  if (!/[./]/.test(device)) throw new UsageError(`${noSuch('device', device, names)}, or a file`);
  const { readDevice } = await import('../porting/device-file.ts');
  try {
    return await mortal(`${device} has not come to its end`, () => readDevice(device));
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

/** What an audit of machines, or of the C of the 2018 family, is asked with, and that means nothing here. */
const OTHERS: readonly (readonly [option: keyof GroundAsked, instead: string])[] = [
  ['environment', 'the calls are those of the core of Linux 6.12 and, where only they make them, of those since 6.16'],
  ['header', 'a header beside the file is found, and the others are those of the tree'],
  ['config', 'the driver is asked for its events; its hardware is said with --device'],
  ['deep', 'all of its scopes are searched'],
  ['steps', 'every finding is shown call by call: --all'],
  ['compact', 'the states of C that runs are compared whole'],
  ['disk', 'the states of C that runs are kept in memory'],
  ['symmetry', 'alike events are opened in one order already'],
  ['partialOrder', 'the states of C that runs are kept whole'],
];

/** Throws a UsageError for what would otherwise be left out in silence. */
function refuseOthers(names: readonly string[], options: GroundAsked): void {
  const [option, instead] = OTHERS.find(([name]) => options[name] !== undefined) ?? [];
  if (option !== undefined)
    throw new UsageError(`${optionOf(option)} is not for a driver that is compiled with a kernel tree: ${instead}`);
  if (options.keep && options.keep !== LOGS)
    throw new UsageError(
      '--keep is not for a driver that is compiled with a kernel tree: no model replays its calls; the report and its JSON tell them',
    );
  if (names[0] !== undefined)
    throw new UsageError(
      `${names[0]}: models are not for a driver that is compiled with a kernel tree; it has scopes of its own`,
    );
}

/** An audit of any driver's C that is done. */
export interface GroundDone {
  readonly report: Report;
  readonly baseline: Baseline;
  readonly isPass: boolean;
}

type GroundWork = (signal: AbortSignal, status: StatusLine) => Promise<GroundDone>;

/**
 * The audit of any driver's C with the headers of a kernel tree that the options ask for; `name`: how its baseline calls it,
 * where that is not its file. Throws a UsageError, before anything is compiled, if there is none.
 */
export async function groundAsked(
  { file, tree }: GroundDriver,
  options: GroundAsked,
  name?: string,
): Promise<GroundWork> {
  const { buildOnGround } = await import('../subject/ground/build.ts');
  const { auditOnGround } = await import('../subject/ground/audit.ts');
  const { GROUND_PROPERTIES } = await import('../subject/ground/properties/index.ts');
  const { placeText } = await import('../audit/ground/texts.ts');
  const { compareGround, groundBaseline } = await import('../audit/ground/baseline.ts');
  const { reportOf } = await import('../audit/ground/report.ts');
  const properties = options.property?.map((id) => {
    const found = GROUND_PROPERTIES.find((one) => one.id === id);
    if (found === undefined) {
      const known = GROUND_PROPERTIES.map((one) => one.id);
      throw new UsageError(noSuch('property of any driver', id, known));
    }
    return found;
  });
  const states = options.limit === undefined ? undefined : positive('limit', options.limit);
  const device = await deviceAsked(options);
  return async (signal, status) => {
    const { audit, known, driver } = await orNoSubject(async () => {
      status.show(() => 'compiling');
      const build = await buildOnGround(file, tree, {
        defines: options.define ?? [],
        undefines: options.undefine ?? [],
      });
      const driver = name ?? build.files[0]!;
      // One that is of another driver is told before anything is searched.
      const known = options.baseline === undefined ? undefined : await baselineIn(options.baseline, driver);
      const audit = await auditOnGround(build, {
        ...(properties && { properties }),
        ...(device && { device }),
        ...(states !== undefined && { states }),
        signal,
        onFinding: (finding) => sayFound(finding.text, `(${finding.property.id}, ${placeText(finding)})`),
        onProgress: (scope, found) => status.show(() => `${scope}: ${found.toLocaleString('en')} states`),
      });
      return { audit, known, driver };
    });
    const compared = known && compareGround(audit, known);
    const fresh = compared === undefined ? audit.findings.length : compared.fresh + compared.freshGuards;
    const open = [...audit.verdicts.values()].some(({ verdict }) => verdict === 'bounded');
    return {
      report: { ...reportOf(audit, compared), again: auditAgain(options, tree.original) },
      baseline: groundBaseline(driver, audit, compared),
      isPass: fresh === 0 && !open,
    };
  };
}

/** Audits drivers' C with the headers of a kernel tree, one after the other, and reports. Returns the exit status. */
export async function runGround(
  drivers: readonly GroundDriver[],
  names: readonly string[],
  options: GroundAsked,
): Promise<number> {
  refuseOthers(names, options);
  const works = await Promise.all(drivers.map((driver) => groundAsked(driver, options)));
  const files = await filesAsked(FORMATS, options);
  const baselines = await filesAsked(BASELINE_FORMATS, options);
  const status = statusLine();
  return await interruptible(async (signal) => {
    const done: GroundDone[] = [];
    for (const work of works) done.push(await work(signal, status));
    status.clear();
    const reports = done.map(({ report }) => report);
    return await writeAll(
      [
        ...[...reportOutputs(options), ...files].map((output) => () => output(reports)),
        ...baselines.map((output) => () => output(done.map(({ baseline }) => baseline))),
      ],
      [],
      done.every(({ isPass }) => isPass) ? EXIT.clean : EXIT.findings,
    );
  });
}
