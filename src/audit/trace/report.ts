import { counted } from '../../findings/counted.ts';
import type { Finding, Rule } from '../../findings/finding.ts';
import type { Cell, Report, Table, Tone } from '../../findings/report.ts';
import type { TraceReport } from '../../trace/check.ts';
import { hartsText } from '../../trace/harts.ts';
import { toJson } from '../../trace/json.ts';
import { type BrokenProperty, type Undecided, WATCHED } from '../../trace/properties.ts';
import { FORMATS } from '../../trace/recording/formats.ts';
import type { ImportReport, Place, SegmentReport, UnjudgedReport } from '../../trace/recording/import.ts';
import { toJson as toRecordingJson } from '../../trace/recording/json.ts';
import type { TraceRefusal } from '../../trace/refusal.ts';
import { brokenFindings, CONFORMS, refusalFinding } from './findings.ts';
import { suitesOf } from './suites.ts';
import { atText, boundedText, callbackText, type Found, placeText, undecidedTexts } from './texts.ts';

/** What was judged in one go: a trace, or a part of a recording that lacks nothing. */
export interface Part {
  readonly refused?: TraceRefusal & Found;
  readonly bounded?: TraceRefusal & Found;
  readonly broken: readonly (BrokenProperty & Found)[];
  readonly undecided: readonly (Undecided & Found)[];
  readonly held: readonly string[];
  readonly cpus?: readonly number[];
}

type Verdict = 'violated' | 'undecided' | 'held' | 'held so far' | 'vacuous';

/** What a property came to over all parts. */
export interface Decided {
  readonly property: string;
  readonly verdict: Verdict;
  readonly broken: readonly (BrokenProperty & Found)[];
}

/** What a trace came to, as a report: a refusal, and each violated property, are findings. */
export function reportOf(file: string, torn: boolean, report: TraceReport): Report {
  const { accepted, callbacks, driver, environment, facts, orders, refused, bounded } = report;
  const by = `by driver ${driver} in environment ${environment}`;
  const end = refused ?? bounded;
  const said = refused === undefined ? 'undecided' : 'refused';
  return {
    ...common(file, `${driver}, ${environment}`, [report], accepted),
    summary: [
      end === undefined ? `accepted from the first line to the last, ${by}.` : `${said} at ${atText(end)}, ${by}.`,
      `${counted(callbacks, 'callback')}, ${counted(facts, 'fact')} inferred. ${counted(orders.overlapping, 'callback')} did something after a later one had begun; ${counted(orders.tried, 'step')} of overlapping calls tried.`,
    ],
    json: () => toJson(file, torn, report),
  };
}

/** What a recording came to, as a report. */
export function recordingReportOf(file: string, report: ImportReport): Report {
  const { driver, environment, segments, unjudged } = report;
  const shared = common(file, `${driver}, ${environment}`, segments, report.accepted);
  return {
    ...shared,
    summary: [
      headingText(report),
      `Held against driver ${driver} in environment ${environment}.`,
      ...segments.toSorted(byPlace).map(segmentText),
    ],
    reservations: [...unjudged.map(unjudgedText), ...shared.reservations],
    notes: [...shared.notes, ...inferredTexts(segments)],
    json: () => toRecordingJson(file, report),
  };
}

function common(file: string, scope: string, parts: readonly Part[], accepted: boolean) {
  const findings: Finding[] = [
    ...parts.flatMap(({ refused }) => (refused === undefined ? [] : [refusalFinding(file, refused)])),
    ...brokenFindings(
      file,
      scope,
      parts.flatMap(({ broken }) => broken),
    ).toSorted(worstFirst),
  ];
  const decided = decidedIn(parts, accepted);
  const rules: Rule[] = [CONFORMS, ...WATCHED];
  return {
    command: 'trace',
    subject: file,
    title: file,
    reservations: [
      ...parts.flatMap(({ bounded }) => (bounded === undefined ? [] : [boundedText(bounded)])),
      ...undecidedTexts(parts.flatMap(({ undecided }) => undecided)),
    ],
    notes: [...new Set(parts.flatMap(({ cpus }) => hartsText(cpus)))],
    legend: [],
    rules,
    findings,
    tables: [verdictTable(decided)],
    closing: [],
    suites: () => suitesOf(file, scope, parts, decided, accepted),
  };
}

const SEVERITIES = ['high', 'medium', 'low'];

/** By severity, then as they come in the file. */
const worstFirst = (one: Finding, other: Finding): number =>
  SEVERITIES.indexOf(one.rule.severity) - SEVERITIES.indexOf(other.rule.severity) ||
  one.place!.lines[0] - other.place!.lines[0] ||
  one.id.localeCompare(other.id);

/** The verdict on each property that a log can violate. */
const decidedIn = (parts: readonly Part[], accepted: boolean): Decided[] =>
  WATCHED.map(({ id }): Decided => {
    const broken = parts.flatMap((part) => part.broken.filter(({ property }) => property === id));
    const isOpen = parts.some(({ undecided }) => undecided.some(({ property }) => property === id));
    const isHeld = parts.some(({ held }) => held.includes(id));
    const held: Verdict = isHeld ? (accepted ? 'held' : 'held so far') : 'vacuous';
    return { property: id, broken, verdict: broken.length > 0 ? 'violated' : isOpen ? 'undecided' : held };
  });

const TONE: Record<Verdict, Tone> = {
  violated: 'violated',
  undecided: 'bounded',
  held: 'holds',
  'held so far': 'bounded',
  vacuous: 'vacuous',
};

const verdictTable = (decided: readonly Decided[]): Table => ({
  id: 'held',
  title: 'What every property came to',
  head: ['property', 'verdict', 'first', 'times'],
  numbers: 1,
  rows: decided.map(({ property, verdict, broken }): Cell[] => [
    { text: property },
    { text: verdict, tone: TONE[verdict] },
    { text: broken[0] === undefined ? '' : `${atText(broken[0])}: ${broken[0].callback}` },
    { text: broken.length === 0 ? '' : broken.length.toLocaleString('en') },
  ]),
  notes: [],
});

function headingText({ format, callbacks, cpus, madeByDriver, ignored, moved, missed, doubled }: ImportReport): string {
  const beside = [
    ...(madeByDriver > 0 ? [`${counted(madeByDriver, 'call')} of the driver itself inside them left out`] : []),
    ...(ignored > 0 ? [`${counted(ignored, 'event')} of others ignored`] : []),
    ...(moved > 0 ? [`${counted(moved, 'line')} out of the order of time put in order`] : []),
    ...(missed > 0 ? [`${counted(missed, 'hit')} missing of calls that are known all the same`] : []),
    ...(doubled > 0 ? [`${counted(doubled, 'hit')} of probes that were defined twice left out`] : []),
  ];
  return `${counted(callbacks, 'callback')} on ${counted(cpus, 'CPU')}, as ${FORMATS[format].tool} prints them${beside.map((text) => `; ${text}`).join('')}.`;
}

function segmentText(part: SegmentReport): string {
  const { refused, bounded, callbacks, unfinished, from, to } = part;
  const span = `${placeText(from)} to ${placeText(to)}`;
  if (refused !== undefined) return `refused at ${atText(refused)}, ${callbackText(refused)}; ${span}.`;
  if (bounded !== undefined) return `undecided from ${atText(bounded)} on; ${span}.`;
  const running = unfinished > 0 ? ` ${counted(unfinished, 'callback')} had not returned at its end.` : '';
  return `accepted: ${span}, ${counted(callbacks, 'callback')}.${running}`;
}

const unjudgedText = ({ why, callbacks, from, to }: UnjudgedReport): string =>
  `not judged: ${placeText(from)} to ${placeText(to)}, ${counted(callbacks, 'callback')}: ${why}.`;

const byPlace = (one: { from: Place }, other: { from: Place }): number =>
  Number(one.from.time) - Number(other.from.time) || one.from.line - other.from.line;

function inferredTexts(segments: readonly SegmentReport[]): string[] {
  const sum = (of: (segment: SegmentReport) => number): number =>
    segments.reduce((total, segment) => total + of(segment), 0);
  const facts = sum((segment) => segment.facts);
  const readings = sum(({ inferredReadings }) => inferredReadings);
  const tried = sum(({ orders }) => orders.tried);
  const overlapping = sum(({ orders }) => orders.overlapping);
  const later = readings === 0 ? '' : `, ${counted(readings, 'counter reading')} from the next callback of the event`;
  return [
    `Inferred, as only one is possible: ${counted(facts, 'fact')} inside the callbacks${later}.`,
    `Searched: the order of what overlapping callbacks share, in ${counted(tried, 'step')}; ${counted(overlapping, 'callback')} did something after a later one had begun.`,
  ];
}
