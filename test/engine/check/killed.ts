import { DRIVERS } from '../../../machines/drivers.ts';
import { compose, modelOf, propertyOf } from '../../../models/index.ts';
import { check } from '../../../src/engine/check/index.ts';

/** A search on disk that kills its own process in the middle of a level, once it has found so many states. */
const [directory = '', most = ''] = process.argv.slice(-2);
const { scope, properties } = modelOf('foreign-owner-two-threads');
void check(compose(scope, '4.16', DRIVERS['as-posted']), properties.map(propertyOf), {
  disk: { directory, together: 64, checkpointEvery: 0 },
  onProgress: ({ states }) => {
    if (states > Number(most)) process.kill(process.pid, 'SIGKILL');
  },
});
