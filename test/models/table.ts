import { fileURLToPath } from 'node:url';
import type { DriverName } from '../../machines/drivers.ts';
import type { Verdict } from '../../src/facts/index.ts';
import { lengthsOf } from '../engine/check/in-short.ts';
import { DEFAULT, searched } from './searched.ts';

/** Where the verdicts are written down. */
export const FILE = fileURLToPath(new URL('verdicts.txt', import.meta.url));

const HEAD = `What a default audit says of each driver, model by model: the states and transitions that are searched,
which properties are violated, each with the length of its shortest log (in brackets where it is broken only
while a call is in flight, and after it the length of a shortest log to a violation that lasts, if there is one),
and of which properties the model says nothing. All others hold.

npx tsx test/models/write.ts writes this anew.
`;

function inShort(verdicts: ReadonlyMap<string, Verdict>): string {
  const broken: string[] = [];
  const others: string[] = [];
  for (const [id, verdict] of verdicts) {
    if (verdict.verdict === 'violated') {
      broken.push(`${id} ${lengthsOf(verdict.counterexample)}`);
    } else if (verdict.verdict !== 'holds') others.push(`${id} ${verdict.verdict}`);
  }
  return [...broken, ...others].join(', ') || 'all hold';
}

/** The verdicts of one driver over all default models, a line each. */
export async function* linesOf(driver: DriverName): AsyncGenerator<string> {
  for (const model of DEFAULT)
    for (const environment of model.environments) {
      const { covered, verdicts } = await searched(driver, model, environment);
      const size = `${String(covered.states).padStart(7)} ${String(covered.transitions).padStart(8)}`;
      yield `${model.name.padEnd(34)} ${environment.padEnd(9)} ${size}  ${inShort(verdicts)}`;
    }
}

/** The whole file. */
export async function table(): Promise<string> {
  const lines = [HEAD];
  for (const driver of ['as-posted', 'repaired'] as const) {
    lines.push(`${driver}\n${'='.repeat(driver.length)}`);
    for await (const line of linesOf(driver)) lines.push(line);
    lines.push('');
  }
  return lines.join('\n');
}
