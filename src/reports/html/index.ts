import type { AuditResult } from '../../audit/audit-result.ts';
import { comparedText } from '../../audit/baseline.ts';
import { brokenText, gridOf, reservations, searchedText, summaryOf } from '../../audit/summary.ts';
import { linesOf } from '../../findings/texts.ts';
import { causesOf } from './findings.ts';
import { heldHtml } from './held.ts';
import { beside, page } from './page.ts';
import { Pictures } from './pictures.ts';
import { html, scriptJson } from './template.ts';

/**
 * The audit as one page that needs nothing else: the findings, which unfold, with their logs to step through,
 * sequence diagrams, the driver's statecharts with the way of each log, and what held.
 */
export async function toHtml(audited: AuditResult): Promise<string> {
  const { results, findings, target, compared } = audited;
  const summary = summaryOf(results, findings);
  const pictures = new Pictures(target.driver);
  const { reachable, guards, replays } = await causesOf(audited, pictures);
  return page(
    `Hartproof: driver ${target.name}`,
    html`<header>
<h1>Hartproof: driver <code>${target.name}</code></h1>
<p class="lead">${brokenText(summary)}.</p>
<p>${searchedText(summary)} in ${(summary.milliseconds / 1000).toFixed(1)} s. Source lines are those of <code>${linesOf(target)}</code>.</p>
${reservations(summary).map((sentence) => html`<p class="alarm">${sentence}</p>`)}
${compared !== undefined && comparedText(compared).map((line) => html`<p>${line}</p>`)}
<nav aria-label="sections">
<a href="#broken">Violated properties</a>
${guards.length > 0 && html`<a href="#guards">Missing guards</a>`}
<a href="#held">What every property came to</a>
<a href="#legend">How to read this</a>
</nav>
</header>
<div class="search" hidden role="search">
<input type="search" placeholder="Search: a property, a function, an errno, a line …" aria-label="search the findings">
<output aria-live="polite"></output>
<button type="button" data-fold>Unfold all</button>
</div>
<main>
<section id="broken">
<h2>Violated properties, by their cause</h2>
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
<section id="held">
<h2>What every property came to</h2>
${heldHtml(gridOf(results))}
</section>
<section class="legend" id="legend">
<h2>How to read this</h2>
<ul>
<li>A counterexample is the shortest log of facts that violates the property: there is no shorter one in that scope. Where that break is there only while a call is in flight, the shortest log to one that lasts stands below it. A row is one callback that nobody interrupts, or one step of a callback that others interleave with. Step through it with <kbd>j</kbd> and <kbd>k</kbd> or the arrow keys.</li>
<li>Counters are a few bits wide in a search, so that they wrap within the scope. <i>Ticks not in count</i> is the truth held against the count: ticks that the event's counter made while it ran, less those that were added to <code>event->count</code>.</li>
<li><i>holds</i>: every reachable state of the scope was seen. <i>bounded</i>: the search stopped early; never a pass. <i>probable</i>: not broken in what was seen, but only fingerprints of states were kept. <i>vacuous</i>: what the property speaks of never happened.</li>
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
