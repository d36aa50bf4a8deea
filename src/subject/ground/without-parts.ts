import type { Present } from '../../engine/check/index.ts';

/** What a search finds of the parts of a system whose states are the C's own: none. */
export abstract class WithoutParts {
  countOf(): number {
    return 0;
  }

  partOf(): undefined {
    return undefined;
  }

  local(): never {
    throw new RangeError('the C of any driver has no parts');
  }

  present(): Present {
    throw new RangeError('the C of any driver has no parts');
  }
}
