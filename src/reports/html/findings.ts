import type { AuditResult } from '../../audit/audit-result.ts';
import type { Counterexample, Finding } from '../../findings/finding.ts';
import type { Detail } from '../../findings/rows.ts';
import { range } from '../../findings/rows.ts';
import {
  breaksText,
  byCause,
  causeSource,
  causeText,
  counted,
  fileName,
  logsOf,
  pathText,
  placeText,
  reachText,
  type Step,
  stepsOf,
  toldBefore,
  worthText,
} from '../../findings/texts.ts';
import { type Pictures, sequenceOf } from './pictures.ts';
import { type Replay, replayOf } from './replay.ts';
import { type Html, html } from './template.ts';

/** The causes with their findings, and what the page needs to step through their logs. */
export interface Causes {
  readonly reachable: readonly Html[];
  readonly guards: readonly Html[];
  /** By the id of the log. */
  readonly replays: Readonly<Record<string, Replay & { readonly charts: Readonly<Record<string, number>> }>>;
}

export async function causesOf(audited: AuditResult, pictures: Pictures): Promise<Causes> {
  const reachable: Html[] = [];
  const guards: Html[] = [];
  const replays: Record<string, Replay & { charts: Record<string, number> }> = {};
  for (const [number, group] of byCause(audited.findings).entries()) {
    for (const log of group.flatMap(logsOf)) {
      if (toldBefore(log, group) !== undefined) continue;
      const replay = replayOf(log);
      replays[log.id] = { ...replay, charts: await pictures.functionsOf(log, replay.places) };
    }
    (group[0]!.userReachable ? reachable : guards).push(causeHtml(audited, group, number + 1));
  }
  return { reachable, guards, replays };
}

function causeHtml(audited: AuditResult, group: readonly Finding[], number: number): Html {
  const { cause } = group[0]!;
  const source = causeSource(cause);
  return html`<article class="cause">
<details>
<summary>
<span class="number">${number}</span>
<span class="heading">
<strong>${causeText(cause)}</strong>
<span class="where">${source === undefined ? placeText(cause) : html`<code>${source.function}</code> ${fileName(source)}:${range(source.lines)}`}</span>
<span class="properties">${group.map((finding) => html`<span>${badge(audited, finding)}<code>${finding.property.id}</code></span> `)}</span>
</span>
</summary>
${cause.kind === 'decision' && html`<p class="instead"><b>Instead:</b> ${cause.decision.instead}.</p>`}
${group.map((finding, index) => findingHtml(audited, finding, group, index === 0))}
</details>
</article>
`;
}

function badge({ compared }: AuditResult, { id, userReachable, property }: Finding): Html {
  const severity = userReachable ? property.severity : 'guard';
  const news =
    compared &&
    (compared.known.has(id) ? html`<span class="badge">known</span>` : html`<span class="badge new">new</span>`);
  return html`<span class="badge ${severity}">${severity}</span>${news}`;
}

function findingHtml(audited: AuditResult, finding: Finding, group: readonly Finding[], isFirst: boolean): Html {
  const { id, property, models } = finding;
  const hasCharts = audited.target.driver !== undefined;
  return html`<details class="finding" id="${id}"${isFirst && html` open`}>
<summary>${badge(audited, finding)} <strong><code>${property.id}</code></strong>: ${property.statement}</summary>
<p>${[reachText(finding), property.consequence, ...worthText(finding)].join(' ')}</p>
${logsOf(finding).map((log) => logHtml(log, models, toldBefore(log, group), hasCharts))}
</details>
`;
}

/** A log: its steps, the state after each, and its pictures; of C that nobody modelled there are no charts. */
function logHtml(
  log: Counterexample,
  models: readonly string[],
  same: Counterexample | undefined,
  hasCharts: boolean,
): Html {
  const { id, counterexample, shownIn } = log;
  if (same !== undefined)
    return html`<p class="note">${pathText(log)}: the same as for <a href="#${same.id}">${same.property.id}</a>.</p>`;
  const callbacks = stepsOf(log, 'callbacks');
  const facts = stepsOf(log, 'facts');
  const others = models.filter((name) => name !== shownIn.model.name);
  return html`<p class="note">${pathText(log)}: ${counted(counterexample.facts.length, 'fact')} in <code>${shownIn.model.name}</code>, ${shownIn.environment}.${others.length > 0 && html` Also found in ${others.join(', ')}.`}</p>
<div class="viewer" data-finding="${id}"${!log.isShortest && html` id="${id}"`}>
<div class="steps">
<div class="controls" hidden>
<button type="button" data-go="-1" aria-label="previous step" title="previous step (k, ←)">◀</button>
<button type="button" data-go="1" aria-label="next step" title="next step (j, →)">▶</button>
<output></output>
${callbacks.length < facts.length && html`<label><input type="checkbox"> every fact</label>`}
</div>
${stepsTable(log, callbacks, 'callbacks')}
${callbacks.length < facts.length && stepsTable(log, facts, 'facts')}
<p class="verdict">✗ ${breaksText(log)}</p>
<table class="state" hidden><caption>State after this step</caption><tbody></tbody></table>
</div>
<div class="pictures">
${hasCharts && html`<div class="tabs" hidden><button type="button" aria-pressed="true" data-picture="sequence">Sequence</button><button type="button" aria-pressed="false" data-picture="code">In the code</button></div>`}
<figure class="sequence" tabindex="0">${sequenceOf(log)}</figure>
<figure class="code" tabindex="0" hidden></figure>
</div>
</div>`;
}

function stepsTable({ trace, ...log }: Counterexample, steps: readonly Step[], detail: Detail): Html {
  const end = trace.log.length;
  const rows = steps.map(({ position, who, what, where, changed, breaks }, row) => {
    const to = (steps[row + 1]?.position ?? end + 1) - 1;
    return html`<tr data-from="${position - 1}" data-to="${to - 1}"${breaks && html` class="breaks"`}>
<th scope="row">${breaks && html`<abbr title="the step that violates the property">✗</abbr>`}${position}</th><td class="who">${who}</td><td class="what">${what}${where !== '' && html`<span class="at">${where}</span>`}</td><td class="changed">${changed.map((change) => html`<div>${change}</div>`)}</td></tr>
`;
  });
  return html`<table class="log ${detail}"${detail === 'facts' && html` hidden`} tabindex="0">
<caption class="hidden">${pathText({ trace, ...log })}, ${detail === 'facts' ? 'fact by fact' : 'callback by callback'}</caption>
<thead><tr><th scope="col">#</th><th scope="col">who</th><th scope="col">does, and where</th><th scope="col">changed</th></tr></thead>
<tbody>
${rows}</tbody>
</table>`;
}
