import type { Model } from '../../../models/index.ts';
import type { Subject } from '../../replay/subject.ts';

/** Under what name the digest of a subject's machines is kept. */
export const digestKey = ({ model, environment, driver, wordBits = 0 }: Subject): string =>
  [model, environment, driver, wordBits].join(' ');

/** All that can be explored of a driver and has a digest: each model where it is asked, in its own width and in that of hardware. */
export const subjectsOf = (driver: string, models: readonly Model[]): Subject[] =>
  models.flatMap(({ name: model, environments }) =>
    environments.flatMap((environment) =>
      [{}, { wordBits: 64 }].map((width) => ({ model, environment, driver, ...width })),
    ),
  );
