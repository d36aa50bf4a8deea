import { stripVTControlCharacters } from 'node:util';

/** A row without what a terminal, a log of the console or bpftrace's JSON puts around it. */
export interface Plain {
  readonly text: string;
  /** Whether it came through the kernel's log, where anything else may stand between. */
  readonly console?: true;
  /** Events that JSON says were lost. */
  readonly lost?: number;
}

/** `<4>`, then what syslog or journald, then what the kernel writes before a message. */
const LEVEL = /^<\d{1,3}>/;
const SYSLOG = /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})?|\d{4}-\d\d-\d\dT\S{1,40}) \S{1,255} kernel: ?/;
const PRINTK =
  /^\[(?: {0,12}\d{1,12}\.\d{6}|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})\](?:\[ {0,8}[TC]\d{1,10}\])? /;

/** Takes off the line feed, colours, and the beginning of a line of the kernel's log; reads a line of bpftrace's JSON. */
export function plain(row: string): Plain {
  let end = row.length;
  while (end > 0 && (row[end - 1] === '\n' || row[end - 1] === '\r')) end--;
  let text = row.slice(0, end);
  if (text.includes('\u001b[')) text = stripVTControlCharacters(text);
  if (text.startsWith('{')) return ofJson(text);
  const first = text.charCodeAt(0);
  // '<', '[', a digit or a capital.
  if (first !== 60 && first !== 91 && !(first >= 48 && first < 58) && !(first >= 65 && first < 91)) return { text };
  const bare = text.replace(LEVEL, '').replace(SYSLOG, '').replace(PRINTK, '');
  return bare.length === text.length ? { text } : { text: bare, console: true };
}

/** A line of `bpftrace -f json`; one that is none stays as it is. */
function ofJson(text: string): Plain {
  let said: { type?: unknown; data?: unknown; count?: unknown };
  try {
    said = JSON.parse(text);
  } catch {
    return { text };
  }
  const { type, data, count } = said;
  if (type === 'printf' && typeof data === 'string') return { text: data.replace(/\n$/, '') };
  if (type !== 'lost_events') return { text };
  const lost = Number((data as { events?: unknown } | undefined)?.events ?? count);
  return { text: '', lost: Number.isSafeInteger(lost) && lost >= 0 ? lost : 0 };
}
