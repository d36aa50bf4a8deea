import { factText } from '../../diagrams/fact-text.ts';
import type { Fact } from '../../facts/index.ts';
import type { MachineTests } from '../machine-tests.ts';

/** The tests of a machine for other runners: see `docs/paths.md`. Fields are only ever added to a version. */
export function logsJson(tests: MachineTests): string {
  const covers = tests.covers.map(({ name }) => ({ name }));
  return `${JSON.stringify({ schema: 'hartproof.machine-paths/1', ...tests, covers }, null, 2)}\n`;
}

/** The tests of a machine to read. */
export function logsText({ machine, coverage, tests, covers, steps, lowerBound }: MachineTests): string {
  const bound = steps === lowerBound ? 'no fewer can do it' : `fewer than ${lowerBound} cannot do it`;
  const logs = tests.map(({ name, facts }) =>
    [name, ...facts.map((fact, number) => `  ${String(number + 1).padStart(3)}. ${line(fact)}`)].join('\n'),
  );
  const head = `${machine}: ${covers.length} ${coverage} in ${tests.length === 1 ? '1 log' : `${tests.length} logs`} of ${steps} facts (${bound}).`;
  return `${[head, ...logs].join('\n\n')}\n`;
}

const line = (fact: Fact): string => `${factText(fact)}${'hart' in fact ? ` on hart ${fact.hart}` : ''}`;
