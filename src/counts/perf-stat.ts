import { readCount, SEPARATORS } from './number.ts';

/** A count as `perf stat` printed it. */
export interface StatCount {
  /** The event by its name; with its CPU or core, where there is one for each. */
  readonly event: string;
  /** The count; undefined where none was printed. */
  readonly value?: bigint;
  readonly slack: bigint;
  /** What stood in place of a count. */
  readonly instead?: 'not counted' | 'not supported';
  /** The share of the time in which it was on a counter, in percent, where that is printed: below 100 the count is scaled up. */
  readonly share?: number;
  /** For how many seconds it was counted, where that is printed. */
  readonly seconds?: number;
}

/** What `perf stat` printed. */
export interface StatOutput {
  readonly counts: readonly StatCount[];
  /** The seconds of the wall clock, where they are printed. */
  readonly elapsed?: number;
  /** Whether CPUs were counted, and no task. */
  readonly cpuWide: boolean;
}

/** Reads what `perf stat` printed: for people in any locale, with `-x`, or with `-j`; also with `-I`, `-A`, `--per-core`. */
export function readPerfStat(text: string): StatOutput {
  const lines = text.split(/\r?\n/);
  const counts = lines.flatMap((line) => ofJson(line) ?? ofSeparated(line) ?? ofPeople(line) ?? []);
  const elapsed = /([\d.,]+)\s+seconds time elapsed/.exec(text)?.[1];
  return {
    counts,
    ...(elapsed !== undefined && { elapsed: decimal(elapsed) }),
    cpuWide: /stats for '(?:system wide|CPU\(s\))/.test(text) || counts.some(({ event }) => /@/.test(event)),
  };
}

const decimal = (text: string): number => Number(text.replace(',', '.'));

/** Software events of which perf prints a time. */
const TIMES = /^(?:task-clock|cpu-clock|duration_time|user_time|system_time)\b/;

/** The name of an event, as perf spells it. */
const NAME = /^[A-Za-z_][\w./:=@+-]*$/;

function countOf(event: string, printed: string, more: Omit<StatCount, 'event' | 'slack'> = {}): StatCount[] {
  if (TIMES.test(event)) return [];
  if (printed.startsWith('<not')) {
    const instead = printed.includes('counted') ? 'not counted' : 'not supported';
    return [{ event, slack: 0n, instead, ...more }];
  }
  const read = readCount(printed);
  return read === undefined ? [] : [{ event, value: read.value, slack: read.slack, ...more }];
}

function ofJson(line: string): StatCount[] | undefined {
  if (!/^\s*\{.*"counter-value"/.test(line)) return undefined;
  try {
    const said = JSON.parse(line.replace(/,\s*$/, '')) as Record<string, unknown>;
    const share = said['pcnt-running'];
    const time = said['event-runtime'];
    const where = said.cpu ?? said.core ?? said.socket;
    return countOf(`${said.event}${where === undefined ? '' : ` @${where}`}`, `${said['counter-value']}`, {
      ...(typeof share === 'number' && { share }),
      ...(typeof time === 'number' && { seconds: time / 1e9 }),
    });
  } catch {
    return undefined;
  }
}

/** A line of `-x`: the value, its unit, the event, how long it ran, its share; before them what `-I` and `-A` print. */
function ofSeparated(line: string): StatCount[] | undefined {
  for (const separator of [',', ';', '\t', '|', '#']) {
    const fields = line.split(separator).map((field) => field.trim());
    const at = fields.findIndex(
      (field, index) =>
        /^(?:-?\d+(?:\.\d+)?|<not (?:counted|supported)>)$/.test(field) &&
        !/^\d/.test(fields[index + 1] ?? '0') &&
        NAME.test(fields[index + 2] ?? ''),
    );
    if (at < 0 || fields.length < at + 4) continue;
    const [value, , event] = fields.slice(at) as [string, string, string];
    const after = fields.slice(at + 3).filter((field) => !field.endsWith('%'));
    const [time = '', share = ''] = after;
    const where = fields.slice(0, at).find((field) => /^(?:CPU|S\d|N\d)/.test(field));
    return countOf(where === undefined ? event : `${event} @${where}`, value, {
      ...(/^\d+$/.test(time) && { seconds: Number(time) / 1e9 }),
      ...(/^\d+\.\d+$/.test(share) && { share: Number(share) }),
    });
  }
  return undefined;
}

const VALUE = `<not counted>|<not supported>|-?\\d+(?:[${SEPARATORS}]\\d{2,3})*(?:[.,]\\d+)?`;

const PEOPLE = new RegExp(
  `^\\s*(?:\\d+[.,]\\d{9}\\s+)?(?:(CPU\\d+|[SN]\\d\\S*)\\s+(?:\\d+\\s+)?)?(${VALUE})\\s+(?:(?:msec|ns|Joules|MiB|GiB|Bytes)\\s+)?([A-Za-z_][\\w./:=,@+-]*)(?=\\s|$)(.*)$`,
);

function ofPeople(line: string): StatCount[] | undefined {
  const found = PEOPLE.exec(line);
  if (found === null) return undefined;
  const [, where, value, event, rest] = found as unknown as [string, string | undefined, string, string, string];
  if (event === 'seconds' || /^\s+(?:seconds|msec)\b/.test(` ${event}`)) return undefined;
  const share = /\(\s*([\d.,]+)\s?%\s?\)\s*$/.exec(rest)?.[1];
  return countOf(where === undefined ? event : `${event} @${where}`, value, {
    ...(share !== undefined && { share: decimal(share) }),
  });
}
