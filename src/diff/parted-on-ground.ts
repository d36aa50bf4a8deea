import { stepText } from '../audit/ground/texts.ts';
import { plainSearch } from '../engine/check/index.ts';
import { machineOf } from '../subject/ground/audit.ts';
import { type Bound, bind } from '../subject/ground/bind.ts';
import type { GroundBuild } from '../subject/ground/build.ts';
import { Kinds } from '../subject/ground/kinds.ts';
import type { GroundMachine } from '../subject/ground/machine.ts';
import { GroundPlaces } from '../subject/ground/places.ts';
import { ask, run } from '../subject/ground/questionnaire.ts';
import { grouping, inTime, lives, type Scope, single } from '../subject/ground/scopes.ts';
import type { AskedKind, Command, Step } from '../subject/ground/step.ts';
import type { Place } from '../subject/places.ts';
import { ALIKE, type GroundMismatch, GroundPair, type GroundSide, inTermsOf, mismatchIn } from './ground-pair.ts';

type Two<T> = readonly [T, T];

/** Where two drivers part: both get the same calls, and do not do the same in the last. */
export interface PartedOnGround extends GroundMismatch {
  readonly scope: string;
  /** The calls as both take them, and the last one as each does. */
  readonly calls: readonly string[];
  readonly lasts: Two<string>;
  /** Where each comes to in the last call, if any tool here can tell. */
  readonly places: Two<Place | undefined>;
}

/** What comes of looking for a log on which two drivers part. */
export interface LockStep {
  readonly parted?: PartedOnGround;
  /** Why a difference may be missing. */
  readonly bounded?: string;
}

/** Pairs of states of one scope, milliseconds of all, and events that a group may have. */
const [MOST, PATIENCE, MOST_EVENTS] = [10_000, 60_000, 70] as const;

/**
 * The shortest calls after which two drivers part: each bound to the same device, each asked for the same events. First what the
 * core can see is compared, then also what the device is told. Calls are made one after the other.
 */
export async function lockStep(builds: Two<GroundBuild>, signal: AbortSignal): Promise<LockStep> {
  const machines: GroundMachine[] = [];
  try {
    for (const build of builds) machines.push(machineOf(build));
    return await inLockStep(machines as unknown as Two<GroundMachine>, signal);
  } finally {
    for (const machine of machines) machine.close();
  }
}

async function inLockStep(machines: Two<GroundMachine>, signal: AbortSignal): Promise<LockStep> {
  const bounds: Bound[] = [];
  for (const machine of machines) {
    const bound = bind(machine, (found) => asked(machine, found).some(({ signature }) => signature !== undefined));
    if ('why' in bound) return { bounded: `${machine.build.files[0]} is bound to no device: ${bound.why}` };
    bounds.push(bound);
  }
  const { sides, all, accepted } = sidesOf(machines, bounds as unknown as Two<Bound>);
  const end = performance.now() + PATIENCE;
  let bounded: string | undefined;
  for (const told of [false, true]) {
    let found: { commands: Command[]; scope: string } | undefined;
    for (const scope of scopesOf(
      all,
      accepted,
      machines.every(({ device }) => device !== undefined),
    )) {
      const { covered, verdicts } = await plainSearch(new GroundPair(sides, scope, told), [ALIKE], {
        first: true,
        signal,
        limits: { states: MOST, milliseconds: Math.max(1, end - performance.now()) },
        // A log that is no shorter is of no use.
        ...(found && { depth: found.commands.length - 1 }),
      });
      const verdict = verdicts.get(ALIKE.id)!;
      if (verdict.verdict === 'violated')
        found = { commands: verdict.counterexample.facts.map(({ command }) => command), scope: scope.name };
      else if (verdict.verdict === 'bounded' && found === undefined)
        bounded ??= `${scope.name}: ${covered.stoppedBy ?? verdict.reason}`;
    }
    if (found !== undefined) return { parted: partedIn(sides, all, found.commands, found.scope, told) };
  }
  return bounded === undefined ? {} : { bounded };
}

/** What a driver answers to the events that it offers, and to those of others. */
function asked(machine: GroundMachine, bound: Bound) {
  const kinds = new Kinds(machine, bound.pmu);
  for (const manner of kinds.manners()) {
    const answers = kinds.offered(manner).map((kind) => ask(machine, bound, kind));
    if (answers.some(({ accepted }) => accepted)) {
      for (const kind of [...kinds.foreign(), ...kinds.borders(answers.find((one) => one.accepted)!.kind)])
        answers.push(ask(machine, bound, kind));
      return answers;
    }
  }
  return [];
}

/** Both drivers with the events that either is asked for, by the numbers of the first. */
function sidesOf(machines: Two<GroundMachine>, bounds: Two<Bound>) {
  const numbers: Two<Map<number, number>> = [new Map(), new Map()];
  const all: AskedKind[] = [];
  const accepted: AskedKind[] = [];
  for (const [side, machine] of machines.entries())
    for (const { kind, signature } of asked(machine, bounds[side]!)) {
      const number = machines[0].kind(kind);
      const known = all.find((one) => one.number === number);
      const one = known ?? { ...kind, number };
      if (known === undefined) all.push(one);
      numbers[0].set(number, number);
      numbers[1].set(number, machines[1].kind(kind));
      if (signature !== undefined && !accepted.includes(one)) accepted.push(one);
    }
  const sides = machines.map((machine, side) => ({ machine, bound: bounds[side]!, kinds: numbers[side]! }));
  return { sides: sides as unknown as Two<GroundSide>, all, accepted };
}

/** What is searched, the shallow first. */
function scopesOf(all: readonly AskedKind[], accepted: readonly AskedKind[], isDescribed: boolean): Scope[] {
  const [a, b = a] = accepted;
  const scopes = [single('one event alone', all)];
  if (a === undefined || b === undefined) return scopes;
  const timed = isDescribed
    ? [
        inTime(single('one event alone', accepted), 'after del'),
        inTime(lives(`${a.name}, throttled`, [a], true), 'none'),
        inTime(lives(`two of ${a.name}`, [a, a]), 'at once'),
        inTime(lives(`${a.name} and ${b.name}`, [a, b]), 'at once'),
      ]
    : [];
  return [
    ...scopes,
    ...timed,
    lives(`two of ${a.name}`, [a, a]),
    lives(`${a.name} and ${b.name}`, [a, b]),
    lives(`${a.name}, throttled`, [a], true),
    grouping(`a group of ${a.name}`, a, [b], MOST_EVENTS),
  ];
}

function partedIn(
  sides: Two<GroundSide>,
  kinds: readonly AskedKind[],
  commands: readonly Command[],
  scope: string,
  told: boolean,
): PartedOnGround {
  const runs = sides.map(({ machine, bound, kinds: numbers }) =>
    run(
      machine,
      bound,
      commands.map((command) => inTermsOf(command, numbers)),
    ).map((step, place): Step => ({ ...step, command: commands[place]! })),
  );
  const [one, other] = runs.map((steps) => steps.at(-1)!) as unknown as Two<Step>;
  return {
    ...mismatchIn(one, other, told)!,
    scope,
    calls: runs[0]!.slice(0, -1).map((step) => stepText(step, kinds)),
    lasts: [stepText(one, kinds), stepText(other, kinds)],
    places: [placeOf(sides[0], one), placeOf(sides[1], other)],
  };
}

/** Where a call comes to last: where it warns, or tells the device something; else where the callback begins. */
function placeOf({ machine, bound }: GroundSide, { command: { call }, happenings }: Step): Place | undefined {
  const places = new GroundPlaces(machine.build);
  const at = happenings.findLast((one) => one.at !== '0' && one.type !== 'lock')?.at;
  const entry = bound.pmu.callbacks.get(call);
  return at !== undefined ? places.of(at, false) : entry === undefined ? undefined : places.of(entry, true);
}
