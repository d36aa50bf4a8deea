import pc from 'picocolors';
import { propertyOf } from '../../models/index.ts';
import type { Violation } from '../audit/violation.ts';
import type { Fact } from '../facts/index.ts';
import { rowsOf } from '../findings/rows.ts';
import { tokenOf } from '../findings/token.ts';
import { traceOf } from '../findings/trace.ts';
import { visible } from '../outside/visible.ts';
import { stepsTable } from '../reports/terminal/table.ts';
import { wrap } from '../reports/wrap.ts';
import type { Defect } from './defects.ts';
import type { Explained } from './explain.ts';
import type { Explanation } from './fit.ts';
import {
  arithmeticText,
  callsText,
  fitText,
  formulaText,
  happenedText,
  sentence,
  verdictText,
  withoutText,
} from './texts.ts';

/** So many explanations are told whole; of the others, a line each. */
const MOST = 3;

export interface Told {
  readonly width: number;
  /** The logs of the modelled driver itself, by the decision that they show. */
  readonly findings: readonly Violation[];
  /** Tells every explanation whole. */
  readonly all: boolean;
}

/** What becomes of a count, as text: `name` is the number as a person knows it. */
export function countReport(explained: Explained, name: string, told: Told): string {
  const { explanations, ruledOut } = explained;
  const verdict = wrap(visible(verdictText(explained, name)), told.width);
  const parts = [explained.plausible ? verdict : pc.bold(verdict)];
  const shown = told.all ? explanations.length : MOST;
  for (const [index, one] of explanations.slice(0, shown).entries())
    parts.push(explanationText(index + 1, one, explained, told));
  const rest = explanations.slice(shown);
  if (rest.length > 0)
    parts.push(
      [
        'Less likely (--all tells them whole):',
        ...rest.map((one, index) =>
          wrap(`  ${index + shown + 1}. ${nameOf(one)}: ${happenedText(one)}`, told.width, 5),
        ),
      ].join('\n'),
    );
  if (ruledOut.length > 0)
    parts.push(
      [
        'Ruled out:',
        ...ruledOut.map(({ defect, why }) => wrap(`  ${defect.name} (${defect.model.name}): ${why}`, told.width, 4)),
      ].join('\n'),
    );
  return `${parts.join('\n\n')}\n`;
}

const nameOf = ({ defect }: Explanation): string => defect.name;

function explanationText(number: number, one: Explanation, explained: Explained, { width, findings }: Told): string {
  const { defect } = one;
  const arithmetic = arithmeticText(one, explained.given);
  const line = (text: string): string => wrap(`   ${text}`, width, 3);
  const finding = findings.find(({ cause }) => cause.kind === 'decision' && cause.name === defect.name);
  const isOwn = finding?.shownIn.model.name === defect.model.name;
  return [
    pc.bold(wrap(`${number}. ${arithmetic === undefined ? '' : `${arithmetic}: `}${happenedText(one)}`, width, 3)),
    line(`${formulaText(one)}   (${fitText(one)})`),
    line(`property   count-exact: ${propertyOf('count-exact').statement}`),
    ...decisionLines(defect, width),
    line(withoutText(one, explained)),
    '',
    ...(defect.board === 'sound'
      ? [line('No log: no machine of the model sets a counter back.')]
      : logLines(defect, isOwn ? finding : undefined, width)),
  ].join('\n');
}

function decisionLines({ decision, name, twist, board }: Defect, width: number): string[] {
  const line = (label: string, text: string): string => wrap(`   ${label.padEnd(10)} ${text}`, width, 14);
  if (decision !== undefined) {
    const [from, to] = decision.lines;
    return [
      line(
        'decision',
        `${name}, ${decision.function}, perf_event.c:${from}${from === to ? '' : `-${to}`}: ${decision.posted}`,
      ),
      line('instead', decision.instead),
    ];
  }
  if (twist !== undefined) return [line('mistake', `${name}, of no driver that is modelled. In the C: ${twist.place}`)];
  const text =
    board === 'sound'
      ? 'none of the driver: who sets the counter back, it cannot tell; firmware and suspend are where to look'
      : 'the number of bits that the driver believes the counters to have (counter_width), against what the board has';
  return [line('decision', text)];
}

function logLines(defect: Defect, finding: Violation | undefined, width: number): string[] {
  const token = finding === undefined ? undefined : tokenOf(finding.id);
  const facts: readonly Fact[] = finding?.counterexample.facts ?? defect.log;
  const system = defect.systemOf(defect.model.scope);
  const trace = finding?.trace ?? traceOf(system, facts);
  const rows = rowsOf(trace, { roles: new Set(['hart', 'count']) });
  const steps = rows.map((row, index) => ({ ...row, violates: index === rows.length - 1 }));
  const where = `${defect.model.name}, ${defect.environment}; counters are a few bits wide`;
  return [
    wrap(`   Shortest log (${callsText(facts)}, ${where})${token === undefined ? '' : `, ${token}`}:`, width, 3),
    stepsTable(steps, Math.min(width, 100)),
    ...(token === undefined
      ? []
      : [`   Follow it: hartproof show ${token}, hartproof explore ${token}, hartproof replay ${token}`]),
  ];
}

/** What becomes of a count, as data. */
export const countJson = (explained: Explained, name: string, findings: readonly Violation[]) => ({
  count: name,
  ...(explained.given.value !== undefined && { value: explained.given.value.toString() }),
  verdict: explained.plausible ? 'plausible' : explained.explanations.length > 0 ? 'explained' : 'unexplained',
  text: verdictText(explained, name),
  explanations: explained.explanations.map((one) => {
    const { defect, widths, rest, bits } = one;
    const finding = findings.find(
      ({ cause, shownIn }) =>
        cause.kind === 'decision' && cause.name === defect.name && shownIn.model.name === defect.model.name,
    );
    const arithmetic = arithmeticText(one, explained.given);
    return {
      defect: defect.name,
      property: 'count-exact',
      ...(arithmetic !== undefined && { arithmetic }),
      text: happenedText(one),
      formula: formulaText(one),
      ...(defect.decision && {
        decision: {
          name: defect.name,
          function: defect.decision.function,
          lines: defect.decision.lines,
          ...{ posted: defect.decision.posted, instead: defect.decision.instead },
        },
      }),
      ...(defect.twist && { mistake: sentence(defect.twist.text), place: defect.twist.place }),
      widths,
      ...(rest !== undefined && { rest: rest.toString() }),
      bits: Math.round(bits * 10) / 10,
      without: withoutText(one, explained),
      model: defect.model.name,
      environment: defect.environment,
      ...(finding && { finding: finding.id, token: tokenOf(finding.id) }),
      ...(defect.board !== 'sound' && { log: finding?.counterexample.facts ?? defect.log }),
    };
  }),
  ruledOut: explained.ruledOut.map(({ defect, why }) => ({ defect: defect.name, model: defect.model.name, why })),
});
