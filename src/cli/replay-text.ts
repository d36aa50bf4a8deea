import type { Fact, System } from '../facts/index.ts';
import { counted } from '../findings/counted.ts';
import type { Step } from '../findings/finding.ts';
import type { LogVerdicts } from '../replay/log-verdicts.ts';
import { INFERRED } from '../replay/shown.ts';
import { disagreementText } from '../store/disagreement.ts';
import type { LogHeader, Origins } from '../store/index.ts';
import { originText } from '../store/origin.ts';
import { UsageError } from './exit.ts';

export const REPLAY_FORMATS = ['table', 'text', 'sequence'] as const;
export type ReplayFormat = (typeof REPLAY_FORMATS)[number];

/** A log that was folded, and what of it is to be told. */
export interface Replayed {
  readonly system: System;
  readonly header: LogHeader;
  /** The facts that were folded. */
  readonly facts: readonly Fact[];
  /** Where in a kernel's trace they come from, as far as the log says. */
  readonly origins?: Origins;
  /** The facts in which a count rests on values that the trace does not show; none, if left out. */
  readonly inferred?: ReadonlySet<Fact>;
  /** How many facts the log has. */
  readonly total: number;
  /** Whether the end of its file was torn off. */
  readonly isTorn?: boolean;
  readonly verdicts: LogVerdicts;
  /** The fact to tell from (1 is the first), if one was named. */
  readonly from?: number;
  /** How many rows there are at the most. */
  readonly rows: number;
  /** Whether the state at the end is asked for. */
  readonly showsEnd?: boolean;
  readonly detail: 'callbacks' | 'facts';
}

/** How many facts a callback has, about: to find where to begin for so many rows. */
const FACTS_A_ROW = 30;

/** The log as rows of text or of a table, and the properties that it breaks. */
export async function rowsText(replayed: Replayed, format: 'table' | 'text'): Promise<string> {
  const { header, facts } = replayed;
  const { stepsTable, stepsText } = await import('../reports/terminal/table.ts');
  const steps = await stepsOf(replayed);
  const before = (steps[0]?.position ?? 1) - 1;
  const after = facts.length - steps.reduce((_, { end }) => end, facts.length);
  const more = Math.max(1, before - FACTS_A_ROW * replayed.rows);
  return [
    `${header.model}, ${header.environment}, ${header.driver}: ${facts.length.toLocaleString('en')} facts`,
    ...(before > 0 ? [`(${before.toLocaleString('en')} facts before these; --from ${more} goes back)`] : []),
    format === 'table' ? stepsTable(steps) : stepsText(steps),
    ...(after > 0
      ? [`(${after.toLocaleString('en')} facts after these; --from ${facts.length - after + 1} goes on)`]
      : []),
    ...(replayed.showsEnd ? await stateLines(replayed) : []),
    ...verdictLines(replayed),
    '',
  ].join('\n');
}

/** What became of the properties. */
export interface Outcome extends Pick<LogVerdicts, 'held' | 'vacuous'> {
  /** What its facts violate; `inferred` where its header says, and none of its facts, that a recording did not show enough to decide it. */
  readonly violated: readonly (LogVerdicts['breaks'][number] & { readonly inferred?: true })[];
  /** The others of which its header, or a fact, says so: neither held nor vacuous. */
  readonly hidden: readonly string[];
}

/** What a fold came to. What a header says of itself makes a verdict weaker, and nothing that is violated another one. */
export function outcomeOf({
  header,
  facts,
  inferred,
  verdicts: { breaks, held, vacuous },
}: Pick<Replayed, 'header' | 'facts' | 'inferred' | 'verdicts'>): Outcome {
  const unsure = new Set(header.undecided);
  const isInferred = inferred !== undefined && facts.some((fact) => inferred.has(fact));
  const open = new Set([...unsure, ...(isInferred ? [INFERRED] : [])]);
  const isDecided = (id: string): boolean => !open.has(id);
  return {
    violated: breaks.map((one) => (unsure.has(one.property) ? { ...one, inferred: true } : one)),
    held: held.filter(isDecided),
    vacuous: vacuous.filter(isDecided),
    hidden: [...open].filter((id) => !breaks.some(({ property }) => property === id)),
  };
}

/** Which properties are violated and where, which held, which no log decides, and of which nothing happened. */
export function verdictLines(replayed: Replayed): string[] {
  const { violated, held, vacuous, hidden } = outcomeOf(replayed);
  const { undecided } = replayed.verdicts;
  return [
    ...violated.map(
      ({ property, position, inFlight, inferred }) =>
        `✗ ${property} is violated at fact ${position}${inFlight ? ', while a call is in flight' : ''}${inferred ? ', by values that its header says were inferred: the recording did not show enough to decide it' : ''}.`,
    ),
    ...(violated.length === 0 ? ['No property that can be judged along a log is violated in it.'] : []),
    ...(held.length > 0 ? [`Held: ${held.join(', ')}.`] : []),
    ...(hidden.length > 0
      ? [`? ${hidden.join(', ')}: undecided, as the log says: the recording did not show enough${whereText(replayed)}.`]
      : []),
    ...(undecided.length > 0 ? [`Not decided by one log, but by a search: ${undecided.join(', ')}.`] : []),
    ...(vacuous.length > 0 ? [`Nothing that they speak of happened: ${vacuous.join(', ')}.`] : []),
    ...refusedLines(replayed),
    ...(replayed.isTorn ? ['The end of the log is torn off: what came after these facts is not known.'] : []),
  ];
}

/** At which facts the recording did not show enough. */
function whereText({ facts, inferred }: Replayed): string {
  if (inferred === undefined) return '';
  const places = facts.flatMap((fact, index) => (inferred.has(fact) ? index + 1 : []));
  return places.length === 0 ? '' : ` at ${counted(places.length, 'fact')}, the first of them ${places[0]}`;
}

/** What a kernel's trace shows after these facts, where the machines do not accept it. */
function refusedLines({ header: { refused }, facts, total }: Replayed): string[] {
  if (refused === undefined || facts.length < total) return [];
  const { line, callback, expected, found } = refused;
  return [
    `✗ The trace is refused after these facts, at line ${line}, ${callback}: ${disagreementText(refused)}: the model says ${expected}, the trace shows ${found}.`,
  ];
}

/** What can be seen of every machine at the end. */
async function stateLines({ system, facts, verdicts }: Replayed): Promise<string[]> {
  const { counted, noCounts, observe } = await import('../findings/observe.ts');
  let counts = noCounts(system);
  for (const fact of facts) counts = counted(counts, fact);
  const seen = [...observe(system, verdicts.state, counts)];
  const width = Math.max(...seen.map(([name]) => name.length));
  return [
    `After ${facts.length.toLocaleString('en')} facts:`,
    ...seen.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
  ];
}

/** The rows to show, each with the number of its last fact: from the fact that was named, else the last ones. */
async function stepsOf({ system, facts, origins, verdicts, from, rows, detail }: Replayed): Promise<Step[]> {
  const { excerptOf } = await import('../findings/excerpt.ts');
  const { rowsOf } = await import('../findings/rows.ts');
  const span = rows * FACTS_A_ROW;
  const first = from ?? Math.max(1, facts.length - span);
  const last = from === undefined ? facts.length : Math.min(facts.length, from + span);
  const all = rowsOf(excerptOf(system, facts, verdicts.marks, first, last), { detail });
  const steps = all.map((row) => ({
    ...row,
    ...recordedAt(origins, row.position),
    violates: verdicts.breaks.some(({ position }) => position >= row.position && position <= row.end),
  }));
  const within = steps.filter(({ end }) => end >= first);
  return from === undefined ? within.slice(-rows) : within.slice(0, rows);
}

/** Where the fact at a position (from 1) comes from. */
function recordedAt(origins: Origins | undefined, position: number): Pick<Step, 'recorded'> {
  const origin = origins?.at(position - 1);
  return origin === undefined ? {} : { recorded: originText(origin) };
}

/**
 * The log as a sequence diagram: all of it, the facts from the one that was named, or the last ones.
 * Throws a UsageError if more was named than can be looked at.
 */
export async function sequenceOf(replayed: Replayed, svg: boolean): Promise<string> {
  const { header, facts, verdicts, from, detail } = replayed;
  const { DRAWABLE, sequenceDiagram } = await import('../diagrams/sequence.ts');
  const first = from ?? Math.max(1, facts.length - DRAWABLE + 1);
  // Some facts before it say whose callbacks run where it begins.
  const lead = Math.min(first - 1, DRAWABLE);
  const violated = verdicts.breaks.filter(({ position }) => position === facts.length).map(({ property }) => property);
  const part = first > 1 ? `, facts ${first} to ${facts.length}` : '';
  const diagram = sequenceDiagram(facts.slice(first - 1 - lead), {
    title: `${header.model}, ${header.environment}, ${header.driver}${part}`,
    skip: lead,
    numberOf: (index) => first - lead + index,
    everyFact: detail === 'facts',
    ...(violated.length > 0 && { breaks: 'state', property: violated }),
  });
  const drawn = facts.length - first + 1;
  if (diagram.steps.length > DRAWABLE)
    throw new UsageError(
      `a sequence diagram of ${diagram.steps.length} steps (${drawn} facts) cannot be looked at: name fewer with --from and --at (--from ${first} --at ${first + DRAWABLE - 1})`,
    );
  if (svg) return (await import('../diagrams/sequence-svg.ts')).svgOfSequence(diagram);
  const { mermaidOfSequence } = await import('../diagrams/sequence-mermaid.ts');
  const notes = [diagram.title, ...verdictLines(replayed)].map((line) => `%% ${line}\n`);
  return mermaidOfSequence(diagram) + notes.join('');
}
