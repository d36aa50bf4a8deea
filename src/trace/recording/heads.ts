/** What stands in a line before the event: who, where and when. */
export interface Head {
  readonly task: number;
  readonly cpu: number;
  /** Nanoseconds of the recorder's clock. */
  readonly time: bigint;
  /** The same as it is told: seconds with a fraction, or whole nanoseconds. */
  readonly stamp: string;
}

/** A line of an event, ours or another's; the name is empty where the line has none, as those of a function tracer. */
export interface EventLine extends Head {
  readonly group?: string;
  readonly name: string;
  /** What follows the name. */
  readonly rest: string;
}

/** No head is longer: what follows cannot slow down the search for it. */
const LONGEST_HEAD = 400;

const EVENT_NAME =
  /^\s{0,80}(?:\(\+?-?\d{1,20}\)\s{1,40})?(?:(?:\d{1,20}\s{1,40})?([\w.-]{1,80}):(?=\S))?([^\s:]{1,200}):(?:\s|$)/;

/** A head that a pattern finds (`task`, `cpu`, `time`, and `unit` where it says), and the event after it. */
export function eventAfter(head: RegExp, row: string): EventLine | undefined {
  const found = head.exec(row.length > LONGEST_HEAD ? row.slice(0, LONGEST_HEAD) : row);
  return found === null ? undefined : eventOf(found.groups!, row.slice(found[0].length));
}

/** The event of a line whose head has been found. */
export function eventOf(groups: { readonly [name: string]: string | undefined }, text: string): EventLine {
  const { task, cpu, time, unit } = groups;
  const named = EVENT_NAME.exec(text.length > LONGEST_HEAD ? text.slice(0, LONGEST_HEAD) : text);
  return {
    task: Number(task),
    cpu: Number(cpu),
    ...moment(time!, unit),
    ...(named?.[1] !== undefined && { group: named[1] }),
    name: named?.[2] ?? '',
    rest: named === null ? text : text.slice(named[0].length),
  };
}

const DIGITS = { us: 6, ms: 3 } as const;

/** A time is in seconds if it has a fraction, else in nanoseconds, unless its unit says otherwise. */
function moment(time: string, unit?: string): Pick<Head, 'time' | 'stamp'> {
  const [whole = '0', fraction] = time.split('.');
  if (unit === 'us' || unit === 'ms') {
    const digits = DIGITS[unit];
    const padded = whole.padStart(digits + 1, '0');
    return moment(`${padded.slice(0, -digits)}.${padded.slice(-digits)}${fraction ?? ''}`);
  }
  const nanoseconds = fraction === undefined ? BigInt(whole) : BigInt(whole + fraction.padEnd(9, '0').slice(0, 9));
  return { time: nanoseconds, stamp: time };
}
