import { DRIVERS, type DriverName } from '../../machines/drivers.ts';
import { sameModel } from '../../models/same-model.ts';
import { serve } from '../engine/check/thread.ts';
import { type AskAnswer, Asker, type AskTask } from './ask.ts';

/** Who asks a driver here: it keeps what it has tabulated from one task to the next. */
const askers = new Map<DriverName, Asker>();

serve<AskTask, AskAnswer>(async ({ driver, asked }) => {
  const asker = askers.get(driver) ?? new Asker(DRIVERS[driver]);
  askers.set(driver, asker);
  const before = asker.searches;
  const here = asked.map(({ scope: { model, environment }, decided }) => ({
    scope: { model: sameModel(model), environment },
    decided,
  }));
  const answers = await asker.ask(here);
  return { answers, searches: asker.searches - before };
});
