/** What keeps the process of a stranger's C to itself, by the names under which the harness tells it. */
const MEANS = {
  seccomp: 'a filter of its system calls (seccomp)',
  landlock: 'a bound of the files that it may open (landlock)',
  namespaces: 'namespaces of its own',
} as const;

let isSaid = false;

/** What the harness, by its first line, could not have here, as it is told to a person. */
export const unconfined = (hello: string): string[] =>
  Object.entries(MEANS).flatMap(([name, means]) => (hello.includes(` ${name} 0`) ? [means] : []));

/** Says once, on standard error, that the C is run without some of what confines it. */
export function sayUnconfined(hello: string): void {
  const missing = unconfined(hello);
  if (missing.length === 0 || isSaid) return;
  isSaid = true;
  process.stderr.write(`hartproof: the C is run without ${missing.join(', ')}: this system has none\n`);
}
