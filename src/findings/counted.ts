/** `1 fact`, `2 facts`, `1,000 searches`. */
export const counted = (number: number, what: string): string =>
  `${number.toLocaleString('en')} ${what}${number === 1 ? '' : what.endsWith('ch') ? 'es' : 's'}`;
