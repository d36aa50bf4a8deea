import type { Report } from './report.ts';

/** The lines of some texts, each text cut once. */
export function linesIn(textAt: NonNullable<Report['textAt']>): NonNullable<Report['lineAt']> {
  const texts = new Map<string | undefined, readonly string[]>();
  return (file, line) => {
    if (!texts.has(file)) texts.set(file, textAt(file)?.split('\n') ?? []);
    return texts.get(file)![line - 1];
  };
}
