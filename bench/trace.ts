import { checkTrace } from '../src/trace/index.ts';
import { soak } from '../test/trace/soak.ts';

/** Checks traces of as many callbacks, of which more and more overlap: prints the processor time of each in milliseconds, as JSON. */
const [callbacks = '0', ...tasks] = process.argv.slice(2);
checkTrace(soak({ tasks: 2, callbacks: 1000 }));

const measured = tasks.map((count) => {
  const lines = soak({ tasks: Number(count), callbacks: Number(callbacks) });
  const before = process.cpuUsage();
  const { accepted, orders } = checkTrace(lines);
  const { user, system } = process.cpuUsage(before);
  return { tasks: Number(count), accepted, tried: orders.tried, milliseconds: (user + system) / 1000 };
});
process.stdout.write(JSON.stringify(measured));
