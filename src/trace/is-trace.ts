/**
 * Whether the text of a file is a kernel's trace, and no log of facts: callbacks, one JSON object a line, or what a recorder printed,
 * which nobody calls `.jsonl`.
 */
export function isTrace(text: string, name: string): boolean {
  const start = text.slice(0, 4096).trimStart();
  if (start.startsWith('{')) return !/^\{\s*"(schema|type|facts|findings)"/.test(start);
  return start !== '' && !start.startsWith('[') && !name.endsWith('.jsonl');
}
