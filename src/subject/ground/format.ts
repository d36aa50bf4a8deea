/** Where the bits of a value go: `config1:0-7,32`. */
export interface Field {
  readonly word: 'config' | 'config1' | 'config2';
  readonly bits: readonly number[];
}

/** The words of an event's attributes that say what it counts. */
export interface Words {
  readonly config: bigint;
  readonly config1: bigint;
  readonly config2: bigint;
}

/** Reads a value of `format/` in sysfs; undefined for a word that is none of these. */
export function readField(text: string): Field | undefined {
  const [, word, ranges] = /^(config[12]?)(?::([\d,-]+))?$/.exec(text.trim()) ?? [];
  if (word === undefined) return undefined;
  const bits = (ranges ?? '0-63').split(',').flatMap((range) => {
    const [from, to = from] = range.split('-').map(Number);
    return Array.from({ length: to! - from! + 1 }, (_, at) => from! + at);
  });
  return { word: word as Field['word'], bits };
}

/** The words of an event of `events/` in sysfs (`event=0x2a,mask=3`). Undefined if it speaks of what `format/` does not. */
export function readEvent(text: string, format: ReadonlyMap<string, Field>): Words | undefined {
  const words = { config: 0n, config1: 0n, config2: 0n };
  for (const term of text.trim().split(',')) {
    const [name, given = '1'] = term.split('=');
    const field = format.get(name!) ?? (/^config[12]?$/.test(name!) ? readField(name!) : undefined);
    if (field === undefined || !/^(0x[\da-f]+|\d+)$/i.test(given)) {
      // `chan=?`: the user is to say.
      if (field === undefined || given !== '?') return undefined;
      continue;
    }
    const value = BigInt(given);
    for (const [at, bit] of field.bits.entries())
      if ((value >> BigInt(at)) & 1n) words[field.word] |= 1n << BigInt(bit);
  }
  return words;
}
