import { append, enabled, initialState, type State } from '../../engine/compose/index.ts';
import type { Fact } from '../../facts/index.ts';
import { sameFact } from './same-fact.ts';
import type { World } from './world.ts';

/** The letters of base64url: they need no escape in an address. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** A log with more facts than this is no link. */
export const LONGEST = 2000;

/** The text is no log of these machines. */
export class BrokenLink extends Error {}

/** Writes a log as its choices, one at a time, so that a longer log is written from a shorter one. */
export class ChoiceWriter {
  #length = 0;
  #letters = '';
  #check = CHECK_START;

  constructor(readonly world: World) {}

  /** Adds the fact that happens in a state. */
  add(state: State, fact: Fact): void {
    const { system, bare } = this.world;
    const open = [...enabled(system, state, bare)];
    this.#letters += lettersOf(
      open.findIndex((one) => sameFact(one, fact)),
      open.length,
    );
    this.#check = checked(this.#check, fact);
    this.#length++;
  }

  /** `LENGTH.CHOICES.CHECK`: only where more than one fact can happen, a letter says which one does. */
  get text(): string {
    return `${this.#length}.${this.#letters}.${checkText(this.#check)}`;
  }

  copy(): ChoiceWriter {
    const copy = new ChoiceWriter(this.world);
    copy.#length = this.#length;
    copy.#letters = this.#letters;
    copy.#check = this.#check;
    return copy;
  }
}

/** A log as text for an address: see {@link ChoiceWriter.text}. */
export function writeChoices(world: World, log: readonly Fact[]): string {
  const writer = new ChoiceWriter(world);
  let state = initialState(world.system);
  for (const fact of log) {
    writer.add(state, fact);
    state = append(world.system, state, fact) as State;
  }
  return writer.text;
}

/** Reads what {@link writeChoices} wrote. Throws {@link BrokenLink} if it is no log, or one of other machines. */
export function readChoices({ system, bare }: World, text: string): Fact[] {
  const [, count, letters, check] = /^(\d{1,7})\.([\w-]*)\.([\w-]+)$/.exec(text) ?? [];
  if (count === undefined || letters === undefined) throw new BrokenLink(`${text.slice(0, 40)} is no log`);
  const log: Fact[] = [];
  let state = initialState(system);
  let sum = CHECK_START;
  let at = 0;
  while (log.length < Number(count)) {
    const open = [...enabled(system, state, bare)];
    const width = widthOf(open.length);
    const choice = numberOf(letters.slice(at, at + width));
    at += width;
    const fact = open[choice];
    if (fact === undefined)
      throw new BrokenLink(
        `the link is cut short, or other machines made it: it can be followed for ${log.length} facts`,
      );
    log.push(fact);
    sum = checked(sum, fact);
    state = append(system, state, fact) as State;
  }
  if (at !== letters.length || checkText(sum) !== check)
    throw new BrokenLink('the link was made by other machines, and would be another log here');
  return log;
}

/** How many letters a choice among so many takes; none if there is no choice. */
const widthOf = (many: number): number => (many <= 1 ? 0 : many <= 64 ? 1 : 2);

function lettersOf(choice: number, among: number): string {
  const width = widthOf(among);
  if (width === 0) return '';
  return (width === 1 ? '' : LETTERS[choice >> 6]!) + LETTERS[choice & 63]!;
}

const numberOf = (letters: string): number =>
  [...letters].reduce((number, letter) => number * 64 + LETTERS.indexOf(letter), 0);

const CHECK_START = 0x811c9dc5;

/** FNV-1a over what the facts say: a link that means another log today is found out. */
function checked(sum: number, fact: Fact): number {
  for (const character of JSON.stringify(Object.entries(fact).sort()))
    sum = Math.imul(sum ^ character.codePointAt(0)!, 0x01000193);
  return sum;
}

const checkText = (sum: number): string => [18, 12, 6, 0].map((shift) => LETTERS[(sum >>> shift) & 63]!).join('');
