/** `1 fact`, `2 facts`, `1,000 searches`, `3 properties`. */
export const counted = (number: number, what: string): string =>
  `${number.toLocaleString('en')} ${number === 1 ? what : plural(what)}`;

const plural = (what: string): string => {
  if (/[^aeiou]y$/.test(what)) return `${what.slice(0, -1)}ies`;
  return `${what}${what.endsWith('ch') ? 'es' : 's'}`;
};
