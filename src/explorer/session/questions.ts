import { ERRNO, type Errno, WIRING } from '../../facts/index.ts';
import { observeOne, ownerOf } from '../../findings/observe.ts';
import { readQuestion } from '../../reach/reach.ts';
import { initialPresents, namesOfStates } from '../../reach/states.ts';
import type { World } from './world.ts';

/** So many are offered at once. */
const OFFERED = 8;

/** Errors that a driver answers, the ones that people look for first. */
const ANSWERS: readonly string[] = [
  ...(['EBUSY', 'ENOSPC'] as const satisfies readonly Errno[]),
  ...Object.keys(ERRNO).filter((name) => name !== 'EBUSY' && name !== 'ENOSPC'),
  '0',
];

const known = new WeakMap<World, readonly string[]>();

/** Everything that can be asked of a world in a few words, the likeliest first. */
function phrasesOf(world: World): readonly string[] {
  const phrases = known.get(world) ?? [...makePhrases(world)];
  known.set(world, phrases);
  return phrases;
}

function* makePhrases({ system, bare }: World): Generator<string> {
  const happening = new Set(bare.map(({ type }) => type));
  for (const callback of ['event_init', 'add'])
    if (happening.has(`${callback}.return` as never))
      for (const answer of ANSWERS) yield `${callback} returns ${answer}`;
  yield 'warn';
  const presents = initialPresents(system);
  for (const [number, part] of system.parts.entries()) {
    const owner = ownerOf(part);
    for (const [name, value] of observeOne(part, presents[number]!)) {
      const quoted = / (?:and|or|not|then|never|in) /.test(` ${name} `) ? `"${name}"` : name;
      const isPlain = /^[\w|.-]+$/.test(value);
      yield `${owner === '' ? '' : `${owner} `}${quoted} != ${isPlain ? value : `"${value}"`}`;
    }
    if (part.role === 'lifecycle')
      for (const state of namesOfStates(part.machine))
        if (!state.includes('.')) yield `${owner} is ${state.includes(' ') ? `"${state}"` : state}`;
  }
  for (const type of Object.keys(WIRING)) {
    if (!happening.has(type as never) || type === 'warn') continue;
    if (type.endsWith('.call')) yield `${type.replace('.call', '')} is called`;
    else if (!type.endsWith('.return')) yield type;
    else if (!/^(event_init|add)\./.test(type)) yield `${type.replace('.return', '')} returns`;
  }
}

/** Questions that what was typed may be meant to become: its last step, made whole. */
export function suggestionsFor(world: World, typed: string): string[] {
  const [before = '', last = typed] = /^(.*\b(?:and|or|not|then|never)\s+|.*\()?(.*)$/.exec(typed)?.slice(1) ?? [];
  const words = last.toLowerCase().split(/\s+/).filter(Boolean);
  const begins = (phrase: string): boolean => phrase.toLowerCase().startsWith(words.join(' '));
  return phrasesOf(world)
    .filter((phrase) => words.every((word) => phrase.toLowerCase().includes(word)))
    .toSorted((one, other) => Number(begins(other)) - Number(begins(one)))
    .slice(0, OFFERED)
    .map((phrase) => `${before}${phrase}`);
}

/** Whether a text is a question as it stands; else why not. */
export function problemOf(text: string): string | undefined {
  try {
    readQuestion(text);
    return undefined;
  } catch (error) {
    return (error as Error).message.split('\n')[0];
  }
}
