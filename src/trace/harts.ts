import type { Snapshot, TraceLine } from './line.ts';

/** Up to so many harts are there also where nothing ran on some of them: they keep the numbers of their CPUs. */
const FEW = 64;

/** The lines of a trace by hart. */
export interface OnHarts {
  readonly lines: readonly TraceLine[];
  /** The CPU that each hart is, where that is another number. */
  readonly cpus?: readonly number[];
}

/** Numbers the CPUs that occur from 0 on, where their own numbers would make many harts on which nothing ran. */
export function onHarts(lines: readonly TraceLine[]): OnHarts {
  const occur = new Set<number>();
  for (const { cpu } of lines) occur.add(cpu);
  const cpus = [...occur].sort((one, other) => one - other);
  const last = cpus.at(-1) ?? 0;
  if (last < FEW || last < cpus.length) return { lines };
  const harts = new Map(cpus.map((cpu, hart) => [cpu, hart]));
  // What is on a CPU that does not occur is on none of the harts.
  const hartOf = (cpu: number): number => (cpu < 0 ? cpu : (harts.get(cpu) ?? cpus.length + cpu));
  const moved = ({ oncpu, ...seen }: Partial<Snapshot>): Partial<Snapshot> =>
    oncpu === undefined ? seen : { ...seen, oncpu: hartOf(oncpu) };
  return {
    cpus,
    lines: lines.map((line) => {
      const cpu = hartOf(line.cpu);
      return line.cb === 'mark'
        ? { ...line, cpu }
        : { ...line, cpu, before: moved(line.before), after: moved(line.after) };
    }),
  };
}

/** Which CPU each hart is: `The CPUs are numbered as harts: hart 1 is CPU 8191.` Empty where they have one number. */
export const hartsText = (cpus: readonly number[] = []): string[] =>
  cpus.length === 0
    ? []
    : [`The CPUs are numbered as harts: ${cpus.map((cpu, hart) => `hart ${hart} is CPU ${cpu}`).join(', ')}.`];
