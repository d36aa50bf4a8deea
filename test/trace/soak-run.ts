import { checkTrace } from '../../src/trace/index.ts';
import { soak } from './soak.ts';

/** Checks a trace in a process of its own, whose memory a test can bound: so many tasks, and so many callbacks. */
const [tasks = '1', callbacks = '0'] = process.argv.slice(2);
const report = checkTrace(soak({ tasks: Number(tasks), callbacks: Number(callbacks) }));
process.stdout.write(JSON.stringify({ accepted: report.accepted, callbacks: report.callbacks }));
