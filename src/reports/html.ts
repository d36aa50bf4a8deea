import type { Report } from '../findings/report.ts';
import { causesOf } from './html/findings.ts';
import { beside, page } from './html/page.ts';
import { Pictures } from './html/pictures.ts';
import { tableHtml } from './html/table.ts';
import { html, scriptJson } from './html/template.ts';

/**
 * A report as one page that needs nothing else: the findings, which unfold, with their counterexamples to step through,
 * sequence diagrams, the driver's statecharts with the path of each, and all verdicts.
 *
 * @public
 */
export async function toHtml(report: Report): Promise<string> {
  const { title, summary, reservations, notes, legend, findings, tables, driver, lineAt } = report;
  const pictures = new Pictures(driver);
  const { reachable, guards, replays } = await causesOf(findings, pictures, lineAt);
  const [first = '', ...others] = summary;
  return page(
    `Hartproof: ${title}`,
    html`<header>
<h1>Hartproof: ${title}</h1>
<p class="lead">${first}</p>
<p>${[...others, ...legend].join(' ')}</p>
${reservations.map((sentence) => html`<p class="alarm">${sentence}</p>`)}
${notes.map((line) => html`<p>${line}</p>`)}
<nav aria-label="sections">
<a href="#violated">Findings</a>
${guards.length > 0 && html`<a href="#guards">Missing guards</a>`}
${tables.map(({ id, title }) => html`<a href="#${id}">${title}</a>`)}
<a href="#legend">How to read this</a>
</nav>
</header>
<div class="search" hidden role="search">
<input type="search" placeholder="property, errno, line …" title="Search: a property, a function, an errno, a line …  (/)" aria-label="search the findings">
<output aria-live="polite"></output>
<button type="button" data-fold>Unfold all</button>
</div>
<main>
<section id="violated">
<h2>Findings, by their cause</h2>
${reachable.length > 0 ? reachable : html`<p>Nothing that a perf core does, in what was searched, violates a property.</p>`}
</section>
${
  guards.length > 0 &&
  html`<section id="guards">
<h2>Missing guards</h2>
<p>What the driver lets through when a caller keeps no contract. No perf core makes these calls.</p>
${guards}
</section>`
}
${tables.map(tableHtml)}
<section class="legend" id="legend">
<h2>How to read this</h2>
<ul>
<li>A counterexample is a shortest log that violates the property: there is no shorter one in that scope. Where the property is violated only while a call is in flight, a shortest log to a violation that lasts stands below it. A row is one callback that nobody interrupts, or one step of a callback that others interleave with. Step through it with <kbd>j</kbd> and <kbd>k</kbd> or the arrow keys.</li>
<li><i>Ticks not in count</i> is the truth held against the count: ticks that the event's counter made while it ran, less those that were added to <code>event->count</code>.</li>
<li><i>holds</i>: every reachable state of the scope was seen. <i>bounded</i>: the search stopped early, or lacks something that it names; never a pass. <i>probable</i>: not violated in what was seen, but only fingerprints of states were kept. <i>vacuous</i>: what the property speaks of never happened.</li>
</ul>
</section>
</main>
${pictures.all.map((picture, number) => html`<template id="picture-${number}">${picture}</template>`)}
<script type="application/json" id="replays">${scriptJson(replays)}</script>
<script>
${await beside('script.js')}
</script>
`,
  );
}
