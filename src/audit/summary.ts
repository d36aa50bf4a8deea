import { ENVIRONMENTS, type Environment } from '../../models/index.ts';
import { counted } from '../findings/counted.ts';
import type { Result } from './audit.ts';
import { propertyOf } from './property.ts';
import type { Violation } from './violation.ts';

/** What an audit came to, in numbers. */
export interface Summary {
  readonly models: number;
  readonly searches: number;
  /** Searches that stopped before they had seen everything. */
  readonly stopped: number;
  /** Why they did, each reason once. */
  readonly reasons: readonly string[];
  /** Searches that told states apart by fingerprints, and the probability, at most, that any of them missed a state. */
  readonly compact: number;
  readonly missProbability: number;
  /** Distinct states, over all searches. */
  readonly states: number;
  /** Whether of states that differ only in the numbers of alike events or harts one was counted. */
  readonly merged: boolean;
  /** Whether only states were kept that must be told from others. */
  readonly partialOrder: boolean;
  /** How many of the states were found before a search was stopped that went on now. */
  readonly resumedFrom: number;
  readonly milliseconds: number;
  /** How many properties were asked, and how many of them a perf core that keeps its contract can break. */
  readonly properties: number;
  readonly broken: number;
}

export function summaryOf(results: readonly Result[], findings: readonly Violation[]): Summary {
  const searches = [...new Set(results.map(({ covered }) => covered))];
  return {
    models: new Set(results.map(({ model }) => model.name)).size,
    searches: searches.length,
    stopped: searches.filter(({ stoppedBy }) => stoppedBy !== undefined).length,
    reasons: [...new Set(searches.flatMap(({ stoppedBy }) => stoppedBy ?? []))],
    compact: searches.filter(({ missProbability }) => missProbability !== undefined).length,
    missProbability: Math.min(
      1,
      searches.reduce((sum, { missProbability = 0 }) => sum + missProbability, 0),
    ),
    states: searches.reduce((sum, { states }) => sum + states, 0),
    merged: searches.some(({ permutations }) => permutations !== undefined),
    partialOrder: searches.some(({ partialOrder }) => partialOrder),
    resumedFrom: searches.reduce((sum, { resumedFrom = 0 }) => sum + resumedFrom, 0),
    milliseconds: searches.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
    properties: new Set(results.map(({ property }) => property)).size,
    broken: new Set(findings.filter(({ userReachable }) => userReachable).map(({ property }) => property.id)).size,
  };
}

/** How much can be violated, in one sentence (without its full stop). */
export const brokenText = ({ broken, properties, stopped, compact }: Summary): string =>
  `${broken} of ${properties} properties ${stopped + compact > 0 ? 'were violated, in what was searched,' : 'can be violated'} by a perf core that keeps its contract`;

/** What was searched, in one sentence (without its full stop). */
export const searchedText = ({ models, searches, states, merged, partialOrder, resumedFrom }: Summary): string =>
  `Searched ${counted(models, 'model')} in ${counted(searches, 'search')}: ${states.toLocaleString('en')} states${partialOrder ? ' kept' : ''}${merged ? ' (one of those that differ only in numbers)' : ''}${resumedFrom > 0 ? ` (${resumedFrom.toLocaleString('en')} of them before it was stopped)` : ''}`;

/** Why what was not found may be there all the same: sentences, none where everything was searched, state by state. */
export function reservations({ stopped, reasons, compact, missProbability }: Summary): string[] {
  const sentences: string[] = [];
  if (stopped > 0)
    sentences.push(
      `${counted(stopped, 'search')} ${stopped === 1 ? 'was' : 'were'} stopped before seeing everything (${reasons.join('; ')}): what was not found there is no pass.`,
    );
  if (compact > 0)
    sentences.push(
      `${counted(compact, 'search')} kept only fingerprints of states: what was not found there is probable, no pass. ${missText(missProbability)}.`,
    );
  return sentences;
}

/** How likely it is that a state was missed (without the full stop). */
export const missText = (missProbability: number): string =>
  `The probability that a state was missed is at most ${missProbability.toPrecision(2)}`;

/** What one property came to in one environment, over all models; `-` where it was not asked. */
export type Outcome = 'violated' | 'bounded' | 'probable' | 'holds' | 'vacuous' | '-';

/**
 * Why an audit is no pass although nothing was broken: everything that was asked is vacuous, or a property that was named is,
 * or was not asked at all.
 * Undefined if neither is so.
 */
export function vacuousText(results: readonly Result[], named: readonly string[] = []): string | undefined {
  const asked = [...new Set(results.map(({ property }) => property))];
  const vacuous = asked.filter((property) =>
    results.every((result) => result.property !== property || result.verdict.verdict === 'vacuous'),
  );
  const told = vacuous.length === asked.length ? vacuous : vacuous.filter((property) => named.includes(property));
  const reasons = [
    ...told.map((property) => `${property} (${whyVacuous(results, property)})`),
    ...named.filter((id) => !asked.includes(id)).map((id) => `${id} (no model that was named asks it there)`),
  ];
  if (reasons.length === 0) return undefined;
  return `nothing was decided of what was asked, which is no pass: ${reasons.join(', ')}`;
}

/** Why a property is vacuous: what the driver lacks, or what never happened. */
function whyVacuous(results: readonly Result[], property: string): string {
  const lacking = results.find((result) => result.property === property && result.lacking !== undefined)?.lacking;
  return lacking ?? propertyOf(property).vacuousWhen;
}

/** What every property came to, by environment. */
export interface Grid {
  readonly environments: readonly Environment[];
  readonly rows: readonly {
    readonly property: string;
    /** In the order of the environments. */
    readonly outcomes: readonly Outcome[];
    /** The states of all searches in which it was asked. */
    readonly states: number;
  }[];
  /** Why something is vacuous, or was not asked, or is bounded although its search came to its end. */
  readonly notes: readonly string[];
}

export function gridOf(results: readonly Result[]): Grid {
  const environments = ENVIRONMENTS.filter((one) => results.some(({ environment }) => environment === one));
  const notes = new Set<string>();
  const rows = [...new Set(results.map(({ property }) => property))].map((property) => {
    const asked = results.filter((result) => result.property === property);
    const outcomes = environments.map((environment) => {
      const outcome = outcomeOf(asked.filter((result) => result.environment === environment));
      const { needsContract } = propertyOf(property);
      if (outcome === 'vacuous') notes.add(`${property} is vacuous: ${whyVacuous(asked, property)}.`);
      if (outcome === 'bounded') for (const reason of reasonsOf(asked)) notes.add(`${property} is bounded: ${reason}.`);
      if (outcome === '-' && environment === 'any-order' && needsContract !== undefined)
        notes.add(`${property} is not asked in any-order: ${needsContract}.`);
      return outcome;
    });
    const states = [...new Set(asked.map(({ covered }) => covered))].reduce((sum, { states }) => sum + states, 0);
    return { property, outcomes, states };
  });
  return { environments, rows, notes: [...notes] };
}

/** Why what was searched to the end is bounded all the same; that a search was stopped is told once for all that it asked. */
const reasonsOf = (results: readonly Result[]): string[] =>
  results.flatMap(({ verdict, covered }) =>
    verdict.verdict === 'bounded' && verdict.reason !== covered.stoppedBy ? [verdict.reason] : [],
  );

/** The worst of the verdicts decides; one that holds somewhere is not vacuous. */
function outcomeOf(results: readonly Result[]): Outcome {
  const verdicts = results.map(({ verdict }) => verdict.verdict);
  if (verdicts.includes('violated')) return 'violated';
  if (verdicts.includes('bounded')) return 'bounded';
  if (verdicts.includes('probable')) return 'probable';
  if (verdicts.includes('holds')) return 'holds';
  return verdicts.includes('vacuous') ? 'vacuous' : '-';
}
