/** A row of the table: what one driver did in the kernel beside what the model says of it. */
export interface Row {
  readonly driver: string;
  readonly what: string;
  readonly model: string;
  readonly kernel: string;
  readonly same: boolean;
}

/** The rows as a table in Markdown. */
export const tableOf = (rows: readonly Row[]): string =>
  [
    '| driver | what | the model | the kernel | |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(
      ({ driver, what, model, kernel, same }) =>
        `| ${driver} | ${what} | ${model} | ${kernel.replaceAll('|', '\\|')} | ${same ? '' : 'differs'} |`,
    ),
  ].join('\n');
