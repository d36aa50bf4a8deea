import { NoSubject } from '../compiler.ts';
import type { Place } from '../places.ts';
import { machineOf } from './audit.ts';
import { type Bound, bind } from './bind.ts';
import { buildOnGround, type GroundBuild } from './build.ts';
import { failedIn, failures } from './failures.ts';
import type { GroundMachine } from './machine.ts';
import { GroundPlaces } from './places.ts';
import { BINDING } from './properties/binding.ts';
import type { Step } from './step.ts';
import { markdownTable } from './table.ts';

/** What a driver's initcalls and probe do where each call of theirs that can fail has failed once, in a run of its own. */
export interface Probing {
  readonly file: string;
  /** How many calls failed, and how many answered that what they are for is not there yet. */
  readonly failed: number;
  readonly deferred: number;
  /** Where it goes on although a call has failed: no fault by itself. */
  readonly goesOn: readonly string[];
  /** What violates `probe-undone`, each with its place. */
  readonly found: readonly string[];
}

/** Fails each call of one driver's binding. Undefined where it does not compile, or nothing of it is bound. */
export async function probeUnderFailure(file: string, tree: string): Promise<Probing | undefined> {
  let build: GroundBuild;
  try {
    build = await buildOnGround(`${tree}/${file}`, tree);
  } catch (error) {
    if (error instanceof NoSubject) return undefined;
    throw error;
  }
  const machine = machineOf(build);
  try {
    const bound = bind(machine, () => true);
    return 'why' in bound ? undefined : probingOf(file, machine, bound);
  } finally {
    machine.close();
  }
}

function probingOf(file: string, machine: GroundMachine, bound: Bound): Probing {
  const places = new GroundPlaces(machine.build);
  const at = (offset: string | undefined): string =>
    offset === undefined ? 'nowhere' : placeText(places.of(offset, false));
  const [goesOn, found] = [new Set<string>(), new Map<string, string>()];
  let [failed, deferred] = [0, 0];
  for (const steps of failures(machine, bound, { taken: undefined, refused: undefined })) {
    const step = steps.at(-1)!;
    const call = failedIn(step);
    if (call?.type === 'fails') failed++;
    if (call?.type === 'defers') deferred++;
    if (call?.type === 'fails' && goesOnIn(step)) goesOn.add(`${call.what} (${at(call.at)})`);
    // What unbinding leaves is a matter of the driver's whole life: docs/drivers.md has it.
    const isWhole = step.command.call === 'remove' && step.command.moment !== undefined;
    if (isWhole || (steps[0]!.command.call !== 'boot' && steps[0]!.command.call !== 'probe')) continue;
    for (const offence of UNDONE.judge(step, NOTHING)) {
      const place = at(offence.at);
      if (!found.has(place)) found.set(place, `${offence.text} (${place})`);
    }
  }
  return { file, failed, deferred, goesOn: [...goesOn], found: [...found.values()] };
}

const UNDONE = BINDING.find(({ id }) => id === 'probe-undone')!;
/** It asks nothing of what is known beside the step. */
const NOTHING = {} as Parameters<typeof UNDONE.judge>[1];

const goesOnIn = ({ happenings }: Step): boolean =>
  !happenings.some(({ type }) => type === 'init') && happenings.findLast(({ type }) => type === 'probe')?.answer === 0;
const placeText = (place: Place | undefined): string =>
  place === undefined ? 'nowhere' : `${place.function}:${place.line}`;

const HEAD = ['file', 'calls that fail', 'that are deferred', 'goes on without', 'what is left, or is wrong then'];

/** What one driver comes to, as the cells of its row. */
export const probingRow = ({ file, failed, deferred, goesOn, found }: Probing): string[] => [
  file.replace('drivers/perf/', '').replace(/\.c$/, ''),
  `${failed}`,
  `${deferred}`,
  goesOn.join('; ') || 'nothing',
  found.join('; ') || 'nothing',
];

/** The page of all drivers of a tree (docs/probing.md). */
export function probingPage(all: readonly Probing[], version: string): string {
  const calls = all.reduce((sum, { failed, deferred }) => sum + failed + deferred, 0);
  return [
    '# Probe under failure',
    '',
    `What the initcalls and the probe of each driver of Linux ${version} do where one call of theirs fails, or answers`,
    `\`-EPROBE_DEFER\`, in a run of its own for each: ${all.length} drivers, ${calls} runs. After a probe that has failed and left`,
    'nothing the device is probed again, after one that has not it is unbound. A place is a function and a line: of what was',
    'taken and is left, or of the call whose answer was changed. `npm run probing -- LINUX` writes this page.',
    '',
    'A driver that goes on without something may well be right. What is left was judged by hand, with the reason in',
    '`test/subject/ground/judged.json`.',
    '',
    ...markdownTable([HEAD, ...all.map(probingRow)]),
    '',
  ].join('\n');
}
