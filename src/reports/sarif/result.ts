import { isAbsolute, resolve } from 'node:path';
import type { ArtifactLocation, Location, Message, Result, ThreadFlowLocation } from 'sarif';
import { type Counterexample, type Finding, shownBefore, stepText } from '../../findings/finding.ts';
import type { Report } from '../../findings/report.ts';
import { tokenOf } from '../../findings/token.ts';
import type { Place } from '../../findings/trace.ts';
import { pathToUri } from '../../outside/escape.ts';
import { fixOf } from './fix.ts';
import { lineHashes } from './line-hashes.ts';
import { levelOf, ruleIdOf } from './rules.ts';

/** The file that source lines without one are counted in, relative to the root of a kernel tree. */
const POSTED_FILE = 'arch/riscv/kernel/perf_event.c';

/** A message of plain text: what comes from outside in it makes no link (`[text](target)`). */
export const messageOf = (text: string): Message => ({ text: text.replaceAll('](', '\\](') });

/** A cause as a result: at its place, with all that it violates, and a code flow for each counterexample. */
export function resultOf(group: readonly Finding[], ruleIndex: number, report: Report): Result {
  const [first] = group as [Finding];
  const { id } = first;
  const isCompared = first.known !== undefined;
  const flows = group.flatMap((finding) =>
    finding.counterexamples
      .filter((one) => shownBefore(one, group) === undefined)
      .map((one) => ({ one, flow: flowOf(one) }))
      .filter(({ flow }) => flow.length > 0),
  );
  // Where no line is to blame, the result stands where the fault shows; where no tool can tell, the file stands for it.
  const location = first.place
    ? locationOf(first.place)
    : (withoutMessage(flows[0]?.flow.at(-1)?.location) ??
      locationOf({ file: report.subject, function: '', lines: [1, 1] }));
  const hash = hashOf(first.place, report);
  const fixes = report.fixes?.filter(({ mends }) => group.every(mends)) ?? [];
  return {
    ruleId: ruleIdOf(group),
    ruleIndex,
    level: levelOf(group),
    message: messageOf(textOf(group)),
    locations: [location],
    ...(group.length > 1 && {
      relatedLocations: group.slice(1).map((finding, index) => relatedOf(finding, index + 1, location)),
    }),
    partialFingerprints: { ...(hash && { primaryLocationLineHash: hash }), 'hartproofFinding/v1': id },
    ...(flows.length > 0 && {
      codeFlows: flows.map(({ one: { title, scope, rule }, flow }) => ({
        message: messageOf(`${title} (${rule}): ${scope}.`),
        threadFlows: [{ locations: flow }],
      })),
    }),
    ...(fixes.length > 0 && { fixes: fixes.map((fix) => fixOf(fix, artifactOf)) }),
    ...(isCompared && { baselineState: group.every(({ known }) => known) ? ('unchanged' as const) : ('new' as const) }),
    properties: {
      ...first.properties,
      token: tokenOf(id),
      violates: [...new Set(group.map(({ rule }) => rule.id))],
      findings: group.map((finding) => finding.id),
    },
  };
}

function textOf(group: readonly Finding[]): string {
  const [first] = group as [Finding];
  const { cause, where, reach, rule, remarks, sides = [], instead, again, counterexamples } = first;
  const [log] = counterexamples;
  const violated = group.map((finding) => `${finding.rule.statement} (${finding.rule.id})`);
  return [
    `${cause}${where === '' ? '' : ` (${where})`}.`,
    `Violated: ${[...new Set(violated)].join('; ')}.`,
    ...(log === undefined ? [] : [`It takes ${log.length}.`]),
    reach,
    rule.consequence,
    ...remarks,
    ...sides.map(([side, value]) => `${side}: ${value}.`),
    ...(instead === undefined ? [] : [`Instead: ${instead}.`]),
    ...(again === undefined ? [] : [`${again}.`]),
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** Another property that the same cause violates: where its own place is, else where the cause is. */
const relatedOf = ({ rule, place, id }: Finding, number: number, location: Location): Location => ({
  ...(place ? locationOf(place) : location),
  id: number,
  message: messageOf(`It also violates ${rule.id}: ${rule.statement}. ${rule.consequence} (${tokenOf(id)})`),
});

const withoutMessage = (location: Location | undefined): Location | undefined => {
  if (location === undefined) return undefined;
  const { message: _message, ...rest } = location;
  return rest;
};

/** GitHub's fingerprint of the line of a place; undefined where the text is not at hand. */
function hashOf(place: Place | undefined, { textAt }: Report): string | undefined {
  const text = place === undefined ? undefined : textAt?.(place.file);
  return text === undefined ? undefined : lineHashes(text)[place!.lines[0] - 1];
}

/**
 * A counterexample, step by step, along the lines of the C. What happens outside the driver (time, another owner) has no line:
 * it is told with the next step that has one.
 */
function flowOf({ steps, ending }: Counterexample): ThreadFlowLocation[] {
  const flow: ThreadFlowLocation[] = [];
  let before: string[] = [];
  let last: Place | undefined;
  const all = steps('facts');
  for (const [position, step] of all.entries()) {
    const { place, changed, violates } = step;
    const after = changed.length === 0 ? '.' : `; ${changed.join(', ')}.`;
    before.push(`${stepText(step)}${after}${violates ? ` Here: ${ending}` : ''}`);
    last = place ?? last;
    if (last === undefined || (place === undefined && position < all.length - 1)) continue;
    flow.push({
      executionOrder: flow.length,
      importance: violates ? 'essential' : 'important',
      location: { ...locationOf(last), message: messageOf(before.join(' Then ')) },
    });
    before = [];
  }
  return flow;
}

/** A place in the C; its function is left out where it is not known. */
const locationOf = ({ function: name, lines: [startLine, endLine], file = POSTED_FILE }: Place): Location => ({
  physicalLocation: { artifactLocation: artifactOf(file), region: { startLine, endLine } },
  ...(name !== '' && { logicalLocations: [{ name, kind: 'function' }] }),
});

/** A file: under the root of the sources, which is where the tool runs or the tree of a patch, unless it lies elsewhere. */
const artifactOf = (file: string): ArtifactLocation =>
  isAbsolute(file) || file.startsWith('../')
    ? { uri: `file://${pathToUri(resolve(file))}` }
    : { uri: pathToUri(file), uriBaseId: '%SRCROOT%' };
