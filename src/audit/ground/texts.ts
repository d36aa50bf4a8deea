import type { GroundAudit, GroundFinding } from '../../subject/ground/audit.ts';
import { failedIn } from '../../subject/ground/failures.ts';
import { GROUND_PROPERTIES } from '../../subject/ground/properties/index.ts';
import { type AskedKind, answerOf, BESIDE, errnoText, HALVES, SAMPLES, type Step } from '../../subject/ground/step.ts';

/** When the lower half of a counter comes round in a read. */
const ROUND: Readonly<Record<number, string>> = {
  [HALVES.low]: ', while the lower half of the counter comes round just after it is read',
  [HALVES.high]: ', while the lower half of the counter comes round just after the upper one is read',
};

/** One step as a reader sees it: what the core does, and what the driver answers. */
export function stepText({ command, happenings, after, before }: Step, kinds: readonly AskedKind[]): string {
  const { call, event, kind, leader = -1, flags = 0, ticks = 0 } = command;
  const ends = after === undefined ? ', which does not return' : '';
  const answer = (name: string): string => {
    const found = answerOf({ command, happenings, after, before }, name, event);
    return found === undefined ? ends : ` = ${errnoText(found)}`;
  };
  switch (call) {
    case 'open': {
      const of = leader >= 0 ? `, in the group of event ${leader}` : '';
      const refused = happenings.find(({ type }) => type === 'core refuses');
      const core =
        refused === undefined ? '' : `; the core refuses it by itself (${errnoText(refused.answer as number)})`;
      return `event_init(event ${event}: ${kindText(kinds[kind!])}${of})${answer('event_init')}${core}`;
    }
    case 'close':
      return `event ${event} is closed${ends}`;
    case 'add':
      return `add(event ${event}, PERF_EF_START)${answer('add')}${counterText(after?.events[event]?.idx, answerOf({ command, happenings, after, before }, 'add', event))}`;
    case 'group': {
      const added = happenings.flatMap(({ type, event: of, answer: got }) =>
        type === 'add'
          ? [`event ${of} = ${errnoText(got as number)}${counterText(after?.events[of as number]?.idx, got as number)}`]
          : [],
      );
      return `the group of event ${event} is added: ${added.join(', ')}${ends}`;
    }
    case 'read':
      return `read(event ${event})${ROUND[flags] ?? ''}${ends}`;
    case 'del':
      return `${flags === 0 ? '' : 'a counter overflows with interrupts off, '}${call}(event ${event})${flags === 0 ? '' : ', and then the interrupt comes'}${ends}`;
    case 'start':
    case 'stop':
      return `${call}(event ${event}, ${flags})${ends}`;
    case 'boot':
    case 'probe':
    case 'remove':
    case 'unload':
    case 'beside':
      return bindingText({ command, happenings, after, before });
    case 'offline':
    case 'online':
      return `CPU ${event} goes ${call}${ends}`;
    case 'sleep':
      return `CPU ${event} is about to sleep (CPU_PM_ENTER)${ends}`;
    case 'wake':
      return flags === 0
        ? `CPU ${event} wakes (CPU_PM_EXIT)${ends}`
        : `CPU ${event} does not come to sleep (CPU_PM_ENTER_FAILED)${ends}`;
    case 'expire': {
      const which = event < 0 ? 'every timer that is armed runs out' : 'a timer runs out';
      return `${ticks === 0 ? '' : `${ticks} ticks go by, and `}${which}${ends}`;
    }
    case 'tick':
      return `${ticks} ticks go by${ends}`;
    case 'map':
    case 'unmap':
      return `a user ${call}s event ${event}${ends}`;
    case 'at once': {
      const { first, second } = command.pair!;
      const [one, other] = [first, second].map((each) =>
        stepText({ command: each, happenings, after: after ?? before, before }, kinds),
      );
      const where = happenings.find(({ type }) => type === 'stands still');
      const [, back] = happenings.filter(({ type }) => type === 'stands still');
      const until = back === undefined ? '' : `, which stands still before ${back.before} until the first is done`;
      return `${one}, which stands still before ${where?.before ?? 'a lock'}; meanwhile ${other}${until}${ends}`;
    }
    case 'overflow':
      return `time goes by until a counter overflows, and the interrupt comes${SAMPLED[flags] ?? ''}${ends}`;
  }
}

/** What comes of the sample of an overflow. */
const SAMPLED: Readonly<Record<number, string>> = {
  [SAMPLES.throttled]: '; perf_event_overflow answers 1: the event is to stop',
  [SAMPLES.throttledWithGroup]: '; perf_event_overflow has called stop(0) on its group, and answers 1',
  [SAMPLES.groupRead]: '; perf_event_overflow reads the group',
};

const BESIDE_TEXTS: Readonly<Record<number, string>> = {
  [BESIDE.probeSecond]: 'a second device of the kind is probed',
  [BESIDE.unbindSecond]: 'the second device is unbound',
  [BESIDE.unbindFirst]: 'the first device is unbound',
};

/** How a driver is started, bound and unbound, and which call fails in it. */
function bindingText(step: Step): string {
  const { command, happenings, after } = step;
  const { call } = command;
  const what = {
    boot: 'the initcalls run',
    probe: 'the device is probed',
    remove: 'the device is unbound',
    unload: 'the module is removed',
    beside: BESIDE_TEXTS[command.flags ?? 0],
  }[call as 'boot'];
  const failed = failedIn(step);
  const how = failed?.type === 'defers' ? 'answers -EPROBE_DEFER' : 'fails';
  const answer = happenings.findLast(({ type }) => type === (call === 'boot' ? 'init' : 'probe'))?.answer;
  return [
    what,
    failed === undefined ? '' : `, and ${failed.what} ${how} in it`,
    happenings.some(({ type }) => type === 'cuts in') ? ', and an interrupt comes meanwhile' : '',
    answer === undefined ? '' : `; it answers ${errnoText(answer as number)}`,
    after === undefined ? ', and it does not return' : '',
  ].join('');
}

const counterText = (idx: number | undefined, answer: number | undefined): string =>
  answer === 0 && idx !== undefined && idx >= 0 ? `, counter ${idx}` : '';

function kindText(kind: AskedKind | undefined): string {
  if (kind === undefined) return 'an event';
  const words = [`config 0x${kind.config.toString(16)}`];
  if (kind.config1) words.push(`config1 0x${kind.config1.toString(16)}`);
  if (kind.config2) words.push(`config2 0x${kind.config2.toString(16)}`);
  return kind.why === 'software' ? kind.name : `${kind.name} (${words.join(', ')})`;
}

/** Some steps of a finding as one row: from the step of one number up to another. */
export interface StepsRow {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** The steps of a finding as rows, the same ones in a row said once. */
export function stepRows(finding: GroundFinding, audit: Pick<GroundAudit, 'kinds'>): StepsRow[] {
  const rows = finding.steps.map((step, number): StepsRow => {
    return { text: stepText(step, finding.kinds ?? audit.kinds), from: number, to: number + 1 };
  });
  const { length } = rows;
  if (length <= 12) return rows;
  const left = { text: `… ${length - 8} more steps of the same make …`, from: 4, to: length - 4 };
  return [...rows.slice(0, 4), left, ...rows.slice(-4)];
}

/** The same as text alone. */
export const stepsText = (finding: GroundFinding, audit: Pick<GroundAudit, 'kinds'>): string[] =>
  stepRows(finding, audit).map(({ text }) => text);

/** `starlink_pmu_add, drivers/perf/starfive_starlink_pmu.c:291`; empty where no tool could tell. */
export function placeText({ place }: GroundFinding): string {
  if (place === undefined) return '';
  return `${place.function === '' ? '' : `${place.function}, `}${place.file}:${place.line}`;
}

function spotText({ isPer }: GroundFinding['property'], place: GroundFinding['place']): string {
  if (place === undefined) return 'nowhere';
  if (place.function === '') return `line ${place.line}`;
  return isPer === 'line' ? `${place.function}:${place.line}` : place.function;
}

/** Stable across runs: the property, and the function in which it is violated. */
export const idOf = ({ property, place, text }: GroundFinding): string =>
  `${property.id}/${spotText(property, place)}${property.isPer === 'text' ? `: ${text}` : ''}`;

/** Who brings it about. */
export const coreText = ({ core, isOnRv32 }: GroundFinding): string =>
  (core === undefined ? '' : ' Only the core since 6.16 makes these calls: it stops and starts what it throttles.') +
  (isOnRv32 ? ' It is so on RV32, where a long has 32 bits.' : '');

/** What the hardware is, and what of it is asked. */
export const hardwareText = ({ hardware }: GroundAudit): string =>
  hardware === undefined
    ? 'Nobody described its device: registers are memory that remembers, and no count is judged (--device).'
    : `Its device is ${hardware.description.about} (${hardware.description.name}), as it is described.`;

/** Why a property was not asked at all; undefined if it was. */
export function notAskedText({ hardware, verdicts }: GroundAudit, id: string): string | undefined {
  const needsDevice = GROUND_PROPERTIES.some((one) => one.id === id && one.needsDevice);
  return verdicts.get(id)?.verdict === 'vacuous' && hardware === undefined && needsDevice
    ? 'nobody described its device'
    : undefined;
}
