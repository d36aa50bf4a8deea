import { promela, TABLES_CLOSED } from '../src/export/promela.ts';
import { findSpin, searchWithSpin } from '../src/export/spin.ts';
import { subjects } from './systems.ts';

/** How much of a system is walked for SPIN's tables: an assertion says if that is not enough. */
const WALKED = 1 << 20;

/** Measures SPIN on one subject, from the walk that writes the model to its end: prints the result as JSON, or why there is none. */
const [name = '', expected = '10000', reduction] = process.argv.slice(2);
try {
  await findSpin();
  const started = performance.now();
  let states = 0;
  let searching = 0;
  for (const { system, properties } of subjects(name)) {
    const model = promela(system, properties, [], WALKED);
    const began = performance.now();
    const options = { states: Number(expected), megabytes: 12_000, reduction: reduction === 'reduced' };
    const outcome = await searchWithSpin(model, options);
    if (outcome.broken.has(TABLES_CLOSED)) throw new Error('the walk was too short for its tables');
    searching += performance.now() - began;
    states += outcome.states;
  }
  process.stdout.write(JSON.stringify({ states, milliseconds: performance.now() - started, searching }));
} catch (error) {
  process.stdout.write(JSON.stringify({ failed: (error as Error).message }));
}
