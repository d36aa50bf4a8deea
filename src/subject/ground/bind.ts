import type { Done, GroundMachine, Happening, StepView } from './machine.ts';

/** A device that fits a driver: an entry of its match tables. */
export interface Match {
  readonly kind: string;
  readonly name: string;
}

/** A PMU, as it was registered. */
export interface Pmu {
  readonly name: string;
  readonly type: number;
  readonly capabilities: number;
  /** Whether its events belong to a device and not to a task: `perf_invalid_context`. */
  readonly uncore: boolean;
  /** What it shows of itself in sysfs: the value of an attribute, by group and name. */
  readonly attributes: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Where each callback begins: an offset in the driver's object, hexadecimal, by the name of the call. */
  readonly callbacks: ReadonlyMap<string, string>;
}

/** A driver that is bound to a device and has registered its PMUs. */
export interface Bound {
  readonly state: number;
  readonly view: StepView;
  /** Undefined: it was bound to a device that it made itself, in its initcalls. */
  readonly match: Match | undefined;
  /** The number of the match, and how the device answers: see MODES. */
  readonly number: number;
  readonly mode: number;
  readonly pmu: Pmu;
  readonly others: readonly string[];
  /** What was assumed of the device, in one sentence each. */
  readonly notes: readonly string[];
  /** The first register that probe has read without knowing what hardware would answer. */
  readonly guessed: string | undefined;
}

/** Why a driver could not be bound. */
export interface Unbound {
  readonly why: string;
}

/** How a device answers what nobody described: without properties; with some that are 1, or 0; then registers of ones, or of mixed bits. */
const MODES = [0, 1, 5, 2, 8, 3, 7, 9] as const;
/** Of these, the bits that say how registers read that nobody wrote to; zeros without. */
const [ONES, MIXED] = [2, 8] as const;
const CAPABILITIES = { noInterrupt: 1, noExclude: 0x40 } as const;

/** Whether the core refuses sampling, or exclusions, for a PMU. */
export const refusesSampling = ({ capabilities }: Pmu): boolean => (capabilities & CAPABILITIES.noInterrupt) !== 0;
export const refusesExclusion = ({ capabilities }: Pmu): boolean => (capabilities & CAPABILITIES.noExclude) !== 0;

/**
 * Finds a device with which the driver registers a PMU that `suits`: each entry of its tables, with each way to answer; the first
 * one that registers any, if none suits.
 */
export function bind(machine: GroundMachine, suits: (bound: Bound) => boolean): Bound | Unbound {
  const { boot } = machine;
  if (boot.state === undefined) return { why: endOf(boot) ?? 'its initcalls do not end' };
  const matches = describe(machine, boot.state).matches.map((match, number) => ({ match, number }));
  // Of a device that is described, only those entries are tried that are for it.
  const fits = machine.device?.description.fits ?? [];
  const fitting = matches.filter(({ match }) => fits.includes(match.name));
  if (boot.view?.pmu) return bound(machine, boot, undefined, -1, 0);
  let why =
    matches.length === 0 ? 'it registers no driver, and no PMU' : 'no device that fits it makes it register a PMU';
  let first: Bound | undefined;
  for (const mode of MODES)
    for (const { match, number } of fitting.length > 0 ? fitting : matches) {
      const done = machine.perform(boot.state, `p${number},${mode}`);
      if (done?.state !== undefined && done.view?.pmu) {
        const found = bound(machine, done, match, number, mode);
        if (suits(found)) return found;
        first ??= found;
      }
      if (done && mode === 0 && number === 0) why = endOf(done) ?? failure(done) ?? why;
    }
  return first ?? { why };
}

function bound(
  machine: GroundMachine,
  { state, view, happenings }: Done,
  match: Match | undefined,
  number: number,
  mode: number,
): Bound {
  const { pmus } = describe(machine, state!);
  const assumed = happenings
    .filter(({ type }) => type === 'assumed')
    .map(({ property, value }) => `${property} = ${value}`);
  return {
    state: state!,
    view: view!,
    ...{ match, number, mode },
    pmu: pmus.find(({ searched }) => searched)!,
    others: pmus.filter(({ searched }) => !searched).map(({ name }) => name),
    guessed: guessText(happenings),
    notes: assumed.length === 0 ? [] : [`assumed of the device: ${[...new Set(assumed)].join(', ')}`],
  };
}

/** What the driver's match tables call the devices that it is for, once its initcalls have run. */
export const namesOf = (machine: GroundMachine): string[] =>
  machine.boot.state === undefined ? [] : describe(machine, machine.boot.state).matches.map(({ name }) => name);

function describe(machine: GroundMachine, state: number): { matches: Match[]; pmus: (Pmu & { searched: boolean })[] } {
  const matches: Match[] = [];
  const pmus: (Pmu & { searched: boolean })[] = [];
  const attributes = new Map<string, Map<string, string>>();
  const callbacks = new Map<string, string>();
  for (const line of machine.describe(state)) {
    const [kind, ...words] = line.split(' ');
    if (kind === 'm') matches.push({ kind: words[0]!, name: words.slice(1).join(' ') });
    if (kind === 'p') {
      const [type, capabilities, context, searched] = words.map(Number);
      const name = words.slice(4).join(' ');
      pmus.push({
        name,
        type: type!,
        capabilities: capabilities!,
        uncore: context === -1,
        searched: searched === 1,
        attributes,
        callbacks,
      });
    }
    if (kind === 'c') callbacks.set(words[0]!, words[1]!);
    if (kind === 'a') {
      const group = attributes.get(words[0]!) ?? new Map<string, string>();
      attributes.set(words[0]!, group.set(words[1]!, words.slice(2).join(' ')));
    }
  }
  return { matches, pmus };
}

/**
 * The same driver where hardware answers otherwise: with each other way to answer of which nobody knows better. Empty where
 * it was bound in its initcalls, and has asked hardware there.
 */
export function otherWorlds(
  machine: GroundMachine,
  { number, mode, state, guessed }: Bound,
): { state: number; view: StepView }[] {
  const answers = [0, ONES, MIXED].filter((answer) => answer !== (mode & (ONES | MIXED)));
  return answers.flatMap((answer) => {
    const done =
      number < 0
        ? guessed === undefined && machine.perform(state, `u${answer}`)
        : machine.perform(machine.boot.state!, `p${number},${(mode & ~(ONES | MIXED)) | answer}`);
    return done && done.state !== undefined && done.view?.pmu ? [{ state: done.state, view: done.view }] : [];
  });
}

/** The first register of which nobody knows what it reads as; undefined if there is none. */
export function guessText(happenings: readonly Happening[]): string | undefined {
  const guess = happenings.find(({ type }) => type === 'guess');
  return guess === undefined
    ? undefined
    : `what hardware answers at ${guess.bus} ${hex(guess.address as number)} is not described`;
}

const hex = (value: number): string => `0x${value.toString(16)}`;

/** What ended a step that did not return. */
export function endOf({ happenings }: Done): string | undefined {
  const last = happenings.at(-1);
  if (last?.type === 'unknown') return `it needs ${last.what}, which nothing here has`;
  if (last?.type === 'crash') return `it crashes: ${last.what}`;
  return undefined;
}

function failure({ happenings }: Done): string | undefined {
  const probe = happenings.find(({ type }) => type === 'probe');
  const says = happenings.find(({ type }) => type === 'says');
  if (probe === undefined || probe.answer === 0) return undefined;
  return `probe answers ${probe.answer}${says?.text ? ` (${String(says.text).trim()})` : ''}`;
}
