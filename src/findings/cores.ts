/** Versions of Linux: `4.16, 5.10 and today`. */
export const coresText = (cores: readonly string[]): string =>
  cores
    .map((core) => (core === 'current' ? 'today' : core))
    .join(', ')
    .replace(/, ([^,]*)$/, ' and $1');
