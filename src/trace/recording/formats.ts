/** How a tool prints what it recorded. */
export interface Format {
  /** The tool, as a person would say it. */
  readonly tool: string;
  /**
   * A line of an event: `task`, `cpu`, `time`, `name` and `rest`, and in some formats `group`.
   * A time is in seconds if it has a fraction, else in nanoseconds.
   */
  readonly event: RegExp;
  /** A mark that events were lost: `cpu` and `events` where it says. */
  readonly lost: RegExp;
  /** What else it prints, which says nothing of an event. */
  readonly noise: RegExp;
  /** A line that only this tool prints. */
  readonly header: RegExp;
}

const FTRACE_EVENT =
  /^\s*.*-(?<task>\d+)\s+(?:\(\s*[\d-]+\)\s+)?\[(?<cpu>\d+)\]\s+(?:[^\s\d:]\S*\s+)?(?<time>\d+(?:\.\d+)?):\s+(?<name>\w+):\s*(?<rest>.*)$/;

/** The tools whose text can be read, by the name of their format. */
export const FORMATS = {
  ftrace: {
    tool: '/sys/kernel/tracing/trace',
    event: FTRACE_EVENT,
    lost: /^CPU:\s*(?<cpu>\d+) \[LOST (?<events>\d+) EVENTS\]$/,
    noise: /^#|^\s*=> |<stack trace>/,
    header: /^# tracer: /,
  },
  'trace-cmd': {
    tool: 'trace-cmd report',
    event: FTRACE_EVENT,
    lost: /^CPU:\s*(?<cpu>\d+) \[(?:(?<events>\d+) )?EVENTS DROPPED\]$/,
    noise: /^(?:version = |cpus=|CPU \d+ is empty|trace\.dat|#)|^\s*=> |<stack trace>/,
    header: /^(?:cpus=\d+|version = \d+)$/,
  },
  perf: {
    tool: 'perf script',
    event:
      /^\s*.*?\s(?:\d+\/)?(?<task>\d+)\s+\[(?<cpu>\d+)\]\s+(?<time>\d+\.\d+):\s+(?:\d+\s+)?(?<group>[\w-]+):(?<name>\w+):\s*(?<rest>.*)$/,
    lost: /^\s*(?:.*\[(?<cpu>\d+)\].*:\s+)?PERF_RECORD_LOST(?:_SAMPLES)? lost (?<events>\d+)$/,
    noise: /^#|\sPERF_RECORD_\w+|^\s+[0-9a-f]+ .*\(.*\)$/,
    header: /^# (?:captured on|cmdline) *:/,
  },
  bpftrace: {
    tool: 'the bpftrace script',
    event: /^hartproof: (?<name>\w+) nsecs=(?<time>\d+) cpu=(?<cpu>\d+) task=(?<task>\d+) ?(?<rest>.*)$/,
    lost: /^Lost (?<events>\d+) events$/,
    // It warns of a script in many ways, and shows the script.
    noise: /^(?!hartproof: )/,
    header: /^Attach(?:ing|ed) (?:to )?\d+ probes?/,
  },
} as const satisfies Record<string, Format>;

export type FormatName = keyof typeof FORMATS;
