import type { Cell, Table } from '../../findings/report.ts';
import { notesOf } from '../notes.ts';
import { type Html, html } from './template.ts';

/** A table of a report, with its heading. The first column names its row. */
export function tableHtml(table: Table): Html {
  const { id, title, lead, head, numbers, rows } = table;
  const notes = notesOf(table);
  const kind = (column: number): Html | false => column >= head.length - numbers && html` class="number"`;
  const cellHtml = ({ text, tone }: Cell, index: number): Html =>
    html`<td${tone === undefined ? kind(index + 1) : html` class="${text === '-' ? 'unasked' : tone}"`}>${text}</td>`;
  return html`<section id="${id}">
<h2>${title}</h2>
${lead !== undefined && html`<p>${lead}</p>`}
<div class="scroll" tabindex="0"><table class="held">
<thead><tr>${head.map((text, column) => html`<th scope="col"${kind(column)}>${text}</th>`)}</tr></thead>
<tbody>
${rows.map(
  ([first, ...others]) =>
    html`<tr><th scope="row"><code>${first!.text}</code>${first!.note !== undefined && html`<span>${first!.note}</span>`}</th>${others.map(cellHtml)}</tr>
`,
)}</tbody>
</table></div>
${notes.length > 0 && html`<ul class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
</section>
`;
}
