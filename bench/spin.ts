import { check } from '../src/engine/check/index.ts';
import { promelaOfTables, TABLES_CLOSED } from '../src/export/promela.ts';
import { findSpin, searchWithSpin } from '../src/export/spin.ts';
import { childrenCpu } from './cpu.ts';
import { subjects } from './systems.ts';

/**
 * Measures SPIN on one subject: prints the result as JSON, or why there is none.
 *
 * SPIN is given the tables that our search fills, and no properties: it would print each state that breaks one, which takes
 * longer than its search. What is measured is what SPIN itself does: `spin -a`, the C compiler, and the search.
 */
const [name = '', reduction, seconds] = process.argv.slice(2);
/** The time that SPIN has for each system. */
const limit = Number(seconds);
try {
  await findSpin();
  const texts = new Set<string>();
  const sum = { states: 0, transitions: 0, bytes: 0, milliseconds: 0, wall: 0, peak: 0 };
  for (const { system } of subjects(name)) {
    const { states } = (await check(system, [], { reduce: false })).covered;
    const model = promelaOfTables(system, []);
    // Perf cores that do the same come to the same text.
    if (texts.has(model.text)) continue;
    texts.add(model.text);
    const started = performance.now();
    let compiled = started;
    const outcome = await searchWithSpin(model, {
      states,
      megabytes: 16_000,
      reduction: reduction === 'reduced',
      ...(reduction === 'parallel' && { processors: 2 }),
      optimise: '-O2',
      signal: AbortSignal.timeout(limit * 1000),
      onCompiled: () => {
        compiled = performance.now();
      },
    });
    const ended = performance.now();
    if (outcome.broken.has(TABLES_CLOSED)) throw new Error('the tables are not all that it needs');
    if (reduction !== 'reduced' && outcome.states !== states)
      throw new Error(`it finds ${outcome.states} states, and we ${states}`);
    sum.states += outcome.states;
    sum.transitions += outcome.transitions;
    sum.bytes += outcome.megabytesOfStates * 2 ** 20;
    sum.peak = Math.max(sum.peak, outcome.megabytes * 2 ** 20);
    sum.milliseconds += ended - compiled;
    sum.wall += ended - started;
  }
  process.stdout.write(JSON.stringify({ ...sum, cpu: childrenCpu() }));
} catch (error) {
  const { name, message } = error as Error;
  const failed = name === 'AbortError' ? `did not end in ${limit} s` : message;
  process.stdout.write(JSON.stringify({ failed }));
}
