import type { Fact } from '../../facts/index.ts';
import type { Rule, Step } from '../../findings/finding.ts';
import type { Place } from '../../findings/trace.ts';
import type { Subject } from '../../replay/subject.ts';
import type { CodeFile } from './code.ts';
import { driverNames } from './drivers.ts';
import { Timeline } from './timeline.ts';
import { worldOf } from './world.ts';

/** The name that the findings of a report have beside the page. */
export const FINDINGS_FILE = 'findings.json';

/** A finding as the page is given it: no more than data. */
export interface Found {
  /** Its short name: `hp:1c3cdf`. */
  readonly token: string;
  readonly id: string;
  readonly rule: Pick<Rule, 'id' | 'statement' | 'severity' | 'consequence'>;
  readonly cause: string;
  /** Where in the C the cause lies, as a person writes it. */
  readonly where: string;
  readonly place?: Place;
  readonly instead?: string;
  /** Where its shortest path was found: `two-threads, 4.16`. */
  readonly scope: string;
  readonly ending: string;
  /** As fine as they are known: one a fact where there are facts. */
  readonly steps: readonly Step[];
  readonly facts?: readonly Fact[];
}

/** The findings of one report. */
export interface FindingsFile {
  readonly schema: 'hartproof.findings/1';
  /** What was audited: the name of a driver, or a file. */
  readonly driver: string;
  readonly findings: readonly Found[];
  /** The driver's own text, where that may be shown: whole, or the lines that the report names. */
  readonly code?: readonly CodeFile[];
}

/** Reads the findings of a report. Throws a RangeError at any other text. */
export function readFindings(text: string): FindingsFile {
  const file = JSON.parse(text) as FindingsFile;
  if (file?.schema !== 'hartproof.findings/1' || !Array.isArray(file.findings))
    throw new RangeError('these are no findings of this version');
  return file;
}

/** The finding that a name means: its token, its id, or the beginning of one of them; the first, where the name is empty. */
export const findingNamed = ({ findings }: FindingsFile, name: string): Found | undefined =>
  findings.find(({ token, id }) => token === name || id === name) ??
  findings.find(({ token, id }) => token.startsWith(name) || token === `hp:${name}` || id.startsWith(name));

/**
 * What is to be explored so that machines follow the log of a finding: of the driver that was audited, or else of a modelled one
 * that writes the very same log. Undefined where there is none: then it is told as the report tells it.
 */
export function followedBy({ facts, scope }: Found, driver: string): Subject | undefined {
  const [model, environment] = scope.split(', ');
  if (facts === undefined || model === undefined || environment === undefined) return undefined;
  const names = driverNames();
  for (const name of [driver, ...names.filter((one) => one !== driver)]) {
    const subject = { model, environment, driver: name };
    if (isFollowed(subject, facts)) return subject;
  }
  return undefined;
}

function isFollowed(subject: Subject, facts: readonly Fact[]): boolean {
  try {
    const timeline = new Timeline(worldOf(subject), facts);
    timeline.fold();
    return timeline.stop === null;
  } catch {
    // There is no such model or driver here.
    return false;
  }
}

/** A value that steps change, with what it is after so many of them. */
export interface ToldValue {
  readonly name: string;
  readonly value: string;
  readonly before: string;
}

const CHANGE = /^(.+?): (.*) → (.*)$/s;

/** What the first steps have changed, as they say it: every value that any step changes, in the order in which they come. */
export function valuesAfter({ steps }: Pick<Found, 'steps'>, count: number): ToldValue[] {
  const values = new Map<string, { value: string; before: string }>();
  for (const [index, { changed }] of steps.entries())
    for (const text of changed) {
      const [, name, before, after] = CHANGE.exec(text) ?? [];
      if (name === undefined) continue;
      const known = values.get(name) ?? { value: before!, before: before! };
      if (index < count) values.set(name, { value: after!, before: index === count - 1 ? known.value : after! });
      else if (!values.has(name)) values.set(name, known);
    }
  return [...values].map(([name, found]) => ({ name, ...found }));
}
