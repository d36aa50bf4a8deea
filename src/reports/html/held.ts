import { propertyOf } from '../../audit/property.ts';
import type { Grid } from '../../audit/summary.ts';
import { type Html, html } from './template.ts';

/** What every property came to, by environment. */
export function heldHtml({ environments, rows, notes }: Grid): Html {
  return html`<div class="scroll" tabindex="0"><table class="held">
<thead><tr><th scope="col">property</th>${environments.map((environment) => html`<th scope="col">${environment}</th>`)}<th scope="col" class="number">states</th></tr></thead>
<tbody>
${rows.map(
  ({
    property,
    outcomes,
    states,
  }) => html`<tr><th scope="row"><code>${property}</code><span>${propertyOf(property).statement}</span></th>${outcomes.map(
    (outcome) => html`<td class="${outcome === '-' ? 'unasked' : outcome}">${outcome}</td>`,
  )}<td class="number">${states.toLocaleString('en')}</td></tr>
`,
)}</tbody>
</table></div>
${notes.length > 0 && html`<ul class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>`}
`;
}
