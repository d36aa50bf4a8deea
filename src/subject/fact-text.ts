import type { Fact } from '../facts/index.ts';

const texts = new WeakMap<Fact, string>();

/** A fact as JSON. A search meets few facts, and each many times: each is written once. */
export function factText(fact: Fact): string {
  let text = texts.get(fact);
  if (text === undefined) {
    text = JSON.stringify(fact);
    texts.set(fact, text);
  }
  return text;
}
