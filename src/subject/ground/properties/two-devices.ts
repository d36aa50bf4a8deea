import type { Happening } from '../machine.ts';
import { answerOf, BESIDE, type Command, errnoText, type Offence, type Step } from '../step.ts';
import type { Beside } from '../two-devices.ts';
import type { GroundProperty } from './property.ts';

/** The registers of the second device begin here: eight resources of 16 MiB later. */
const SECOND = 8 << 24;

export const DEVICES_APART: GroundProperty = {
  id: 'devices-apart',
  statement:
    'two devices of one driver are apart: neither does the one change what the other has, nor take it away when it goes',
  severity: 'medium',
  source: 'Documentation/driver-api/driver-model/driver.rst: a driver holds nothing of a device but in that device',
  consequence: 'Events of one device count at the other, or what is left of two goes through what is gone.',
  isApart: true,
  speaksOf: ({ command }) => command.call === 'beside',
  // It is decided over two runs: with a second device, and without.
  judge: () => [],
};

/** What is not apart: the step of a run, the first one, and what it breaks. */
export interface NotApart {
  readonly steps: readonly Step[];
  readonly offence: Offence;
  /** Whether what hardware answers can bring it about. */
  readonly dependsOnDevice: boolean;
}

/** Whether a second device was bound, with a PMU of its own: a driver that refuses one, or has one `struct pmu`, is for a single one. */
export const areTwo = ({ steps }: Beside): boolean =>
  steps.some(
    ({ command, happenings }) =>
      command.call === 'beside' &&
      command.flags === BESIDE.probeSecond &&
      !happenings.some(({ type }) => type === 'one PMU') &&
      happenings.findLast(({ type }) => type === 'probe')?.answer === 0,
  );

/** The first step of a run with two devices that breaks what the same calls keep where there is one. */
export function notApart({ steps, alone }: Beside): NotApart | undefined {
  let owner: 'first' | 'second' = 'first';
  for (const [at, step] of steps.entries()) {
    const { command } = step;
    const isBeside = command.call === 'beside';
    if (isBeside && command.flags === BESIDE.unbindFirst) owner = 'second';
    const found = isBeside ? ofBeside(step) : ofCall(step, alone[at], owner);
    if (found !== undefined) {
      const { dependsOnDevice, ...offence } = found;
      return { steps: steps.slice(0, at + 1), offence: { property: DEVICES_APART.id, ...offence }, dependsOnDevice };
    }
  }
  return undefined;
}

type Found = Omit<Offence, 'property'> & { readonly dependsOnDevice: boolean };

const WHAT: Readonly<Record<number, string>> = {
  [BESIDE.probeSecond]: 'the probe of a second device',
  [BESIDE.unbindSecond]: 'unbinding the second device',
  [BESIDE.unbindFirst]: 'unbinding the first device',
};

/** What the coming or going of one device does to the other. */
function ofBeside({ command, before, after, happenings }: Step): Found | undefined {
  const what = WHAT[command.flags ?? 0]!;
  const taken = happenings.find(({ type }) => type === 'taken away');
  if (taken !== undefined)
    return { text: `${what} takes ${taken.what} away that was taken before it`, at: taken.at, dependsOnDevice: false };
  const crash = happenings.find(({ type }) => type === 'crash');
  if (crash !== undefined)
    return { text: `${what} does not return: ${crash.what}`, at: crash.at, dependsOnDevice: true };
  const other = accessIn(happenings, command.flags === BESIDE.unbindFirst ? 'second' : 'first', 'write');
  if (other !== undefined)
    return { text: `${what} writes to a register of the other`, at: other.at, dependsOnDevice: true };
  const changed = before.events.findIndex((event, number) => {
    const now = after?.events[number];
    return event.phase !== now?.phase || event.idx !== now.idx || event.state !== now.state;
  });
  return changed < 0 ? undefined : { text: `${what} changes event ${changed} of the other`, dependsOnDevice: true };
}

/** What a call for one device does that it does not where there is one. */
function ofCall(step: Step, alone: Step | undefined, owner: 'first' | 'second'): Found | undefined {
  const { command, happenings } = step;
  if (alone === undefined) return undefined;
  const call = command.call === 'offline' ? 'a CPU that goes' : `${command.call} of event ${command.event}`;
  const crash = happenings.find(({ type }) => type === 'crash');
  if (crash !== undefined && !alone.happenings.some(({ type }) => type === 'crash'))
    return {
      text: `beside another device, or after it, ${call} does not return: ${crash.what}`,
      at: crash.at,
      dependsOnDevice: true,
    };
  const other = accessIn(happenings, owner === 'first' ? 'second' : 'first');
  if (other !== undefined)
    return { text: `${call} goes to a register of the other device`, at: other.at, dependsOnDevice: true };
  const [is, was] = [step, alone].map((one) => answerIn(one, command));
  if (was === 0 && is !== undefined && is !== 0)
    return { text: `beside another device, or after it, ${call} answers ${errnoText(is)}`, dependsOnDevice: true };
  const [cpu, wanted] = [step, alone].map(({ after }) => after?.events[0]?.cpu);
  if (command.call === 'offline' && cpu !== wanted)
    return {
      text: `beside another device, or after it, the events of a CPU that goes are on CPU ${cpu}, and not on CPU ${wanted}`,
      at: alone.happenings.find(({ type }) => type === 'migrate')?.at ?? '0',
      dependsOnDevice: false,
    };
  return undefined;
}

const answerIn = (step: Step, { call, event }: Command): number | undefined =>
  answerOf(step, call === 'open' ? 'event_init' : call, event);

function accessIn(happenings: readonly Happening[], whose: 'first' | 'second', only?: string): Happening | undefined {
  return happenings.find(
    ({ type, bus, address }) =>
      (only === undefined ? ['read', 'guess', 'write'].includes(type) : type === only) &&
      bus === 'mmio' &&
      Number(address) >= SECOND === (whose === 'second'),
  );
}
