import { propertyOf } from '../../models/index.ts';
import { sameModel } from '../../models/same-model.ts';
import { serve } from '../engine/check/thread.ts';
import { SourceAudit, type SourceOutcome } from './audit.ts';
import { NoSubject } from './compiler.ts';
import type { SearchAnswer, SearchTask } from './search-thread.ts';

/** The driver that was searched last: runs of it are shared between its searches. */
let audit: SourceAudit | undefined;
const searches = new Map<SourceOutcome, number>();

function auditOf({ build, everyAccess }: SearchTask): SourceAudit {
  if (audit?.build.object === build.object && audit.everyAccess === everyAccess) return audit;
  audit?.close();
  audit = new SourceAudit(build, everyAccess);
  return audit;
}

/** Milliseconds between two words of how far a search is. */
const OFTEN = 100;

serve<SearchTask, SearchAnswer, number>(async (task, signal, tell) => {
  const { model, environment, properties, limits } = task;
  let told = performance.now();
  const onProgress = (states: number): void => {
    if (performance.now() - told < OFTEN) return;
    told = performance.now();
    tell(states);
  };
  const options = { limits, signal, onProgress };
  try {
    const outcome = await auditOf(task).decide(sameModel(model), environment, properties.map(propertyOf), options);
    const search = searches.get(outcome) ?? searches.size;
    searches.set(outcome, search);
    return { outcome, search };
  } catch (error) {
    if (error instanceof NoSubject) return { noSubject: error.message };
    throw error;
  }
});
