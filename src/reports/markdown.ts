import { byCause, type Finding } from '../findings/finding.ts';
import type { Report, Table } from '../findings/report.ts';
import { ascii, escapeMarkdown } from '../outside/escape.ts';
import { VERSION } from '../version.ts';
import { causeText, simplest } from './mail/cause.ts';
import { WIDTH } from './mail/schedule.ts';
import { notesOf } from './notes.ts';
import { wrap } from './wrap.ts';

/**
 * A report as a mail to a kernel list that answers no patch: plain text in 7 bits and 72 columns (commands excepted) that is
 * Markdown too. One section a cause, as in the answer to a patch. What only a caller without a contract can do is named at the end.
 *
 * @public
 */
export function toMarkdown(report: Report): string {
  const { summary, reservations, notes, legend, findings, closing, tables } = report;
  const title = `Hartproof: ${escapeMarkdown(report.title)}`;
  const groups = byCause(findings);
  const reachable = groups.filter((group) => group.some((finding) => finding.reachable));
  const guards = groups.filter((group) => !group.some((finding) => finding.reachable));
  const parts = [
    `${title}\n${'='.repeat(title.length)}`,
    wrap([...summary, ...reservations].map(escapeMarkdown).join(' '), WIDTH),
    ...(legend.length === 0 ? [] : [wrap(legend.map(escapeMarkdown).join(' '), WIDTH)]),
    ...(notes.length === 0 ? [] : [wrap(notes.map(escapeMarkdown).join(' '), WIDTH)]),
    ...reachable.map((group, number) => section(group, `${number + 1}. `, report)),
    ...(guards.length === 0 ? [] : [guardsText(guards)]),
    ...closing.map((text) => wrap(escapeMarkdown(text), WIDTH)),
    ...(closing.length > 0 ? [] : tables.map(listOf)),
  ];
  return `${ascii(parts.join('\n\n'))}\n`;
}

function section(group: readonly Finding[], lead: string, report: Report): string {
  const text = causeText(group, report, { lead, escape: escapeMarkdown });
  const again = report.again?.(simplest(group));
  if (again === undefined) return text;
  const margin = ' '.repeat(lead.length);
  return `${text}\n\n${margin}To see it:\n\n${margin}    npx hartproof@${VERSION} ${again}`;
}

function guardsText(groups: readonly (readonly Finding[])[]): string {
  const causes = groups.map((group) =>
    wrap(`- ${escapeMarkdown(group[0]!.cause)}: ${group.map(({ rule }) => rule.id).join(', ')}`, WIDTH, 2),
  );
  return ['Missing guards; no perf core makes these calls:', '', ...causes].join('\n');
}

/** A table as a list: a mail has no room for its columns. */
function listOf(table: Table): string {
  const { lead, rows } = table;
  const notes = notesOf(table);
  const items = rows.map(([first, ...others]) =>
    wrap(`- ${escapeMarkdown(first!.text)}: ${others.map(({ text }) => escapeMarkdown(text)).join(', ')}`, WIDTH, 2),
  );
  return [
    ...(lead === undefined ? [] : [wrap(escapeMarkdown(lead), WIDTH), '']),
    ...items,
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => wrap(escapeMarkdown(note), WIDTH))]),
  ].join('\n');
}
