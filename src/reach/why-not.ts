import type { Met } from './bind.ts';
import type { Search } from './in-models.ts';

/** Why nothing answers a question, as far as its parts tell: what never happens, and the values that something has instead. */
export function whyNot(searches: readonly Pick<Search, 'answer'>[]): string[] {
  const all = new Map<string, Met>();
  for (const { answer } of searches)
    for (const met of answer.kind === 'unreachable' ? answer.met : []) {
      const key = JSON.stringify([met.step, met.kind, met.name]);
      const known = all.get(key);
      all.set(key, { ...met, values: new Set([...(known?.values ?? []), ...met.values]) });
    }
  return [...all.values()].flatMap(({ name, kind, step, values }) => {
    const before = step === 1 ? '' : `When step ${step} is awaited, `;
    if (kind === 'fact') return values.size === 0 ? [`${before}${name} never happens.`] : [];
    const were = [...values].join(', ');
    return values.size === 0
      ? []
      : [`${before === '' ? 'Where' : `${before}and where`} it was looked at, ${name} was ${were}.`];
  });
}
