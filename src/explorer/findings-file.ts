import type { GroundJson } from '../audit/ground/json.ts';
import type { AuditJson } from '../audit/json.ts';
import type { Finding, Step } from '../findings/finding.ts';
import type { Report } from '../findings/report.ts';
import { tokenOf } from '../findings/token.ts';
import type { CodeFile } from './session/code.ts';
import type { FindingsFile, Found } from './session/found.ts';

/** The findings of a report for the page, the worst first. */
export const findingsOf = (report: Pick<Report, 'subject' | 'driver' | 'findings'>): FindingsFile => ({
  schema: 'hartproof.findings/1',
  driver: report.driver ?? report.subject,
  findings: report.findings.flatMap(foundOf),
});

function foundOf({ id, rule, cause, where, place, instead, counterexamples }: Finding): Found[] {
  const [log] = counterexamples;
  if (log === undefined) return [];
  const { statement, severity, consequence } = rule;
  return [
    {
      ...{ token: tokenOf(id), id, cause, where },
      rule: { id: rule.id, statement, severity, consequence },
      ...(place && {
        place: { function: place.function, lines: place.lines, ...(place.file && { file: place.file }) },
      }),
      ...(instead !== undefined && { instead }),
      ...{ scope: log.scope, ending: log.ending, steps: log.steps('facts').map(withDiffers) },
      ...(log.facts && { facts: log.facts }),
    },
  ];
}

/** A step with all that it changes: the page has room for it. */
const withDiffers = ({ differs, ...step }: Step): Step =>
  differs === undefined || differs.length === 0 ? step : { ...step, changed: differs };

/** The findings in what `hartproof audit --json` wrote. Throws a RangeError at any other JSON. */
export function findingsInJson(text: string): FindingsFile {
  const json = JSON.parse(text) as AuditJson | GroundJson;
  if (json?.schema !== 'hartproof.audit/1' && json?.schema !== 'hartproof.ground/1')
    throw new RangeError('it is no audit: hartproof audit --json FILE writes one');
  if (typeof json.driver !== 'string') throw new RangeError('driver is no text');
  if (!Array.isArray(json.findings)) throw new RangeError('findings is no list');
  for (const [index, finding] of json.findings.entries()) checkFinding(finding, `findings[${index}]`);
  return json.schema === 'hartproof.audit/1' ? inAudit(json) : inGround(json);
}

const TEXTS = ['id', 'token', 'property', 'statement', 'severity'] as const;

/** Throws a RangeError that names what a finding has not, or not as an audit writes it. */
function checkFinding(finding: Partial<Record<string, unknown>> | null, at: string): void {
  if (typeof finding !== 'object' || finding === null) throw new RangeError(`${at} is no finding`);
  const { counterexample, lines, consequence, instead, file, line, function: name } = finding;
  const texts = counterexample === undefined ? ['text', 'scope'] : ['cause'];
  for (const key of [...TEXTS, ...texts])
    if (typeof finding[key] !== 'string') throw new RangeError(`${at}: ${key} is no text`);
  for (const [key, value] of Object.entries({ consequence, instead, file, function: name }))
    if (value !== undefined && typeof value !== 'string') throw new RangeError(`${at}: ${key} is no text`);
  for (const number of [line ?? 1, ...(Array.isArray(lines) ? lines : [lines ?? 1])])
    if (!Number.isSafeInteger(number)) throw new RangeError(`${at}: a line is no number`);
  if (counterexample === undefined) {
    if (!isListOf(finding.steps, 'string')) throw new RangeError(`${at}: steps is no list of texts`);
    const { changes = [] } = finding;
    if (!Array.isArray(changes) || !changes.every((one) => isListOf(one, 'string')))
      throw new RangeError(`${at}: changes is no list of lists of texts`);
    return;
  }
  const { model, environment, facts, steps = [] } = (counterexample ?? {}) as Record<string, unknown>;
  if (typeof model !== 'string' || typeof environment !== 'string' || !isListOf(facts, 'object'))
    throw new RangeError(`${at}: counterexample has no model, environment and facts`);
  if (!isListOf(steps, 'object')) throw new RangeError(`${at}: steps of the counterexample is no list`);
}

const isListOf = (value: unknown, type: 'string' | 'object'): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === type && one !== null);

const inAudit = ({ driver, findings }: AuditJson): FindingsFile => ({
  schema: 'hartproof.findings/1',
  driver,
  findings: findings.map(({ counterexample, property, statement, severity, consequence, ...finding }) => {
    const { id, token, cause, instead, file, lines, function: name } = finding;
    const place = lines && { function: name ?? '', lines, ...(file !== undefined && { file }) };
    return {
      ...{ id, token, cause },
      rule: { id: property, statement, severity, consequence },
      where:
        place === undefined ? '' : `${place.function}, ${(file ?? 'perf_event.c').replace(/.*\//, '')}:${lines![0]}`,
      ...(place && { place }),
      ...(instead !== undefined && { instead }),
      scope: `${counterexample.model}, ${counterexample.environment}`,
      ending: 'after this step the property is violated.',
      steps: counterexample.steps ?? [],
      facts: counterexample.facts,
    };
  }),
});

const inGround = ({ driver, findings }: GroundJson): FindingsFile => ({
  schema: 'hartproof.findings/1',
  driver,
  findings: findings.map(
    ({ id, token, property, statement, severity, consequence, text, scope, steps, changes = [], ...at }) => {
      const { file, line, function: name = '' } = at;
      const place =
        line === undefined ? undefined : { function: name, lines: [line, line] as const, ...(file && { file }) };
      return {
        ...{ id, token, scope, cause: text },
        rule: { id: property, statement, severity, consequence },
        where: place === undefined ? '' : `${name}, ${file ?? driver}:${line}`,
        ...(place && { place }),
        ending: 'this call violates the property.',
        steps: steps.map(
          (what, index): Step => ({
            ...{ position: index + 1, end: index + 1, who: '', what, where: '', changed: changes[index] ?? [] },
            violates: index === steps.length - 1,
            ...(index === steps.length - 1 && place && { place }),
          }),
        ),
      };
    },
  ),
});

/** The lines of the C that a report names, by file: all that a page that others are given may show of it. */
export function linesOf({ findings, lineAt }: Pick<Report, 'findings' | 'lineAt'>): CodeFile[] {
  const files = new Map<string, Record<number, string>>();
  for (const { place, counterexamples } of findings)
    for (const at of [place, ...counterexamples.flatMap((log) => log.steps('facts').map((step) => step.place))]) {
      const text = at === undefined ? undefined : lineAt?.(at.file, at.lines[0]);
      if (text === undefined) continue;
      const path = at!.file ?? '';
      files.set(path, { ...files.get(path), [at!.lines[0]]: text });
    }
  return [...files].map(([path, lines]) => ({ path, lines }));
}
