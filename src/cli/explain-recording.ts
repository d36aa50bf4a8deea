import { callbackText, placeText, ticksText } from '../audit/trace/texts.ts';
import { digitsOf, readCount } from '../counts/number.ts';
import { powersOf } from '../counts/powers.ts';
import { CountLedger, type EventCounts, type Update } from '../counts/recorded.ts';
import { counted } from '../findings/counted.ts';
import type { TraceOptions } from '../trace/check.ts';
import type { BrokenProperty } from '../trace/properties.ts';
import type { Place } from '../trace/recording/import.ts';
import { lineText } from '../trace/refusal.ts';
import { driverAsked } from './driver-asked.ts';
import { EXIT, oneOf, orUsage, UsageError } from './exit.ts';
import type { CountOptions } from './explain-count.ts';
import { json } from './formats.ts';
import { write } from './output.ts';
import { openTrace, orTraceError, watched } from './trace-file.ts';

/** What a recording came to: the counts of its events, and the callbacks after which one was wrong. */
interface Walked {
  readonly events: readonly EventCounts[];
  readonly broken: readonly (BrokenProperty & { readonly place?: Place })[];
  /** Why some callbacks are not judged. */
  readonly open: readonly string[];
}

/**
 * Says at which callbacks of a recording a count went wrong: one that some event came to, or all of an event that is named by its
 * number or address; without either, of every event. Returns the exit status. Throws a UsageError if there is no such count.
 */
export async function explainIn(what: string | undefined, file: string, options: CountOptions): Promise<number> {
  const { events, broken, open } = await walk(file, options);
  const asked = eventsNamed(what, events, file);
  const found = asked.map(({ event, until }) => ({
    event,
    until,
    wrong: event.updates.flatMap((update) => {
      const one = broken.find(({ line, place }) => (place?.line ?? line) === update.line);
      return one !== undefined && (until === undefined || update.line <= until.line) ? [{ update, one }] : [];
    }),
  }));
  if (options.json)
    await write(undefined, json({ schema: 'hartproof.count-in/1', file, open, events: found.map(toJson) }));
  else {
    const { columns } = await import('../reports/terminal/table.ts');
    const { wrap } = await import('../reports/wrap.ts');
    const width = Math.min(columns(), 100);
    const texts = found.map(({ event, until, wrong }) => eventText(event, until, wrong));
    const lines = [...texts.flat(), ...open].map((text) => wrap(text, width, /^ */.exec(text)![0].length + 2));
    await write(undefined, `${lines.join('\n')}\n`);
  }
  return found.some(({ wrong }) => wrong.length > 0) || open.length > 0 ? EXIT.findings : EXIT.clean;
}

/** The events that a person means, and the update after which the count was that. */
function eventsNamed(
  what: string | undefined,
  events: readonly EventCounts[],
  file: string,
): { event: EventCounts; until: Update | undefined }[] {
  const counting = events.filter(({ updates }) => updates.length > 0);
  if (counting.length === 0) throw new UsageError(`no count is updated in ${file}`);
  if (what === undefined) return counting.map((event) => ({ event, until: undefined }));
  const named = counting.filter(({ id, name }) => what === name || what === `event ${id}`);
  if (named.length > 0) return named.map((event) => ({ event, until: undefined }));
  const read = orUsage(() => readCount(what));
  const count = read && BigInt.asUintN(64, read.value);
  const found = counting.flatMap((event) => {
    const until = event.updates.findLast((update) => update.count === count);
    return until === undefined ? [] : [{ event, until }];
  });
  if (found.length > 0) return found;
  const byNumber = counting.filter(({ id }) => what === `${id}`);
  if (byNumber.length > 0) return byNumber.map((event) => ({ event, until: undefined }));
  const ends = counting.slice(0, 8).map(({ name, updates }) => `${digitsOf(updates.at(-1)!.count)} (${name})`);
  throw new UsageError(
    `no event in ${file} comes to ${what}; the last counts are ${ends.join(', ')}${counting.length > 8 ? `, and ${counting.length - 8} more` : ''}`,
  );
}

/** So many updates are told. */
const MOST = 8;

interface Wrong {
  readonly update: Update;
  readonly one: BrokenProperty & { readonly place?: Place };
}

function eventText({ name, updates }: EventCounts, until: Update | undefined, wrong: readonly Wrong[]): string[] {
  const last = until ?? updates.at(-1)!;
  const head = `${name} comes to ${digitsOf(last.count)} at ${last.at}`;
  if (wrong.length === 0) return [`${head}: every update of it that is judged is exact.`];
  // What was wrong before stays in the count: only what changes by how much is another mistake.
  const fresh = wrong.filter(({ one }, index) => index === 0 || one.ticks !== wrong[index - 1]!.one.ticks);
  const [first] = fresh as [Wrong, ...Wrong[]];
  const again = fresh.length === 1 ? '' : `, and anew ${counted(fresh.length - 1, 'time')}`;
  return [
    `${head}. It went wrong at ${first.update.at}, in ${first.update.callback}${again}:`,
    ...fresh.slice(0, MOST).map((one) => `  ${updateText(one)}`),
    ...(fresh.length > MOST ? [`  and ${fresh.length - MOST} more`] : []),
    'It is count-exact that is violated (hartproof explain count-exact).',
  ];
}

/** The arithmetic of one update. */
function updateText({ update, one }: Wrong): string {
  const { previous, now, delta, count, at, callback, hart, takenOn } = update;
  const difference = BigInt(now) - BigInt(previous);
  const made = BigInt(delta) - difference;
  const from = takenOn === undefined || takenOn === hart ? '' : ` (taken on cpu ${takenOn})`;
  const masked =
    made === 0n ? '' : `, which the mask makes ${digitsOf(BigInt(delta))} (${powersOf(made) ?? digitsOf(made)} more)`;
  const ticks = one.ticks === undefined ? '' : `; ${ticksText(BigInt(one.ticks))}`;
  return `${at}: ${callback} on cpu ${hart}: counter ${digitsOf(BigInt(now))} - prev_count ${digitsOf(BigInt(previous))}${from} = ${digitsOf(difference)}${masked}; the count becomes ${digitsOf(count)}${ticks}`;
}

const toJson = ({
  event,
  until,
  wrong,
}: {
  event: EventCounts;
  until: Update | undefined;
  wrong: readonly Wrong[];
}) => ({
  event: event.name,
  count: (until ?? event.updates.at(-1)!).count.toString(),
  updates: event.updates.length,
  wrong: wrong.map(({ update: { count, ...update }, one }) => ({
    ...update,
    count: count.toString(),
    ...(one.ticks !== undefined && { ticks: one.ticks }),
  })),
});

/** Folds a log of callbacks, or a recording, and keeps what each update did. Throws a UsageError if it cannot be read. */
async function walk(file: string, options: CountOptions): Promise<Walked> {
  const { foldTrace, parseTrace } = await import('../trace/index.ts');
  const { foldRecording, readRecording } = await import('../trace/recording/index.ts');
  const { TRACED } = await import('../trace/check.ts');
  const driver = await driverAsked({ ...options, driver: options.driver ?? 'as-posted' });
  const environment = oneOf('perf core', options.environment?.[0] ?? '4.16', TRACED);
  const ledger = new CountLedger();
  return await orTraceError(file, async () => {
    const { rows, isOfCallbacks } = await openTrace(file);
    if (isOfCallbacks) {
      const { lines } = parseTrace(rows);
      const keep: NonNullable<TraceOptions['keep']> = (inferred) =>
        ledger.see(
          inferred,
          `event ${inferred.line.id}`,
          `line ${inferred.line.line} (${inferred.line.scn})`,
          lineText(inferred.line),
        );
      const report = await watched(foldTrace(lines, { driver, environment, keep }), doneText);
      return { events: ledger.events, broken: report.broken.filter(isCount), open: openTexts([report]) };
    }
    const { report } = await watched(
      foldRecording(readRecording(rows), {
        driver,
        environment,
        logged: false,
        see: (inferred, place) => {
          const { line, ...rest } = inferred;
          const found = { line: place.line, scn: '', callback: lineText(line), place };
          ledger.see(
            { ...rest, line: { ...line, line: place.line } },
            `event ${place.address}`,
            placeText(place),
            callbackText(found),
          );
        },
      }),
      doneText,
    );
    return {
      events: ledger.events,
      broken: report.segments.flatMap(({ broken }) => broken.filter(isCount)),
      open: [
        ...openTexts(report.segments),
        ...report.unjudged.map(({ callbacks, why }) => `Not judged: ${callbacks} callbacks (${why}).`),
      ],
    };
  });
}

const isCount = ({ property }: BrokenProperty): boolean => property === 'count-exact';

/** What of a count is not known, and where judging ended. */
const openTexts = (
  reports: readonly {
    readonly refused?: { readonly line: number; readonly what: string };
    readonly bounded?: { readonly line: number };
    readonly undecided: readonly { readonly property: string; readonly line: number }[];
  }[],
): string[] =>
  reports.flatMap(({ refused, bounded, undecided }) => {
    const counts = undecided.filter(({ property }) => property === 'count-exact');
    return [
      ...(refused === undefined
        ? []
        : [
            `Nothing after line ${refused.line} is judged: there the model does not agree (${refused.what}); hartproof trace tells more.`,
          ]),
      ...(bounded === undefined
        ? []
        : [`Nothing after line ${bounded.line} is judged: no order of the calls was found.`]),
      ...(counts.length === 0
        ? []
        : [
            `Of ${counts.length} updates (the first at line ${counts[0]!.line}) the recording does not show enough to judge the count.`,
          ]),
    ];
  });

const doneText = (done: number): string => `callback ${done.toLocaleString('en')}`;
