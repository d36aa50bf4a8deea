import { type EventLine, eventAfter, eventOf } from './heads.ts';

/** How a tool prints what it recorded. */
export interface Format {
  /** The tool, as a person would say it. */
  readonly tool: string;
  /** The event of a line. */
  readonly event: (row: string) => EventLine | undefined;
  /** A mark that events were lost: `cpu` and `events` where it says. Where it says `total`, they were lost anywhere. */
  readonly lost: RegExp;
  /** What else it prints, which says nothing of an event. */
  readonly noise: RegExp;
  /** A line that only this tool prints. */
  readonly header: RegExp;
  /** What to do about a line of ours that cannot be read. */
  readonly advice: string;
}

/** `comm-pid (tgid) [cpu] flags seconds: `, of `trace`, `trace_pipe` and `trace-cmd report`. */
const PLAIN =
  /^.{0,300}?-(?<task>\d{1,10}) {1,40}(?:\( {0,20}[\d-]{1,10}\) {1,40})?\[(?<cpu>\d{1,10})\]\s{1,40}(?:[^\s\d:]\S{0,11}\s{1,40})?(?<time>\d{1,20}(?:\.\d{1,9})?):\s/;

/** `comm-pid cpu+flags 12us+: ` of the latency format; `trace-cmd report -l` has seconds in it. */
const LATENCY =
  /^.{0,300}?-(?<task>\d{1,10}) {1,40}(?<cpu>\d{1,10})[^\s\d]\S{0,11}\s{1,40}(?<time>\d{1,20}(?:\.\d{1,9})?)(?<unit>us)?[ !+#*@$]{0,2}:\s/;

/** The latency format with options/verbose: `comm pid cpu flags preempt index [time] 1.000ms (+0.100ms): `. */
const VERBOSE =
  /^.{0,300}? (?<task>\d{1,10}) {1,40}(?<cpu>\d{1,10}) \d{1,4} [0-9a-f]{8} [0-9a-f]{8,16} \[[0-9a-f]{1,16}\] (?<time>\d{1,16}\.\d{3})(?<unit>ms) \(\+\d{1,16}\.\d{3}ms\):\s/;

/** `seconds | cpu) comm-pid | flags | ` of the function graph tracer, before the comment that an event is. */
const GRAPH =
  /^\s{0,40}(?<time>\d{1,16}\.\d{1,9}) \|\s{1,40}(?:\d\S{0,20} us \|\s{1,40})?(?<cpu>\d{1,10})\)\s.{0,40}?-(?<task>\d{1,10})\s{1,40}\|/;

const PERF =
  /^(?:.{0,120}?\s)??(?:\d{1,10}\/)?(?<task>\d{1,10})\s{1,40}\[(?<cpu>\d{1,10})\]\s{1,40}(?:[A-Za-z.#-][\w.#-]{0,11}\s{1,40})?(?<time>\d{1,12}\.\d{1,9}):\s/;

const BPFTRACE =
  /^hartproof: (?<name>\w{1,40}) nsecs=(?<time>\d{1,20}) cpu=(?<cpu>\d{1,10}) task=(?<task>\d{1,10})(?: |$)/;

/** An event stands in the graph as a comment. */
function inGraph(row: string): EventLine | undefined {
  const comment = row.indexOf('/* ');
  const head = GRAPH.exec(row.slice(0, comment < 0 ? 200 : Math.min(comment, 200)));
  if (head === null) return undefined;
  return eventOf(head.groups!, comment < 0 ? '' : row.slice(comment + 3).replace(/ \*\/$/, ''));
}

const ofFtrace = (row: string): EventLine | undefined =>
  eventAfter(PLAIN, row) ?? eventAfter(LATENCY, row) ?? inGraph(row) ?? eventAfter(VERBOSE, row);

function ofBpftrace(row: string): EventLine | undefined {
  const found = BPFTRACE.exec(row.slice(0, 200));
  return found === null
    ? undefined
    : { ...eventOf(found.groups!, ''), name: found.groups!.name!, rest: row.slice(found[0].length) };
}

/** Where a part of the graph's head is missing, the option that prints it. */
const GRAPH_OPTIONS = 'of the function graph, set options/funcgraph-abstime, funcgraph-cpu and funcgraph-proc';

/** The tools whose text can be read, by the name of their format. */
export const FORMATS = {
  ftrace: {
    tool: '/sys/kernel/tracing/trace',
    event: ofFtrace,
    lost: /^CPU:\s{0,8}(?<cpu>\d{1,10}) \[LOST (?:(?<events>\d{1,20}) )?EVENTS\]$|^\*\* (?<dropped>\d{1,20}) printk messages dropped/,
    noise:
      /^#|^\s*=> |<stack trace>|^\s*\d{1,10}\)|^\s*(?:\d+\.\d+ )?\| |^\s*-{5,}$|^Dumping ftrace buffer:|^\(ftrace buffer empty\)/,
    header: /^# (?:tracer|latency): |^Dumping ftrace buffer:/,
    advice: `each line needs its task, CPU and time (options/context-info; ${GRAPH_OPTIONS})`,
  },
  'trace-cmd': {
    tool: 'trace-cmd report',
    event: ofFtrace,
    lost: /^CPU:\s{0,8}(?<cpu>\d{1,10}) \[(?:(?<events>\d{1,20}) )?EVENTS DROPPED\]$/,
    noise:
      /^(?:version = |cpus=|CPU \d+ is empty|trace\.dat|WARNING: Record on cpu \d+ went backwards: |#)|^\s*=> |<stack trace>|^\s+\S+\.dat:\s*$|^\s*$/,
    header: /^(?:cpus=\d+|version = \d+)$/,
    advice: 'print it with: trace-cmd report -t',
  },
  perf: {
    tool: 'perf script',
    event: (row) => eventAfter(PERF, row),
    lost: /^(?:.{0,200}\[(?<cpu>\d{1,10})\].{0,80}:\s{1,40})?PERF_RECORD_LOST(?:_SAMPLES)? lost (?<events>\d{1,20})|^(?:Processed \d+ (?:events|samples) and lost) (?<total>\d{1,20})/,
    noise: /^#|\sPERF_RECORD_\w+|^\s|^\[ perf |^(?:Warning|WARNING|Check IO)\b/,
    header: /^# (?:captured on|cmdline) {0,20}:/,
    advice: 'print it with: perf script --ns --show-lost-events -F comm,tid,cpu,time,event,trace',
  },
  bpftrace: {
    tool: 'the bpftrace script',
    event: ofBpftrace,
    lost: /^(?:WARNING: )?(?:Lost|Skipped) (?<events>\d{1,20}) events?$|^(?:WARNING: )?Total lost event count: (?<total>\d{1,20})$/i,
    // It warns of a script in many ways, and shows the script.
    noise: /^(?!hartproof: )/,
    header: /^Attach(?:ing|ed) (?:to )?\d+ probes?|^\{"type": ?"attached_probes"/,
    advice: 'give the lines that begin with "hartproof: " whole',
  },
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof FORMATS;
