import { DRIVERS } from '../../machines/drivers.ts';
import { sameModel } from '../../models/same-model.ts';
import { serve } from '../engine/check/thread.ts';
import { type AskAnswer, Asker, type AskTask } from './ask.ts';

serve<AskTask, AskAnswer>(async ({ kind, driver, decided, scopes }) => {
  const asker = new Asker(DRIVERS[driver]);
  const asked = scopes.map(({ model, environment }) => ({ model: sameModel(model), environment }));
  const answers = kind === 'answers' ? await asker.ask(asked, decided) : [];
  const broken = kind === 'broken' ? await asker.brokenBy(asked, decided) : [];
  return { answers, broken, searches: asker.searches };
});
