import { toolSays } from './binutils.ts';

/** What an object defines for others, and what it wants of them. */
interface Symbols {
  readonly defines: ReadonlySet<string>;
  readonly wants: ReadonlySet<string>;
}

/**
 * The objects that belong together: the first, each that defines what one of them wants, and each that wants what one of them
 * defines (a backend that calls the core). Throws if there is no `nm` here.
 */
export function belongTogether(objects: readonly string[], directory: string): string[] {
  const [first, ...others] = objects.map((object) => ({ object, symbols: symbolsOf(object, directory) }));
  const together = [first!];
  for (let grows = true; grows; ) {
    const joins = others.find(
      (other) => !together.includes(other) && together.some((one) => meet(one.symbols, other.symbols)),
    );
    grows = joins !== undefined;
    if (joins !== undefined) together.push(joins);
  }
  return together.map(({ object }) => object);
}

const meet = (a: Symbols, b: Symbols): boolean => gives(a, b) || gives(b, a);
const gives = ({ defines }: Symbols, { wants }: Symbols): boolean => [...wants].some((name) => defines.has(name));

function symbolsOf(object: string, directory: string): Symbols {
  const told = toolSays('nm', ['-g', '-P', object], directory);
  const symbols = told.split('\n').map((line) => line.split(' '));
  const named = (isWanted: boolean): Set<string> =>
    new Set(symbols.flatMap(([name, type]) => (type !== undefined && (type === 'U') === isWanted ? [name!] : [])));
  return { defines: named(false), wants: named(true) };
}
