/** One way to break a driver's text. */
interface Operator {
  readonly does: string;
  readonly pattern: RegExp;
  readonly instead: string;
}

/** A copy of a driver's text that is broken in one place. */
export interface Mutant {
  /** What was done to it, and on which line. */
  readonly does: string;
  readonly line: number;
  readonly text: string;
}

/** What a driver of this family can get wrong; each is tried where its pattern first matches. */
const OPERATORS: readonly Operator[] = [
  { does: 'drops the decrement of the reference count', pattern: /\batomic_dec\(&\w+\);/, instead: ';' },
  { does: 'drops the decrement of n_events', pattern: /\w+->n_events--;/, instead: ';' },
  { does: 'drops the increment of n_events', pattern: /\w+->n_events\+\+;/, instead: ';' },
  {
    does: 'swaps taking the PMC and looking who held it',
    pattern: /(\w+ = perf_irq;)\s*(perf_irq = [^;]+;)/,
    instead: '$2 $1',
  },
  {
    does: 'swaps the last two statements of del',
    pattern: /(\w+_stop\(event, PERF_EF_UPDATE\);)\s*(perf_event_update_userpage\(event\);)/,
    instead: '$2 $1',
  },
  { does: 'releases the PMC one close too late', pattern: /(atomic_dec_return\([^)]*\)) == 0/, instead: '$1 == 1' },
  { does: 'reserves the PMC at the second open', pattern: /(atomic_inc_return\([^)]*\)) == 1/, instead: '$1 == 2' },
  { does: 'lets in one event more than there are counters', pattern: /(->n_events) == /, instead: '$1 > ' },
  { does: 'takes counter 0 for an error', pattern: /\bcode < 0\b/, instead: 'code <= 0' },
  { does: 'reads one past the end of the map', pattern: /\bconfig >= /, instead: 'config > ' },
  { does: 'answers EINVAL for EBUSY', pattern: /-EBUSY\b/, instead: '-EINVAL' },
  { does: 'answers EINVAL to what is not for it', pattern: /(default:\s*return )-ENOENT/, instead: '$1-EINVAL' },
  { does: 'drops an unlock', pattern: /\bmutex_unlock\([^)]*\);/, instead: ';' },
  { does: 'forgets to mark the event running', pattern: /\w+->state = 0;/, instead: ';' },
  { does: 'forgets to mark the event stopped', pattern: /\w+->state \|= PERF_HES_STOPPED;/, instead: ';' },
  { does: 'forgets that the event has no counter yet', pattern: /\w+->idx = -1;/, instead: ';' },
  { does: 'forgets to set destroy', pattern: /event->destroy = \w+;/, instead: ';' },
  { does: 'leaves the event in its slot', pattern: /(\w+->events\[[^\]]*\] = )NULL;/, instead: '$1event;' },
  { does: 'reads the other counter', pattern: /csr_read\(instret\)/, instead: 'csr_read(cycle)' },
  { does: 'keeps one bit less of a delta', pattern: /->counter_width\) - 1/, instead: '->counter_width - 1) - 1' },
  {
    does: 'does not publish the user page at the start',
    pattern: /perf_event_update_userpage\(event\);/,
    instead: ';',
  },
];

/** The mutants of a driver's text: those whose pattern it has, outside comments. */
export function mutantsOf(text: string): Mutant[] {
  const code = blankComments(text);
  return OPERATORS.flatMap(({ does, pattern, instead }) => {
    const match = pattern.exec(code);
    if (match === null) return [];
    const end = match.index + match[0].length;
    const mutated = text.slice(0, match.index) + match[0].replace(pattern, instead) + text.slice(end);
    return [{ does, line: text.slice(0, match.index).split('\n').length, text: mutated }];
  });
}

/** The text with its comments as blanks: every other character keeps its place. */
function blankComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, (comment) => comment.replace(/[^\n]/g, ' '));
}
