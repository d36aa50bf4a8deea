import { ENGINES } from './engines.ts';
import { subjects } from './systems.ts';

/** Measures one engine on one subject, in a process of its own: prints the result as JSON. */
const [engine = '', name = ''] = process.argv.slice(2);
let states = 0;
let transitions = 0;
let bytes = 0;
const seen = new Set<unknown>();
const started = performance.now();
for (const subject of subjects(name)) {
  const counts = await ENGINES[engine]!(subject);
  if (seen.has(counts)) continue;
  seen.add(counts);
  states += counts.states;
  transitions += counts.transitions;
  bytes += counts.bytes ?? 0;
}
const milliseconds = performance.now() - started;
const { user, system } = process.cpuUsage();
const peak = process.resourceUsage().maxRSS * 1024;
process.stdout.write(JSON.stringify({ states, transitions, bytes, milliseconds, cpu: (user + system) / 1000, peak }));
