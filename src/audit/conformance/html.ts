import { page } from '../../reports/html/page.ts';
import { type Html, html } from '../../reports/html/template.ts';
import type { Tested } from '../../subject/self-test.ts';
import { type Compared, type ConformanceResult, outcomeOf } from './conformance-result.ts';
import {
  ADVICE,
  againText,
  outcomeText,
  placeText,
  scopeText,
  selfTestText,
  stepsOf,
  stoppedTexts,
  summaryText,
  testedText,
} from './telling.ts';

/** The conformance as one page that needs nothing else: the difference step by step, what was compared, the broken copies. */
export function toHtml(conformed: ConformanceResult): Promise<string> {
  const { compared, tested, driver, file } = conformed;
  return page(
    `Hartproof: ${file} against the model ${driver}`,
    html`<header>
<h1>Hartproof: <code>${file}</code> against the model <code>${driver}</code></h1>
<p class="lead">${summaryText(conformed)}</p>
${stoppedTexts(conformed).map((text) => html`<p class="alarm">${text}</p>`)}
</header>
<main>
${compared.map(differenceHtml)}
<section id="compared">
<h2>What was compared</h2>
<div class="scroll" tabindex="0"><table class="held">
<thead><tr><th scope="col">model</th><th scope="col">environment</th><th scope="col">outcome</th><th scope="col" class="number">states</th><th scope="col" class="number">transitions</th></tr></thead>
<tbody>
${compared.map(comparedHtml)}</tbody>
</table></div>
</section>
${tested.length > 0 && selfTestHtml(tested)}
</main>
`,
  );
}

/** The colours of what a property came to. */
const COLOUR = { alike: 'holds', different: 'broken', bounded: 'bounded' } as const;

const comparedHtml = (one: Compared): Html =>
  html`<tr><th scope="row"><code>${one.model.name}</code></th><td>${one.environment}</td><td class="${COLOUR[outcomeOf(one)]}">${outcomeText(one)}</td><td class="number">${one.covered.states.toLocaleString('en')}</td><td class="number">${one.covered.transitions.toLocaleString('en')}</td></tr>
`;

function differenceHtml(one: Compared): Html | undefined {
  const { difference } = one;
  if (difference === undefined) return undefined;
  const { what, model, c, place } = difference;
  return html`<section id="difference">
<h2>The difference, in ${scopeText(one)}</h2>
<div class="scroll" tabindex="0"><table class="log">
<thead><tr><th scope="col">step</th><th scope="col">who</th><th scope="col">what the C does</th></tr></thead>
<tbody>
${stepsOf(difference, 'callbacks').map(
  ({ who, what, place, parts }, row) =>
    html`<tr class="${parts && 'breaks'}"><th scope="row">${parts && html`<abbr title="they part here">✗</abbr>`}${row + 1}</th><td class="who">${who}</td><td class="what">${what}${place !== undefined && html`<span class="at">${placeText(place)}</span>`}</td></tr>
`,
)}</tbody>
</table></div>
<p class="verdict">They differ in ${what}${place !== undefined && html`, at ${placeText(place)}`}:</p>
<div class="scroll" tabindex="0"><table class="held" id="values">
<tbody>
<tr><th scope="row">model</th><td class="what">${model}</td></tr>
<tr><th scope="row">C</th><td class="what">${c}</td></tr>
</tbody>
</table></div>
<p>${ADVICE}</p>
<p class="note"><code>${againText(difference)}</code></p>
</section>`;
}

const OUTCOME = { noticed: 'holds', missed: 'broken', 'no mutant': 'unasked', undecided: 'bounded' } as const;

const selfTestHtml = (tested: readonly Tested[]): Html => html`<section id="self-test">
<h2>Broken copies of the driver</h2>
<p>${selfTestText(tested)}</p>
<div class="scroll" tabindex="0"><table class="held">
<thead><tr><th scope="col">what it does</th><th scope="col">line</th><th scope="col">outcome</th></tr></thead>
<tbody>
${tested.map(
  (one) =>
    html`<tr><th scope="row">${one.mutant.does}</th><td>${one.mutant.line}</td><td class="${OUTCOME[one.outcome]}">${testedText(one)}</td></tr>
`,
)}</tbody>
</table></div>
</section>
`;
