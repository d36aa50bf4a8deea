import { PROPERTIES } from '../models/index.ts';
import { fold, Projection } from '../src/engine/compose/index.ts';
import { canBeAsked, logVerdicts } from '../src/replay/log-verdicts.ts';
import { systemOf } from '../src/replay/recorded.ts';
import { runAtRandom } from '../src/simulate/random.ts';
import { Simulation } from '../src/simulate/simulation.ts';

/** Folds one random log at 64 bits in three ways, by turns: prints the facts a second of each, by processor time, as JSON. */
const [model = '', facts = '0'] = process.argv.slice(2);
const system = systemOf({ model, environment: '4.16', driver: 'as-posted', wordBits: 64 });
const properties = PROPERTIES.filter((property) => canBeAsked(property, system));
const simulation = new Simulation(system);
runAtRandom(simulation, Number(facts), 1);
const { log } = simulation;

const WAYS = {
  plain: () => fold(system, log),
  projection: () => {
    const projection = new Projection(system);
    for (const fact of log) projection.append(fact);
  },
  verdicts: () => logVerdicts(system, log, properties),
} as const;

const best: Record<string, number> = {};
for (let turn = 0; turn < 3; turn++)
  for (const [name, way] of Object.entries(WAYS)) {
    const before = process.cpuUsage();
    way();
    const { user, system } = process.cpuUsage(before);
    best[name] = Math.max(best[name] ?? 0, (log.length / (user + system)) * 1e6);
  }
process.stdout.write(JSON.stringify({ facts: log.length, ...best }));
