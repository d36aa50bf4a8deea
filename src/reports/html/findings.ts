import { byCause, type Counterexample, type Finding, type Step, shownBefore } from '../../findings/finding.ts';
import type { Report } from '../../findings/report.ts';
import type { Detail } from '../../findings/rows.ts';
import { tokenOf } from '../../findings/token.ts';
import { type Pictures, roomOf, sequencesOf } from './pictures.ts';
import { type Replay, replayOf } from './replay.ts';
import { type Html, html } from './template.ts';

/** The causes with their findings, and what the page needs to step through their counterexamples. */
export interface Causes {
  readonly reachable: readonly Html[];
  readonly guards: readonly Html[];
  /** By the id of the counterexample. */
  readonly replays: Readonly<Record<string, Replay & { readonly charts: Readonly<Record<string, number>> }>>;
}

/** With the lines of the driver's own text beside the steps, where that is at hand. */
export async function causesOf(
  findings: readonly Finding[],
  pictures: Pictures,
  lineAt: Report['lineAt'],
): Promise<Causes> {
  const reachable: Html[] = [];
  const guards: Html[] = [];
  const replays: Record<string, Replay & { charts: Record<string, number> }> = {};
  for (const [index, group] of byCause(findings).entries()) {
    for (const log of group.flatMap(({ counterexamples }) => counterexamples)) {
      if (shownBefore(log, group) !== undefined) continue;
      const replay = replayOf(log);
      replays[log.id] = { ...replay, charts: await pictures.functionsOf(log, replay.places) };
    }
    (group[0]!.reachable ? reachable : guards).push(
      causeHtml(group, index + 1, { hasCharts: pictures.driver !== undefined, replays, lineAt }),
    );
  }
  return { reachable, guards, replays };
}

/** What a page has to show beside the steps. */
interface Beside {
  readonly hasCharts: boolean;
  readonly replays: Readonly<Record<string, Replay>>;
  readonly lineAt: Report['lineAt'];
}

function causeHtml(group: readonly Finding[], number: number, beside: Beside): Html {
  const { cause, where, instead } = group[0]!;
  return html`<article class="cause">
<details>
<summary>
<span class="number">${number}</span>
<span class="heading">
<strong>${cause}</strong>
<span class="where">${where}</span>
<span class="properties">${group.map((finding) => html`<span>${badge(finding)}<code>${finding.rule.id}</code></span> `)}</span>
</span>
</summary>
${instead !== undefined && html`<p class="instead"><b>Instead:</b> ${instead}.</p>`}
${group.map((finding, index) => findingHtml(finding, group, index === 0, beside))}
</details>
</article>
`;
}

function badge({ reachable, rule, known }: Finding): Html {
  const severity = reachable ? rule.severity : 'guard';
  const news =
    known !== undefined && (known ? html`<span class="badge">known</span>` : html`<span class="badge new">new</span>`);
  return html`<span class="badge ${severity}">${severity}</span>${news}`;
}

function findingHtml(finding: Finding, group: readonly Finding[], isFirst: boolean, beside: Beside): Html {
  const { id, rule, reach, remarks, counterexamples, sides = [], again } = finding;
  return html`<details class="finding" id="${id}"${isFirst && html` open`}>
<summary>${badge(finding)} <strong><code>${rule.id}</code></strong>: ${rule.statement} <code>${tokenOf(id)}</code></summary>
<p>${[reach, rule.consequence, ...remarks].join(' ')}</p>
${counterexamples.map((log) => logHtml(log, shownBefore(log, group), beside, id))}
${sides.length > 0 && sidesHtml(sides)}
${again !== undefined && html`<p class="note"><code>${again}</code></p>`}
</details>
`;
}

const sidesHtml = (sides: NonNullable<Finding['sides']>): Html =>
  html`<div class="scroll" tabindex="0"><table class="held sides">
<tbody>
${sides.map(([side, value]) => html`<tr><th scope="row">${side}</th><td class="what">${value}</td></tr>\n`)}</tbody>
</table></div>`;

/** A counterexample: its steps, the state after each, and its pictures; of C that nobody modelled there are no charts. */
function logHtml(log: Counterexample, same: Finding | undefined, beside: Beside, finding: string): Html {
  const { id, title, length, scope, others, ending } = log;
  const { hasCharts, replays, lineAt } = beside;
  if (same !== undefined)
    return html`<p class="note">${title}: the same as for <a href="#${same.id}">${same.rule.id}</a>.</p>`;
  const callbacks = log.steps('callbacks');
  const facts = log.steps('facts');
  const sequences = sequencesOf(log);
  const room = roomOf(replays[id] ?? { start: [], changes: [], places: [] });
  const tabs = [
    ...(sequences.length === 0 ? [] : [['sequence', 'Sequence']]),
    ...(hasCharts ? [['code', 'In the code']] : []),
    ...(room === undefined ? [] : [['room', 'Machine room']]),
  ] as const;
  return html`<p class="note">${title}: ${length} in ${scope}.${others.length > 0 && html` Also found in ${others.join(', ')}.`}</p>
<div class="viewer${tabs.length === 0 && html` unpictured`}" data-finding="${id}"${id !== finding && html` id="${id}"`}>
<div class="steps">
<div class="controls" hidden>
<button type="button" data-go="-1" aria-label="previous step" title="previous step (k, ←)">◀</button>
<button type="button" data-go="1" aria-label="next step" title="next step (j, →)">▶</button>
<output></output>
${callbacks.length < facts.length && html`<label><input type="checkbox"> every fact</label>`}
</div>
${stepsTable(title, callbacks, 'callbacks', lineAt)}
${callbacks.length < facts.length && stepsTable(title, facts, 'facts', lineAt)}
<p class="verdict">✗ ${ending}</p>
<table class="state" hidden><caption>State after this step</caption><tbody></tbody></table>
</div>
<div class="pictures">
${tabs.length > 1 && html`<div class="tabs" hidden>${tabs.map(([name, said], index) => html`<button type="button" aria-pressed="${index === 0 ? 'true' : 'false'}" data-picture="${name}">${said}</button>`)}</div>`}
<figure class="sequence" tabindex="0"${sequences.length === 0 && html` hidden`}>${sequences}</figure>
<figure class="code" tabindex="0" hidden></figure>
${room !== undefined && html`<figure class="room" tabindex="0"${tabs[0]![0] !== 'room' && html` hidden`}>${room}</figure>`}
</div>
</div>`;
}

function stepsTable(title: string, steps: readonly Step[], detail: Detail, lineAt: Report['lineAt']): Html {
  // A column in which nothing stands says nothing.
  const [hasWho, hasChanges] = [steps.some(({ who }) => who !== ''), steps.some(({ changed }) => changed.length > 0)];
  const rows = steps.map(({ position, who, what, where, place, changed, violates, end }) => {
    const text = place === undefined ? undefined : lineAt?.(place.file, place.lines[0])?.trim();
    // A brace alone says nothing.
    const line = text !== undefined && /\w/.test(text) && text;
    return html`<tr data-from="${position - 1}" data-to="${end - 1}"${violates && html` class="breaks"`}>
<th scope="row">${violates && html`<abbr title="the step that violates the property">✗</abbr>`}${position}</th>${hasWho && html`<td class="who">${who}</td>`}<td class="what">${what}${where !== '' && html`<span class="at">${where}</span>`}${line && html`<code class="source">${line}</code>`}</td>${hasChanges && html`<td class="changed">${changed.map((change) => html`<div>${change}</div>`)}</td>`}</tr>
`;
  });
  return html`<table class="log ${detail}"${detail === 'facts' && html` hidden`} tabindex="0">
<caption class="hidden">${title}, ${detail === 'facts' ? 'fact by fact' : 'callback by callback'}</caption>
<thead><tr><th scope="col">#</th>${hasWho && html`<th scope="col">who</th>`}<th scope="col">does, and where</th>${hasChanges && html`<th scope="col">changed</th>`}</tr></thead>
<tbody>
${rows}</tbody>
</table>`;
}
