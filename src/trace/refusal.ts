import type { Role } from '../facts/index.ts';
import { disagreementText } from '../store/disagreement.ts';
import type { Accepting } from './accepting.ts';
import type { TraceLine } from './line.ts';

/** A machine that does not accept what the trace shows. */
export interface TraceRefusal {
  /** The line of the trace. */
  readonly line: number;
  readonly scn: string;
  /** Its callback: `add of event 12`. */
  readonly callback: string;
  /** The machine: its role, and which event (by its id in the trace), hart or group it is of. */
  readonly machine: string;
  /** What they disagree on. */
  readonly what: string;
  /** What the model says. */
  readonly expected: string;
  /** What the trace shows. */
  readonly found: string;
  /** The calls that ran beside it and had not returned, if its place among them was asked: there is no order of all of them. */
  readonly beside?: readonly string[];
  /** A smallest set of overlapping calls that has no order: without what the recorder saw of any one of them, there is one. */
  readonly smallest?: readonly OverlappingCall[];
  /** The last callbacks before it of its event or on its CPU. */
  readonly previous?: readonly { readonly line: number; readonly callback: string }[];
  /** Who else accepts it, where that was asked. */
  readonly accepting?: Accepting;
}

/** A call that overlaps others, and `riscv_active_events` as the recorder saw it before and after it. */
export interface OverlappingCall {
  readonly line: number;
  readonly callback: string;
  readonly before?: number;
  readonly after?: number;
}

/** A disagreement of a machine with a line. */
export type Disagreement = Pick<TraceRefusal, 'machine' | 'what' | 'expected' | 'found'>;

const NAMES: Record<Role, string> = {
  lifecycle: 'lifecycle of event',
  driver: 'driver of event',
  count: 'count of event',
  hart: 'hart',
  slots: 'slots of hart',
  reservation: 'reservation',
  activeEvents: 'active events',
  group: 'group of leader',
};

/** The name of a machine in a report; `index` is the id of an event or the number of a hart. */
export const machineName = (role: Role, index?: number): string =>
  index === undefined ? NAMES[role] : `${NAMES[role]} ${index}`;

/** The callbacks before a refused one, in a sentence; undefined where none is known. */
export const previousText = ({ previous = [] }: Pick<TraceRefusal, 'previous'>): string | undefined =>
  previous.length === 0
    ? undefined
    : `Before it: ${previous.map(({ line, callback }) => `line ${line}, ${callback}`).join('; ')}.`;

/** A disagreement with the place where it shows. */
export const refusal = (line: TraceLine, disagreement: Disagreement): TraceRefusal => ({
  line: line.line,
  scn: line.scn,
  callback: lineText(line),
  ...disagreement,
});

/** What a line is: `add of event 12`. */
export const lineText = (line: TraceLine): string => (line.cb === 'mark' ? 'mark' : `${line.cb} of event ${line.id}`);

/** A trace is refused. */
export class Refused extends Error {
  constructor(readonly refusal: TraceRefusal) {
    super(`line ${refusal.line}: ${disagreementText(refusal)}`);
  }
}

/** The search for an order gave up: whether there is one is not known. */
export class GaveUp extends Refused {}

/** There is an order, and facts were told that are not of it. */
export class TooEarly extends GaveUp {}
