import { relative } from 'node:path';
import { framesAt } from '../frames.ts';
import { addressOf, type Place } from '../places.ts';
import type { GroundBuild } from './build.ts';

/** Places in the driver's text, by the offset in its object; each looked up once. */
export class GroundPlaces {
  readonly #known = new Map<string, Place | undefined>();

  constructor(readonly build: GroundBuild) {}

  /** The place of an offset (hexadecimal): an entry itself, or where a call comes back to. Undefined if no tool here can tell. */
  of(offset: string, isEntry: boolean): Place | undefined {
    const key = `${offset} ${isEntry}`;
    if (!this.#known.has(key)) this.#known.set(key, this.#look(offset, isEntry));
    return this.#known.get(key);
  }

  /** A line that the compiler itself has told, in the function that calls from an offset. */
  line({ file, line }: { readonly file: string; readonly line: number }, at = '0'): Place {
    return {
      file: this.build.files.find((one) => one.endsWith(`/${file}`)) ?? file,
      line,
      function: this.of(at, false)?.function ?? '',
    };
  }

  #look(offset: string, isEntry: boolean): Place | undefined {
    // What a header does in line is told with the driver's line that called it.
    for (const frame of framesAt(this.build.driver, addressOf(offset, isEntry))) {
      const [, path, line] = /^(.*):(\d+)/.exec(frame.at) ?? [];
      if (path === undefined) continue;
      const file = relative(this.build.tree.root, path);
      const own = this.build.files.find((one) => one === file || one === path);
      if (own !== undefined) return { file: own, line: Number(line), function: frame.function };
    }
    return undefined;
  }
}
