/** What a log of facts, a report or a finding begins with. */
const OURS = /^\{\s*"(?:schema|type|facts|findings)"/;
/** What a line of `bpftrace -f json` begins with: no fact has such a type. */
const BPFTRACE = /^\{\s*"type":\s*"(?:attached_probes|printf|lost_events|time|map|value|hist|stats)"/;

/**
 * Whether the text of a file is a kernel's trace, and no log of facts: callbacks, one JSON object a line, or what a recorder printed,
 * which nobody calls `.jsonl`.
 */
export function isTrace(text: string, name: string): boolean {
  const start = text.slice(0, 4096).trimStart();
  if (start.startsWith('{')) return BPFTRACE.test(start) || !OURS.test(start);
  return start !== '' && !start.startsWith('[') && !name.endsWith('.jsonl');
}

/** Whether the text of a kernel's trace is a log of callbacks, one JSON object a line; else it is what a recorder printed. */
export const isCallbacks = (text: string): boolean => /^\s*\{(?!\s*"type")/.test(text);
