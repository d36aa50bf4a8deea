import { checkTrace, type TraceReport } from '../src/trace/index.ts';
import { soak } from '../test/trace/soak.ts';

/**
 * Checks traces of as many callbacks, of which more and more overlap: prints the processor time of each in milliseconds, and what
 * `JSON.parse` alone takes of its lines, as JSON.
 */
const [callbacks = '0', ...tasks] = process.argv.slice(2);
checkTrace(soak({ tasks: 2, callbacks: 1000 }));

function processorTime(action: () => void): number {
  const before = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const measured = tasks.map((count) => {
  const lines = soak({ tasks: Number(count), callbacks: Number(callbacks) });
  const rows = lines.map((line) => JSON.stringify(line));
  const parsing = processorTime(() => {
    for (const row of rows) JSON.parse(row);
  });
  let report: TraceReport | undefined;
  const milliseconds = processorTime(() => {
    report = checkTrace(lines);
  });
  return { tasks: Number(count), accepted: report!.accepted, tried: report!.orders.tried, milliseconds, parsing };
});
process.stdout.write(JSON.stringify(measured));
