/**
 * Milliseconds of the processor that this process takes while `work` goes on. What else a machine does at the time changes little in
 * them: so a test can tell work that grows with the square of its input from work that does not.
 */
export async function processorTime(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
