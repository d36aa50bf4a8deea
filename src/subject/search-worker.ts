import { DRIVERS } from '../../machines/drivers.ts';
import { propertyOf } from '../../models/index.ts';
import { sameModel } from '../../models/same-model.ts';
import { serve } from '../engine/check/thread.ts';
import { SourceAudit, type SourceOptions, type SourceOutcome } from './audit.ts';
import type { Build } from './build.ts';
import { NoSubject } from './compiler.ts';
import { conform } from './conform.ts';
import type { SearchAnswer, SearchTask } from './search-thread.ts';
import { testMutant } from './self-test.ts';

/** The driver that was searched last: runs of it are shared between its searches. */
let audit: SourceAudit | undefined;
const searches = new Map<SourceOutcome, number>();

function auditOf({ build, everyAccess }: { readonly build: Build; readonly everyAccess: boolean }): SourceAudit {
  if (audit?.build.object === build.object && audit.everyAccess === everyAccess) return audit;
  audit?.close();
  audit = new SourceAudit(build, everyAccess);
  return audit;
}

async function answer(task: SearchTask, options: SourceOptions): Promise<SearchAnswer> {
  switch (task.kind) {
    case 'decide': {
      const properties = task.properties.map(propertyOf);
      const { model, environment } = task;
      const outcome = await auditOf(task).decide(sameModel(model), environment, properties, options);
      const search = searches.get(outcome) ?? searches.size;
      searches.set(outcome, search);
      return { outcome, search };
    }
    case 'compare': {
      const { model, environment, driver } = task;
      return { compared: await conform(auditOf(task), sameModel(model), environment, DRIVERS[driver], options) };
    }
    case 'test': {
      const { source, mutant, driver, models } = task;
      const { signal } = options;
      const settings = { ...task.options, ...(signal && { signal }) };
      return { tested: await testMutant(source, mutant, DRIVERS[driver], models.map(sameModel), settings) };
    }
  }
}

/** Milliseconds between two words of how far a search is. */
const OFTEN = 100;

serve<SearchTask, SearchAnswer, number>(async (task, signal, tell) => {
  let told = performance.now();
  const onProgress = (states: number): void => {
    if (performance.now() - told < OFTEN) return;
    told = performance.now();
    tell(states);
  };
  try {
    return await answer(task, { signal, onProgress, ...('limits' in task && { limits: task.limits }) });
  } catch (error) {
    if (error instanceof NoSubject) return { noSubject: error.message };
    throw error;
  }
});
